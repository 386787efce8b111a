"""One request with its story, and the steps of the workflow that can be taken from its page."""

from collections.abc import Iterable
from dataclasses import replace

from flask import abort, request
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.forms.step_forms import NOTHING_REFUSED, Refused, make_offers, take_sent
from webapp.core.record.disclosure import SINGLE, shows
from webapp.core.words.translation import Message, _
from webapp.expertise_requests import (
    attachments,
    correspondence,
    field_comments,
    obstacles,
    operations,
    queries,
    reading,
    rules,
    timeline,
)
from webapp.expertise_requests.forms import PastDatesForm
from webapp.expertise_requests.handling import can_be_handed
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.operations import IncompleteError, PastDatesError, Seen
from webapp.expertise_requests.views import bp, to_page_of
from webapp.expertise_requests.views.writing import form_page, stored_form
from webapp.expertise_requests.wording import who_is_awaited
from webapp.expertise_requests.workflow import WORKFLOW, RequestStep

STORY = _("the story of a request")


@bp.get("/<int:request_id>")
@requires(Permission.REQUEST_READ)
@shows(STORY, SINGLE)
def show(request_id: int) -> Response:
    """Show a request with its story and what can be done with it now."""
    return _page_of(to_be_read(request_id))


def to_be_read(request_id: int) -> ExpertiseRequest:
    """Return the request for a page that shows its text, and note who begins to read it."""
    found = queries.get_readable(db.session, actor(), request_id)
    reading.note(db.session, actor(), found, clock.now())
    return queries.get_readable(db.session, actor(), request_id)


@bp.get("/<int:request_id>/<step>")
@requires(Permission.REQUEST_READ)
def check(request_id: int, step: str) -> Response:
    """Show what was written, and what will happen, before a step that cannot be taken back.

    One that needs a reason is taken on the page of the request, where reasons are asked for.
    """
    expertise_request = to_be_read(request_id)
    name = WORKFLOW.find(step) or abort(404)
    possible = obstacles.list_possible_steps(db.session, actor(), expertise_request)
    if name not in possible or expertise_request.state in WORKFLOW[name].needs_reason:
        return to_page_of(request_id)
    return _check_page(expertise_request, name, PastDatesForm())


@bp.post("/<int:request_id>/<step>")
@requires(Permission.REQUEST_READ)
@shows(STORY, SINGLE)
def take_step(request_id: int, step: str) -> Response:
    """Take a step with a request, if it is this person's to take."""
    expertise_request = queries.get_readable(db.session, actor(), request_id)
    name = WORKFLOW.find(step) or abort(404)
    sent = name is RequestStep.SUBMIT and expertise_request.state is RequestState.SUBMITTED
    if sent and rules.is_requester(actor(), expertise_request):
        # An impatient second click on "send" has reached what it wanted.
        return to_page_of(request_id)
    seen = Seen(_seen_version(name), bool(PastDatesForm().past_is_meant.data))
    work = unit_of_work()
    try:
        refused = take_sent(
            WORKFLOW,
            name,
            expertise_request.state,
            lambda why: operations.take(work, expertise_request, name, why, seen),
            said={"reference": expertise_request.reference},
        )
    except PastDatesError as error:
        asked = PastDatesForm()
        asked.past_is_meant.errors = [error.fields["start"]]
        return _check_page(expertise_request, name, asked)
    except IncompleteError as error:
        stored = stored_form(expertise_request)
        stored.show_messages(error.fields)
        return form_page(stored, expertise_request)
    if refused:
        return _page_of(expertise_request, refused)
    return to_page_of(request_id)


def _seen_version(name: RequestStep) -> int | None:
    if not WORKFLOW[name].judges_text:
        return None
    return request.form.get("version", -1, type=int)


def _is_past(expertise_request: ExpertiseRequest, name: RequestStep) -> bool:
    """Tell whether a step would send on a request whose days are past."""
    return name in operations.ASKING_ABOUT_PAST_DAYS and rules.is_past(
        expertise_request, clock.today()
    )


def _find_doubts(
    expertise_request: ExpertiseRequest, names: Iterable[RequestStep]
) -> dict[RequestStep, Message]:
    """Return what whoever takes one of these steps is asked about before, by the step."""
    found = {name: obstacles.find_doubt(db.session, expertise_request, name) for name in names}
    return {name: doubt for name, doubt in found.items() if doubt}


def _check_page(
    expertise_request: ExpertiseRequest, name: RequestStep, form: PastDatesForm
) -> Response:
    return render_form(
        "expertise_requests/check.html",
        form,
        expertise_request=expertise_request,
        name=name,
        step=WORKFLOW[name],
        lacks=rules.missing_for_submission(expertise_request),
        past=_is_past(expertise_request, name),
        doubt=obstacles.find_doubt(db.session, expertise_request, name),
    )


def _page_of(expertise_request: ExpertiseRequest, refused: Refused = NOTHING_REFUSED) -> Response:
    """Render a request with its possible steps; the one that was refused keeps what was typed."""
    names = obstacles.list_possible_steps(db.session, actor(), expertise_request)
    offers = make_offers(WORKFLOW, names, expertise_request.state, refused=refused)
    doubts = _find_doubts(expertise_request, names)
    not_ours = obstacles.why_colleagues(db.session, actor(), expertise_request)
    own = rules.is_requester(actor(), expertise_request)
    office = rules.reads_as_coordinator(actor(), expertise_request)
    return render_form(
        "expertise_requests/show.html",
        refused.form or ActionForm(),
        expertise_request=expertise_request,
        own=own,
        office=office,
        handler=queries.get_handler_names(db.session, [expertise_request]).get(expertise_request.id)
        if office
        else None,
        not_ours=not_ours,
        can_be_handed=not not_ours and can_be_handed(actor(), expertise_request),
        waiting=who_is_awaited(db.session, [expertise_request]).get(expertise_request.id),
        offers=[
            replace(
                offer,
                asks_first=offer.asks_first
                or _is_past(expertise_request, name)
                or (name in doubts and not offer.form),
            )
            for name, offer in zip(names, offers, strict=True)
        ],
        # A step that needs a reason is taken on this page, which asks for it.
        doubts=[
            doubts[name]
            for name, offer in zip(names, offers, strict=True)
            if offer.form and name in doubts
        ],
        comment=timeline.reason_for_state(db.session, expertise_request),
        field_comments=field_comments.list_open(db.session, expertise_request),
        lines=timeline.lines(db.session, expertise_request, actor()),
        disclosed=own and expertise_request.state in rules.DISCLOSING,
        ranked=office and expertise_request.state in rules.AGREED,
        colleague=rules.is_colleague(actor(), expertise_request),
        inheritable=rules.can_be_taken_over(actor(), expertise_request),
        unowned=expertise_request.state not in rules.ENDED
        and not rules.has_owner(expertise_request),
        question=correspondence.find_question(db.session, expertise_request)
        if correspondence.takes_part(actor(), expertise_request)
        else None,
        messages=correspondence.count(db.session, expertise_request)
        if correspondence.takes_part(actor(), expertise_request)
        else None,
        files=attachments.list_files(db.session, expertise_request),
        can_add_files=not not_ours and attachments.may_change(actor(), expertise_request),
        problem=refused.problem,
        typed=refused.typed,
    )
