"""What it means for a request that experts are considered or selected: who stays in reserve, how it
can end, and who does not take it over."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from webapp.amendments.models import Amendment
from webapp.core.actor import Actor
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _, _n
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.rules import is_of
from webapp.matches import departures, operations, queries, rules
from webapp.matches.models import MatchState
from webapp.matches.workflow import OPEN, MatchStep


def find_obstacle(
    request: ExpertiseRequest, *, session: Session, step: RequestStep
) -> Message | None:
    """Return what those who are selected have against an end of their request, if anything."""
    if step not in OBSTACLES:
        return None
    selected = queries.list_selected(session, request.id)
    if step is RequestStep.CLOSE_WITH_SELECTED:
        stands = not selected
    elif step is RequestStep.LEAVE_UNFILLED:
        stands = bool(selected)
    else:
        numbers = [match.id for match in selected]
        stands = bool(departures.list_departed(session, numbers, only_back=True))
    return OBSTACLES[step] if stands else None


OBSTACLES = {
    RequestStep.CLOSE_WITH_SELECTED: _("Nobody is selected for this request yet."),
    RequestStep.LEAVE_UNFILLED: _(
        "Somebody is selected for this request, so it has not been left without an expert: close it"
        " with those selected."
    ),
    RequestStep.WITHDRAW: _(
        "An expert has been on the mission for this request already, so it is not withdrawn any"
        " more: SEESAC closes it."
    ),
}


def keep_in_reserve(request: ExpertiseRequest, *, work: UnitOfWork) -> None:
    """Keep in reserve, and tell so, who is proposed for a request that has all whom it wants.

    Its requester can still decide against each.
    """
    offered = queries.list_in_states(work.session, request.id, frozenset({MatchState.PROPOSED}))
    keep, platform = MatchStep.KEEP_AS_ALTERNATE, work.on_behalf()
    for match in offered:
        if keep in rules.possible_steps(match, platform.actor, Role.REQUESTER):
            operations.take(platform, match, keep)


def refuse_fewer_than_selected(
    request: ExpertiseRequest, *, session: Session, changes: Mapping[str, Any]
) -> None:
    """Refuse to want fewer experts than are selected already."""
    selected = len(queries.list_selected(session, request.id))
    if changes.get("experts_needed", selected) < selected:
        raise ConflictError(
            _n(
                "%(num)s expert is selected already, so no fewer can be wanted.",
                "%(num)s experts are selected already, so no fewer can be wanted.",
                selected,
            )
        )


def confirm_if_enough(amendment: Amendment, *, work: UnitOfWork) -> None:
    """Confirm a request of which it was agreed that those who are selected are enough."""
    request = amendment.request
    selected = queries.list_selected(work.session, request.id)
    if request.state is RequestState.PROPOSED and len(selected) == request.experts_needed:
        requests.take(work.on_behalf(), request, RequestStep.CONFIRM)


def why_not_taken_over(
    request: ExpertiseRequest, *, session: Session, actor: Actor
) -> Message | None:
    """Return why this person cannot take a request over, if they know to be considered for it."""
    known = queries.list_in_states(session, request.id, OPEN - {MatchState.SHORTLISTED})
    if any(is_of(actor, match.expert) for match in known):
        return _("You are considered for this request as an expert, so a colleague takes it over.")
    return None
