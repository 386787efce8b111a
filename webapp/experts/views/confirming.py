"""Asking somebody who was there to confirm a piece of evidence, and the page of their link."""

from http import HTTPStatus

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, stranger_s_work, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit, limited
from webapp.core.record.disclosure import SINGLE, note, shows
from webapp.core.transactions import begin_anew, roll_back
from webapp.core.words.translation import _, gettext
from webapp.experts import confirmations, queries, rules
from webapp.experts.contents import Confirmer
from webapp.experts.forms import AnswerForm, ConfirmationForm
from webapp.experts.models import Evidence, EvidenceConfirmation, Expert
from webapp.experts.views import bp
from webapp.experts.views.sections import refuse_unseen_entry

# Mails to strangers: a profile of forty entries can be asked about in a few days.
ASKING = Limit("confirmations asked for", "80/day")


REMOVED = _(
    "This entry was removed in another window meanwhile, so nobody is asked about it. What you"
    " typed is below."
)


def _find_evidence(expert: Expert, number: int) -> Evidence | None:
    return next((row for row in expert.evidence if row.id == number), None)


@bp.route("/profile/evidence/<int:number>/confirmation", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
@limited(ASKING)
def ask_to_confirm(number: int) -> Response:
    """Name somebody who was there, who is asked by mail whether an entry is true."""
    expert = queries.get_own(db.session, actor())
    if request.method == "GET" and expert.state in rules.GONE:
        return redirect(url_for("experts.profile"))
    row = _find_evidence(expert, number)
    form = ConfirmationForm(obj=row and row.confirmation, version=expert.version)
    if row is None:
        refuse_unseen_entry(form)
        return render_form(
            "experts/ask_to_confirm.html", form, problem=REMOVED, expert=expert, row=None
        )
    if not form.validate_on_submit():
        return render_form("experts/ask_to_confirm.html", form, expert=expert, row=row)
    confirmer = Confirmer(form.name.data, form.organisation.data, form.email.data)
    try:
        confirmations.ask(unit_of_work(), expert, row, confirmer, seen_version=form.version.data)
    except ConflictError as error:
        roll_back()
        form.version.data = expert.version
        return render_form(
            "experts/ask_to_confirm.html", form, problem=str(error), expert=expert, row=row
        )
    flash(gettext("The mail is on its way. You are told when the answer has come."))
    return redirect(url_for("experts.profile", _anchor="evidence"))


def _is_gone() -> Response:
    return make_response(render_template("experts/confirmation_gone.html"), HTTPStatus.GONE)


@bp.route("/confirm-evidence/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
@shows(_("a piece of evidence to confirm"), SINGLE)
def confirm_evidence(token: str) -> Response:
    """Show one entry to somebody who was there; only their answer uses the link up."""
    asked = queries.find_confirmation(db.session, token, clock.now())
    if asked is None:
        return _is_gone()
    if current_user.is_authenticated and rules.is_of(actor(), asked.expert):
        raise ForbiddenError(confirmations.OWN_ENTRY)
    form = AnswerForm()
    answer = request.form.get("answer")
    if answer not in {"yes", "no"} or not form.validate_on_submit():
        return _ask(form, asked)
    begin_anew()
    try:
        confirmations.answer(stranger_s_work(), token, is_true=answer == "yes")
    except ConflictError:
        roll_back()
        return _is_gone()
    return redirect(url_for("experts.evidence_answered"), HTTPStatus.SEE_OTHER)


def _ask(form: AnswerForm, asked: EvidenceConfirmation) -> Response:
    note(db.session, (EvidenceConfirmation.__tablename__, asked.id))
    return render_form(
        "experts/confirm_evidence.html", form, row=asked.evidence, name=asked.expert.name
    )


@bp.get("/confirm-evidence/thank-you")
@requires(Permission.PUBLIC)
def evidence_answered() -> str:
    """Thank somebody for their answer."""
    return render_template("experts/evidence_answered.html")
