"""Who must be told of each move with a request, a match, a change of terms or a mission.

The table is written down apart from the workflows, and by what the log calls a move: what the
platform draws as a consequence is held to it as well as what people do. Whoever is told has a new
notice; an expert without an account, a call to make. Nobody else may hear of a move.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.actor import SYSTEM
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import ReasonKind
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import COMING
from webapp.expertise_requests.content import FOR_INVITED
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.rules import GIVEN_UP
from webapp.experts.models import Expert
from webapp.experts.standing_tables import PhoneCall
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue.waiting import LIVE
from webapp.messages.models import Notice
from webapp.platform_settings.queries import get_settings

# An account by its number, or an expert who is to be called.
Reader: TypeAlias = tuple[str, int]
Readers: TypeAlias = set[Reader]


@dataclass(frozen=True)
class Move:
    """Something that was done, as the log tells of it, among all that was done with it at once."""

    session: Session
    event: AuditEvent
    together: Sequence[AuditEvent]

    @property
    def request(self) -> ExpertiseRequest:
        """Return the request that the move is about."""
        assert self.event.request_id is not None
        return self.session.get_one(ExpertiseRequest, self.event.request_id)

    @property
    def match(self) -> Match:
        """Return the match that the move is about, or that of its mission."""
        number = self.event.subject_id
        assert number is not None
        if self.event.subject == Deployment.__tablename__:
            return self.session.get_one(Deployment, number).match
        return self.session.get_one(Match, number)


Whom: TypeAlias = Callable[[Move], Readers]


def _reader_of(expert: Expert) -> Reader:
    return ("call", expert.id) if expert.account_id is None else ("account", expert.account_id)


def expert(move: Move) -> Readers:
    """The expert, in writing or by telephone."""
    return {_reader_of(move.match.expert)}


def expert_in_writing(move: Move) -> Readers:
    """The expert, if they have an account: another says it themselves, or is asked by telephone."""
    return {reader for reader in expert(move) if reader[0] == "account"}


def requester(move: Move) -> Readers:
    """Whoever asks."""
    return {("account", move.request.requester_id)}


def office(move: Move) -> Readers:
    """The coordinators, but for the one who acts."""
    return _of_role(move, Role.COORDINATOR)


def authority(move: Move) -> Readers:
    """Whoever acts for the authority whose official the expert was when it was asked."""
    return {
        reader
        for reader in _of_role(move, Role.NOMINATING_AUTHORITY)
        if move.session.get_one(Account, reader[1]).organisation_id == move.match.authority_id
    }


def _of_role(move: Move, role: Role) -> Readers:
    people = move.session.scalars(sa.select(Account))
    return {
        ("account", one.id) for one in people if role in one.kinds and one.id != move.event.actor_id
    }


def _missions(move: Move) -> list[Deployment]:
    """The missions of the others for the same request."""
    of_request = sa.select(Deployment).join(Deployment.match).where(
        Match.request_id == move.event.request_id, Match.id != move.match.id
    )  # fmt: skip
    return list(move.session.scalars(of_request))


def team(move: Move) -> Readers:
    """The others who go on the same mission."""
    going = [one for one in _missions(move) if one.state in COMING]
    return {_reader_of(one.match.expert) for one in going}


def team_of_a_changed_one(move: Move) -> Readers:
    """The others of a team from which somebody has fallen out before."""
    states = {one.state for one in _missions(move)}
    return team(move) if DeploymentState.CANCELLED in states else set()


def team_unless_all_end(move: Move) -> Readers:
    """The others of a team, unless each of them is told of the end of their own mission."""
    return set() if move.request.state in GIVEN_UP else team(move)


def authority_that_was_asked(move: Move) -> Readers:
    """The authority, if it was asked for the release since the expert was invited last."""
    return authority(move) if move.match.release_asked_at else set()


def authority_that_knows(move: Move) -> Readers:
    """The authority, if it was told that its official was to go."""
    before = move.session.scalars(
        sa.select(AuditEvent.action).where(
            AuditEvent.subject == Deployment.__tablename__,
            AuditEvent.subject_id == move.event.subject_id,
        )
    )
    cleared = {f"deployment: {step}" for step in ("clear", "clear regardless", "move")}
    return set() if cleared.isdisjoint(before) else authority(move)


def requester_when_all_are_back(move: Move) -> Readers:
    """Whoever asks, when the last of a team has come back."""
    waited_for = {one.state for one in _missions(move)} & COMING
    return set() if waited_for else requester(move)


def experts_who_read_it(move: Move) -> Readers:
    """The experts who were invited, if what has changed is something that they read; whoever is
    asked anew is told by that."""
    if (FOR_INVITED | {"title"}).isdisjoint(move.event.details["fields"]):
        return set()
    anew = {one.subject_id for one in move.together if one.action == "match: ask anew"}
    matches = move.session.scalars(
        sa.select(Match).where(
            Match.request_id == move.event.request_id, Match.state.in_(LIVE), Match.id.not_in(anew)
        )
    )
    return {_reader_of(match.expert) for match in matches}


def those_who_follow(move: Move) -> Readers:
    """The experts who are considered for a mission that has other days, and the authorities that
    were asked to release them; whoever is asked anew or falls out is told of that."""
    anew = {one.subject_id for one in move.together if one.action == "match: ask anew"}
    matches = move.session.scalars(
        sa.select(Match).where(
            Match.request_id == move.event.request_id, Match.id.not_in(anew),
            Match.state.in_(LIVE - {MatchState.SELECTED}),
        )
    ).all()  # fmt: skip
    asked = {match.authority_id for match in matches if match.release_asked_at}
    return {_reader_of(match.expert) for match in matches} | {
        reader
        for reader in _of_role(move, Role.NOMINATING_AUTHORITY)
        if move.session.get_one(Account, reader[1]).organisation_id in asked - {None}
    }


def whose_hands_change(move: Move) -> Readers:
    """Who sees to a request from now on, and who did."""
    hands = {move.event.details["before"], move.event.details["after"]}
    return {("account", one) for one in hands - {None, move.event.actor_id}}


def once_asked(whom: Whom) -> Whom:
    """Somebody, unless the expert was on the shortlist alone and knows of nothing."""
    return lambda move: (
        set() if move.event.details["before"] == MatchState.SHORTLISTED else whom(move)
    )


def requester_once_proposed(move: Move) -> Readers:
    """Whoever asks, if they had read of the expert."""
    read = {MatchState.PROPOSED, MatchState.ALTERNATE, MatchState.SELECTED}
    return requester(move) if move.event.details["before"] in read else set()


def by_itself(whom: Whom) -> Whom:
    """Somebody, unless the match ends with its request: of that they are told."""
    return lambda move: whom(move) if _is_by_itself(move.event) else set()


def _is_by_itself(event: AuditEvent) -> bool:
    return event.role != SYSTEM.role or event.reason == ReasonKind.LEFT_ROSTER


TOLD: dict[str, tuple[Whom, ...]] = {
    "request: submit": (requester, office),
    "request: take back": (office,),
    "request: return": (requester,),
    "request: accept": (requester,),
    "request: decline": (requester,),
    "request: start matching": (),
    "request: propose": (requester,),
    "request: confirm": (),
    "request: reopen": (),
    "request: close": (requester,),
    "request: close with those selected": (requester,),
    "request: leave unfilled": (requester,),
    "request: withdraw": (office,),
    "request: discard": (),
    Action.REQUEST_EDITED: (),
    Action.REQUEST_HANDED: (whose_hands_change,),
    Action.REQUEST_MOVED: (those_who_follow,),
    "match: shortlist": (),
    "match: invite": (expert_in_writing,),
    "match: accept": (office,),
    "match: decline": (office,),
    "match: note the yes": (office, expert_in_writing),
    "match: note the no": (office, expert_in_writing),
    "match: ask for release": (authority,),
    "match: ask for release anew": (authority,),
    "match: release": (office, expert),
    "match: refuse the release": (office, expert, requester_once_proposed),
    "match: record the release": (office, expert, authority),
    "match: record the refusal": (office, expert, authority, requester_once_proposed),
    "match: approve": (office,),
    "match: propose": (),
    "match: select": (expert, office),
    "match: keep as alternate": (expert,),
    "match: pass over": (expert, office, authority_that_was_asked),
    "match: reconsider": (),
    "match: cancel": (
        once_asked(expert), once_asked(by_itself(office)), authority_that_was_asked,
    ),
    "match: take back the proposal": (
        expert, by_itself(office), by_itself(requester), authority_that_was_asked,
    ),
    "match: take back the yes": (office, authority_that_was_asked),
    "match: ask anew": (expert_in_writing,),
    "match: fall out": (office, requester, authority_that_was_asked),
    "match: take back the selection": (expert, office),
    "amendment: ask for it": (office,),
    "amendment: offer it": (requester,),
    "amendment: agree to it": (requester, experts_who_read_it),
    "amendment: accept it": (office, experts_who_read_it),
    "amendment: refuse it": (requester,),
    "amendment: decline it": (office,),
    "amendment: retract it": (office,),
    "amendment: take it back": (requester,),
    "amendment: let it lapse": (),
    "deployment: plan": (team_of_a_changed_one,),
    "deployment: plan again": (team_of_a_changed_one,),
    "deployment: clear": (expert, requester, authority),
    "deployment: clear regardless": (expert, requester, authority),
    "deployment: move": (expert, requester, authority, team),
    "deployment: move the end": (expert, requester, authority, team),
    "deployment: terms change": (requester, authority),
    "deployment: hold back": (office, requester, authority),
    "deployment: depart": (authority,),
    "deployment: return": (expert, requester_when_all_are_back, authority),
    "deployment: curtail": (expert, requester, authority, team),
    "deployment: report": (),
    "deployment: reports come": (),
    "deployment: follow up": (),
    "deployment: answers come": (),
    "deployment: cancel": (authority_that_knows, team_unless_all_end),
    "deployment: break off": (authority, team_unless_all_end),
    Action.CALL_DONE: (),
    Action.ITEM_DONE: (),
    Action.ITEM_REOPENED: (),
    Action.RISK_ACCEPTED: (),
    Action.SETTINGS_CHANGED: (),
}  # fmt: skip


def find_who_must_be_told(session: Session, events: Sequence[AuditEvent]) -> Readers:
    """Return who must be told of what was done at once."""
    moves = [Move(session, event, events) for event in events]
    return set().union(*(whom(move) for move in moves for whom in TOLD[move.event.action]))


def find_who_was_told(session: Session, notices: int, calls: int) -> Readers:
    """Return who was told of something after so many notices and calls."""
    told = session.scalars(sa.select(Notice.account_id).where(Notice.id > notices))
    called = session.scalars(sa.select(PhoneCall.expert_id).where(PhoneCall.id > calls))
    return {("account", one) for one in told} | {("call", one) for one in called}


def list_approved_alone(session: Session, events: Sequence[AuditEvent]) -> list[int]:
    """Return the matches that were approved by whoever had put their experts forward last, though
    the platform asks for four eyes."""
    if not get_settings(session).four_eyes:
        return []
    approved = [one for one in events if one.action == "match: approve"]
    alone = [one for one in approved if _put_forward_by(session, one) == one.actor_id]
    return [one.subject_id or 0 for one in alone]


def _put_forward_by(session: Session, approval: AuditEvent) -> int | None:
    begun = sa.select(AuditEvent.actor_id).where(
        AuditEvent.subject == Match.__tablename__,
        AuditEvent.subject_id == approval.subject_id,
        AuditEvent.action.in_(["match: shortlist", "match: reconsider"]),
        AuditEvent.id < approval.id,
    )
    return session.scalars(begun.order_by(AuditEvent.id.desc())).first()
