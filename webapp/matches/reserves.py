"""Who stays in reserve for a request, in which order, and what speaks against each by now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches import offering, queries
from webapp.matches.models import Match, MatchState
from webapp.matches.remarks import Remark, list_remarks
from webapp.matches.workflow import MatchStep


@dataclass(frozen=True)
class Reserve:
    """Somebody in reserve: what warns of them, whether this reader can select them now, and whether
    they are read as SEESAC reads them."""

    match: Match
    remarks: Sequence[Remark]
    can_be_selected: bool
    for_office: bool


def list_reserves(
    session: Session, actor: Actor, request: ExpertiseRequest, now: datetime
) -> list[Reserve]:
    """Return who is in reserve, whoever was kept first first, for those who may know of them.

    What speaks against somebody is for SEESAC alone: it tells of days off and of other missions.
    """
    owns = request_rules.is_requester(actor, request)
    office = request_rules.reads_as_coordinator(actor, request)
    if not owns and not office:
        return []
    kept = queries.list_in_states(session, request.id, frozenset({MatchState.ALTERNATE}))
    remarks: Mapping[int, list[Remark]] = {}
    if office:
        people = queries.list_with_parts(session, [match.expert_id for match in kept])
        remarks = list_remarks(session, actor, request, people, now)
    return [
        Reserve(
            match,
            remarks.get(match.expert_id, []),
            MatchStep.SELECT in offering.list_steps(session, match, actor, Role.REQUESTER)[0],
            not owns,
        )
        for match in sorted(kept, key=lambda match: (match.state_since, match.id))
    ]
