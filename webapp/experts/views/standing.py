"""What coordinators do about a place on the roster: approvals, questions, contact, consent."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import PageForm, render_form
from webapp.core.forms.step_forms import Refused, take_sent
from webapp.core.limits import limited
from webapp.core.record.disclosure import SINGLE, name_shown, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import Message, _, gettext
from webapp.experts import approvals, joining, queries, questions, standing_queries
from webapp.experts.models import Expert
from webapp.experts.standing_forms import AddForm
from webapp.experts.standing_tables import ProfileQuestion
from webapp.experts.standing_workflow import (
    APPROVAL_WORKFLOW,
    QUESTION_WORKFLOW,
    ApprovalStep,
    QuestionStep,
)
from webapp.experts.views import bp, roster
from webapp.experts.views.standing_parts import NOMINATIONS, StandingForms, forms_of, prefix_of
from webapp.organisations import queries as organisations

DONE_CONTACT = _("Saved.")


def _do(
    expert: Expert, forms: StandingForms, form: PageForm, act: Callable[[], object], done: Message
) -> Response:
    """Do what was sent by `form`, or show the page with what stands against it."""
    if not form.validate_on_submit():
        return roster.show_page(expert, Refused(form=form), forms)
    try:
        act()
    except ConflictError as error:
        roll_back()
        return roster.show_page(expert, Refused(problem=str(error)), forms)
    flash(str(done % {"name": name_shown(expert)}))
    return redirect(url_for("experts.show", expert_id=expert.id))


@bp.post("/roster/<int:expert_id>/approvals")
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def record_approval(expert_id: int) -> Response:
    """Record an approval that came by letter."""
    expert = queries.get(db.session, expert_id)
    forms = forms_of(expert)

    def act() -> None:
        approvals.grant(unit_of_work(), expert, ApprovalStep.RECORD, forms.approval.content())

    return _do(expert, forms, forms.approval, act, _("The approval of %(name)s is recorded."))


@bp.post("/roster/<int:expert_id>/approvals/<int:number>/record-the-withdrawal")
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def record_withdrawal(expert_id: int, number: int) -> Response:
    """Record that an approval is withdrawn."""
    expert = queries.get(db.session, expert_id)
    row = standing_queries.get_approval(db.session, expert, number)
    name = ApprovalStep.RECORD_WITHDRAWAL

    def take(why: Any) -> None:
        approvals.withdraw(unit_of_work(), row, name, why)

    said = {"name": name_shown(expert)}
    if refused := take_sent(
        APPROVAL_WORKFLOW, name, row.state, take, said=said, prefix=prefix_of(row)
    ):
        return roster.show_page(expert, refused)
    return redirect(url_for("experts.show", expert_id=expert.id))


@bp.post("/roster/<int:expert_id>/contact")
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def save_contact(expert_id: int) -> Response:
    """Say whose official the expert is, and how they are reached."""
    expert = queries.get(db.session, expert_id)
    forms = forms_of(expert)
    form = forms.contact

    def act() -> None:
        number = form.authority.data
        joining.set_standing(
            unit_of_work(),
            expert,
            organisations.get(db.session, int(number)) if number else None,
            form.contact_email.data or "",
            form.telephone.data or "",
            seen_version=form.version.data,
        )

    return _do(expert, forms, form, act, DONE_CONTACT)


@bp.post("/roster/<int:expert_id>/consent")
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def note_consent(expert_id: int) -> Response:
    """Note how an expert without an account has agreed to be on the roster."""
    expert = queries.get(db.session, expert_id)
    forms = forms_of(expert)

    def act() -> None:
        joining.note_consent(unit_of_work(), expert, forms.consent.grounds)

    return _do(expert, forms, forms.consent, act, _("Noted: %(name)s agrees to be on the roster."))


@bp.post("/roster/<int:expert_id>/questions")
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def ask(expert_id: int) -> Response:
    """Ask for more in one section of the profile."""
    expert = queries.get(db.session, expert_id)
    forms = forms_of(expert)
    form = forms.question

    def act() -> None:
        questions.ask(unit_of_work(), expert, form.section.data, form.comment.data)

    return _do(expert, forms, form, act, _("%(name)s is asked for it."))


@bp.post("/roster/<int:expert_id>/questions/<int:number>/drop")
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def drop_question(expert_id: int, number: int) -> Response:
    """Ask for something no more."""
    return take_question(
        expert_id, number, QuestionStep.DROP, lambda _: url_for("experts.show", expert_id=expert_id)
    )


def take_question(
    expert_id: int, number: int, name: QuestionStep, next_page: Callable[[ProfileQuestion], str]
) -> Response:
    """Take a step with a question of SEESAC, and go to a page, or show the profile with what stands
    against it."""
    expert = queries.get(db.session, expert_id)
    row = standing_queries.get_question(db.session, expert, number)

    def take(_why: Any) -> None:
        questions.take(unit_of_work(), row, name)

    said = {"name": name_shown(expert)}
    if refused := take_sent(QUESTION_WORKFLOW, name, row.state, take, said=said):
        return roster.show_page(expert, refused)
    return redirect(next_page(row))


@bp.route("/experts/add", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
@limited(NOMINATIONS)
def add() -> Response:
    """Add somebody to the roster; the profile is vetted as any other."""
    form = AddForm()
    form.authority.offer(organisations.list_authorities(db.session))
    if not form.validate_on_submit():
        return render_form("experts/add.html", form)
    authority = int(form.authority.data) if form.authority.data else None
    try:
        expert = joining.add(unit_of_work(), form.content(), authority)
    except ConflictError as error:
        roll_back()
        return render_form("experts/add.html", form, problem=str(error))
    flash(gettext("%(name)s stands on the roster as nominated.", name=name_shown(expert)))
    return redirect(url_for("experts.show", expert_id=expert.id))
