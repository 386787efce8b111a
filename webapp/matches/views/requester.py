"""What requesters see of matches: the experts proposed to them, and their choice."""

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, NotFoundError
from webapp.core.forms import ActionForm, render_form
from webapp.core.roles import Role
from webapp.core.step_forms import Refused, make_offers, reason_form, typed_reason
from webapp.core.translation import _
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.rules import is_requester
from webapp.experts import operations as experts
from webapp.matches import operations, queries
from webapp.matches.models import Match, MatchState
from webapp.matches.views import bp
from webapp.matches.workflow import DISCLOSED, WORKFLOW


@bp.get("/requests/<int:request_id>/proposed")
@requires(Permission.MATCH_SELECT, records=True)
def proposed(request_id: int) -> Response:
    """Show the requester the experts proposed for a request of their own."""
    expertise_request = requests.get_readable(db.session, actor(), request_id)
    if not is_requester(actor(), expertise_request):
        raise NotFoundError(_("There is no such request."))
    for match in queries.list_in_states(db.session, expertise_request.id, DISCLOSED):
        experts.record_view(unit_of_work(), match.expert)
    return _proposed_page(expertise_request)


def _proposed_page(
    expertise_request: ExpertiseRequest,
    refused: tuple[Match, Refused] | None = None,
    problem: str = "",
    typed: str = "",
) -> Response:
    """Render the experts proposed; `refused` is a step that was refused for one of them."""
    matches = queries.list_in_states(db.session, expertise_request.id, DISCLOSED)
    choosing = expertise_request.state is RequestState.PROPOSED
    offers = {
        match.id: make_offers(
            WORKFLOW,
            WORKFLOW.possible(match.state, {Role.REQUESTER}),
            match.state,
            refused=refused[1] if refused and refused[0] is match else None,
            prefix=_prefix(match),
        )
        for match in matches
        if choosing
    }
    return render_form(
        "matches/proposed.html",
        refused[1].form if refused else ActionForm(),
        expertise_request=expertise_request,
        matches=matches,
        offers=offers,
        selected=sum(match.state is MatchState.SELECTED for match in matches),
        problem=problem,
        typed=typed,
    )


def _prefix(match: Match) -> str:
    return f"match-{match.id}"


@bp.get("/proposals/<int:match_id>/<step>")
@requires(Permission.MATCH_SELECT, records=True)
def check_choice(match_id: int, step: str) -> Response:
    """Show what will happen before a choice that cannot be taken back."""
    match = queries.get_disclosed(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    if name not in WORKFLOW.possible(match.state, {Role.REQUESTER}):
        return redirect(url_for("matches.proposed", request_id=match.request_id))
    experts.record_view(unit_of_work(), match.expert)
    return render_form(
        "matches/check_choice.html",
        ActionForm(),
        match=match,
        expertise_request=match.request,
        name=name,
        step=WORKFLOW[name],
        reason_form=reason_form(WORKFLOW, name, match.state, _prefix(match)),
    )


@bp.post("/proposals/<int:match_id>/<step>")
@requires(Permission.MATCH_SELECT)
def choose(match_id: int, step: str) -> Response:
    """Select a proposed expert, keep one in reserve, or decide against one with a reason."""
    match = queries.get_disclosed(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    form = reason_form(WORKFLOW, name, match.state, _prefix(match))
    if form and not form.validate_on_submit():
        return _proposed_page(match.request, (match, Refused(name, form)))
    reason = typed_reason(WORKFLOW, name, _prefix(match))
    try:
        operations.take(unit_of_work(), match, name, reason)
    except ConflictError as error:
        return _proposed_page(match.request, problem=str(error), typed=reason)
    if done := WORKFLOW[name].done:
        flash(str(done % {"name": match.expert.name}))
    return redirect(url_for("matches.proposed", request_id=match.request_id))
