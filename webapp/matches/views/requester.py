"""What requesters see of matches: the experts proposed to them, and their choice."""

from functools import partial

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.forms.step_forms import (
    NOTHING_REFUSED,
    AnyReasonForm,
    Refused,
    make_offers,
    reason_form,
    take_sent,
)
from webapp.core.record.disclosure import SINGLE, shows
from webapp.core.roles import Role
from webapp.core.words.translation import Message, _
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches import offering, operations, queries
from webapp.matches.fallen_out import list_fallen_out
from webapp.matches.models import Match, MatchState
from webapp.matches.views import bp
from webapp.matches.work_queue.waiting import is_reached
from webapp.matches.workflow import DISCLOSED, WORKFLOW, MatchStep

PROPOSAL = _("a proposal to a requester")


@bp.get("/requests/<int:request_id>/proposed")
@requires(Permission.MATCH_SELECT)
@shows(PROPOSAL, SINGLE)
def proposed(request_id: int) -> Response:
    """Show the requester the experts proposed for a request of their own."""
    return _proposed_page(requests.get_own(db.session, actor(), request_id))


def _proposed_page(
    expertise_request: ExpertiseRequest,
    chosen: Match | None = None,
    refused: Refused = NOTHING_REFUSED,
) -> Response:
    """Render the experts proposed; `refused` is a step that was refused for the one `chosen`."""
    matches = queries.list_in_states(db.session, expertise_request.id, DISCLOSED)
    choices = {match: _list_choices(match) for match in matches}
    offers = {
        match.id: make_offers(
            WORKFLOW,
            names,
            match.state,
            refused=refused if chosen is match else NOTHING_REFUSED,
            prefix=_prefix(match),
        )
        for match, (names, _why) in choices.items()
    }
    return render_form(
        "matches/proposed.html",
        refused.form or ActionForm(),
        expertise_request=expertise_request,
        matches=matches,
        fallen_out=list_fallen_out(db.session, expertise_request),
        offers=offers,
        not_yet={match.id: why for match, (_names, why) in choices.items() if why},
        selected=sum(match.state is MatchState.SELECTED for match in matches),
        problem=refused.problem,
        typed=refused.typed,
    )


def _list_choices(match: Match) -> tuple[list[MatchStep], Message | None]:
    return offering.list_steps(db.session, match, actor(), Role.REQUESTER)


def _prefix(match: Match) -> str:
    return f"match-{match.id}"


@bp.get("/proposals/<int:match_id>/<step>")
@requires(Permission.MATCH_SELECT)
@shows(PROPOSAL, SINGLE)
def check_choice(match_id: int, step: str) -> Response:
    """Show what will happen before a choice."""
    match = queries.get_disclosed(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    if name not in _list_choices(match)[0]:
        return redirect(url_for("matches.proposed", request_id=match.request_id))
    return _check_page(match, name, reason_form(WORKFLOW, name, match.state, _prefix(match)))


def _check_page(match: Match, name: MatchStep, form: AnyReasonForm | None) -> Response:
    return render_form(
        "matches/check_choice.html",
        form or ActionForm(),
        match=match,
        expertise_request=match.request,
        name=name,
        step=WORKFLOW[name],
        reason_form=form,
        is_reached=is_reached(match),
        keeps_others=name is MatchStep.SELECT and _fills(match),
    )


def _fills(match: Match) -> bool:
    """Tell whether selecting somebody fills the request while others are proposed for it."""
    shown = queries.list_in_states(db.session, match.request_id, DISCLOSED)
    selected = sum(one.state is MatchState.SELECTED for one in shown)
    others = any(one.state is MatchState.PROPOSED and one is not match for one in shown)
    return others and selected + 1 == match.request.experts_needed


@bp.post("/proposals/<int:match_id>/<step>")
@requires(Permission.MATCH_SELECT)
@shows(PROPOSAL, SINGLE)
def choose(match_id: int, step: str) -> Response:
    """Select a proposed expert, keep one in reserve, decide against one, or take it back."""
    match = queries.get_disclosed(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    take = partial(operations.take, unit_of_work(), match, name)
    said = {"name": match.identity["name"]}
    if refused := take_sent(WORKFLOW, name, match.state, take, said=said, prefix=_prefix(match)):
        if refused.form and match.state in WORKFLOW[name].asks_first:
            return _check_page(match, name, refused.form)
        return _proposed_page(match.request, match, refused)
    return redirect(url_for("matches.proposed", request_id=match.request_id))
