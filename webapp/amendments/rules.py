"""What of accepted terms of reference may still change in which state, and who proposes it."""

from collections.abc import Mapping
from typing import Any

from webapp.amendments.models import Amendment
from webapp.amendments.workflow import WORKFLOW, AmendmentStep
from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.core.words.translation import Deferred, Message, _
from webapp.expertise_requests import rules as requests
from webapp.expertise_requests.content import FIELD_NAMES, names_in
from webapp.expertise_requests.models import ExpertiseRequest, RequestState

S = RequestState
# Whom to ask is no term of reference, and names people.
NEVER = frozenset(names_in("contact"))
EVERYTHING = frozenset(FIELD_NAMES) - NEVER
# By these experts are sought and chosen: once some are proposed, another wish is another request.
# Other days of a mission that is planned are given to the mission (decision 92).
SOUGHT = frozenset({
    "help_kind", "themes", "experts_needed", "expert_background", "rank_wanted", "years_wanted",
    "languages", "interpretation", "excluded", "jurisdiction", "start", "end", "days_needed",
    "urgency",
})  # fmt: skip
DAYS = frozenset({"start", "end", "days_needed"})
# What may change in which state; in the others, nothing.
CHANGEABLE: Mapping[RequestState, frozenset[str]] = {
    S.ACCEPTED: EVERYTHING,
    S.MATCHING: EVERYTHING,
    # Who finds that fewer are enough need not look on; `find_obstacle` refuses more.
    S.PROPOSED: (EVERYTHING - SOUGHT) | {"experts_needed"},
    S.CONFIRMED: EVERYTHING - SOUGHT,
}


def side_of(actor: Actor, request: ExpertiseRequest) -> Role | None:
    """Return on which side this person proposes and answers changes of a request, if on any.

    A colleague of its owner reads them and decides on none, nor does a coordinator whose own
    organisation asks.
    """
    if requests.is_requester(actor, request):
        return Role.REQUESTER
    if requests.reads_as_coordinator(actor, request):
        return Role.COORDINATOR
    return None


def step_of_proposal(side: Role) -> AmendmentStep:
    """Return what a proposal is on a side."""
    return AmendmentStep.ASK if side is Role.REQUESTER else AmendmentStep.OFFER


def find_obstacle(request: ExpertiseRequest, changes: Mapping[str, Any]) -> Message | None:
    """Return why these fields cannot become so in the state of the request, if so."""
    if request.state not in CHANGEABLE:
        return _(
            "The terms of reference of a request that is “%(state)s” do not change.",
            state=request.state,
        )
    late = sorted(frozenset(changes) - CHANGEABLE[request.state])
    if not late:
        return _find_more(request, changes)
    return _(
        "While the request is “%(state)s” this cannot change any more: %(fields)s.",
        state=request.state,
        fields=Deferred(names_of, tuple(late)),
    )


def _find_more(request: ExpertiseRequest, changes: Mapping[str, Any]) -> Message | None:
    """Return why more experts cannot be wanted any more, if they are and so."""
    wanted = changes.get("experts_needed", request.experts_needed)
    if request.state is not S.PROPOSED or wanted <= request.experts_needed:
        return None
    return _("Experts are proposed already, so fewer can be wanted now and no more than before.")


def possible_steps(amendment: Amendment, actor: Actor) -> list[AmendmentStep]:
    """Return the steps that this person can take with the change now, in the table's order."""
    return WORKFLOW.possible(amendment.state, actor, requests.owners_of(amendment.request))


def names_of(fields: tuple[str, ...]) -> str:
    """Return the names of fields in one line, as people of the current language read them."""
    return ", ".join(str(FIELD_NAMES[name]) for name in fields)
