"""Views of terms of reference: their versions, and changes of what was accepted."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.amendments import comparison, operations, queries, rules
from webapp.amendments.forms import AmendmentForm, sent_in
from webapp.amendments.models import Amendment
from webapp.amendments.workflow import WORKFLOW
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.forms.step_forms import NOTHING_REFUSED, Refused, make_offers, take_sent
from webapp.core.limits import Limit, limited
from webapp.core.origins import SAFE_METHODS
from webapp.core.transactions import roll_back
from webapp.core.words.translation import gettext
from webapp.expertise_requests import obstacles
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.forms import data_of
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.operations import IncompleteError
from webapp.expertise_requests.saying import list_said
from webapp.themes import queries as themes

bp = Blueprint("amendments", __name__, url_prefix="/requests", template_folder="templates")
# Each is told to the other side; nobody proposes as many in earnest.
PROPOSING = Limit("changes of terms of reference", "30/day")


@bp.get("/<int:request_id>/terms")
@requires(Permission.REQUEST_READ)
def versions(request_id: int) -> str:
    """List the versions of the terms of reference of a request, and what was proposed."""
    expertise_request = requests.get_readable(db.session, actor(), request_id)
    return render_template(
        "amendments/versions.html",
        expertise_request=expertise_request,
        amendments=queries.list_of_request(db.session, request_id),
        can_propose=_can_propose(expertise_request),
        obstacle=_find_obstacle(expertise_request),
    )


def _find_obstacle(expertise_request: ExpertiseRequest) -> str | None:
    """Return why nothing of the terms of reference can change now, or not by this person."""
    if why := obstacles.why_colleagues(db.session, actor(), expertise_request):
        return str(why)
    try:
        operations.refuse_what_stays(db.session, expertise_request)
    except ConflictError as error:
        return str(error)
    return None


def _can_propose(expertise_request: ExpertiseRequest) -> bool:
    return (
        rules.side_of(actor(), expertise_request) is not None
        and _find_obstacle(expertise_request) is None
        and queries.find_open(db.session, expertise_request.id) is None
    )


@bp.get("/<int:request_id>/terms/<int:number>")
@requires(Permission.REQUEST_READ)
def version(request_id: int, number: int) -> str:
    """Show one version of the terms of reference, beside the one before it."""
    expertise_request = requests.get_readable(db.session, actor(), request_id)
    terms = queries.get_version(expertise_request, number)
    earlier = queries.get_version(expertise_request, number - 1) if number > 1 else None
    return render_template(
        "amendments/version.html",
        expertise_request=expertise_request,
        terms=terms,
        said=list_said(db.session, comparison.content_of(terms)),
        changes=comparison.changes_between(db.session, earlier, terms) if earlier else [],
    )


@bp.route("/<int:request_id>/amend", methods=["GET", "POST"])
@requires(Permission.REQUEST_READ)
@limited(PROPOSING)
def amend(request_id: int) -> Response:
    """Ask what is to change, and propose it to the other side."""
    expertise_request = requests.get_readable(db.session, actor(), request_id)
    operations.check_side(actor(), expertise_request)
    if request.method in SAFE_METHODS and not _can_propose(expertise_request):
        return redirect(url_for("amendments.versions", request_id=request_id))
    form = _form(expertise_request)
    if not form.validate_on_submit():
        return _form_page(expertise_request, form)
    content = form.content(get_content(expertise_request))
    seen = form.version.data
    try:
        made = operations.propose(
            unit_of_work(), expertise_request, content, form.grounds, seen_version=seen
        )
    except ConflictError as error:
        roll_back()
        return _conflict_page(expertise_request, form, str(error))
    except IncompleteError as error:
        form.show_messages({name: said for name, said in error.fields.items() if name in form})
        return _form_page(expertise_request, form)
    flash(gettext("The change is proposed, and the other side is told."))
    return redirect(url_for("amendments.show", request_id=request_id, amendment_id=made.id))


def _form(expertise_request: ExpertiseRequest) -> AmendmentForm:
    stored = get_content(expertise_request)
    changeable = rules.CHANGEABLE.get(expertise_request.state, rules.EVERYTHING)
    if not sent_in(request.form) <= changeable:
        # The page was opened when more could change: what was typed in it is refused in words, and
        # stays. It had all fields, and of some nothing is sent when they are empty.
        changeable = rules.EVERYTHING
    shown = {**data_of(stored), "version": expertise_request.tor_version}
    form = AmendmentForm(changeable, data=shown)
    form.prepare(themes.list_choices(db.session, stored.themes), stored)
    return form


def _form_page(expertise_request: ExpertiseRequest, form: AmendmentForm, **told: Any) -> Response:
    return render_form("amendments/amend.html", form, expertise_request=expertise_request, **told)


def _conflict_page(
    expertise_request: ExpertiseRequest, form: AmendmentForm, problem: str
) -> Response:
    """Show what was agreed since the page was opened; what is sent next is in view of it."""
    changes = comparison.changes_since(db.session, expertise_request, form.version.data)
    form.version.data = expertise_request.tor_version
    return _form_page(expertise_request, form, problem=problem, changes=changes)


@bp.get("/<int:request_id>/amendments/<int:amendment_id>")
@requires(Permission.REQUEST_READ)
def show(request_id: int, amendment_id: int) -> Response:
    """Show what a change changes, and what can be done with it."""
    expertise_request = requests.get_readable(db.session, actor(), request_id)
    return _page(queries.get(db.session, expertise_request, amendment_id))


@bp.post("/<int:request_id>/amendments/<int:amendment_id>/<step>")
@requires(Permission.REQUEST_READ)
def take_step(request_id: int, amendment_id: int, step: str) -> Response:
    """Answer a change, or take it back."""
    expertise_request = requests.get_readable(db.session, actor(), request_id)
    amendment = queries.get(db.session, expertise_request, amendment_id)
    name = WORKFLOW.find(step) or abort(404)
    take = partial(operations.take, unit_of_work(), amendment, name)
    said = {"reference": expertise_request.reference}
    if refused := take_sent(WORKFLOW, name, amendment.state, take, said=said):
        return _page(amendment, refused)
    return redirect(url_for("amendments.show", request_id=request_id, amendment_id=amendment_id))


def _page(amendment: Amendment, refused: Refused = NOTHING_REFUSED) -> Response:
    not_ours = obstacles.why_colleagues(db.session, actor(), amendment.request)
    names = [] if not_ours else rules.possible_steps(amendment, actor())
    return render_form(
        "amendments/show.html",
        refused.form or ActionForm(),
        amendment=amendment,
        expertise_request=amendment.request,
        changes=comparison.changes_of(db.session, amendment),
        not_ours=not_ours,
        offers=make_offers(WORKFLOW, names, amendment.state, refused=refused),
        problem=refused.problem,
        typed=refused.typed,
    )
