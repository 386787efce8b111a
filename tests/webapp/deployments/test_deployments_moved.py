"""Who goes on a mission that was moved, broken off or never begun is judged by the days of that
mission, and no more by those of its request."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from webapp.accounts.models import Account
from webapp.core import clock as now
from webapp.core import invariants
from webapp.core.errors import ConflictError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments import operations, queries
from webapp.deployments.models import DeploymentState
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests.models import (
    ExcludedJurisdiction,
    ExpertiseRequest,
    RequestState,
)
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts import operations as experts
from webapp.experts.models import Expert, ExpertState
from webapp.experts.workflow import WORKFLOW as OF_EXPERTS
from webapp.experts.workflow import ExpertStep
from webapp.matches import commitments, departures, remarks
from webapp.matches import operations as matches
from webapp.matches import queries as match_queries
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.upkeep import queries as upkeep

DAY = timedelta(days=1)
LATER = 60 * DAY
BECAUSE = Grounds(ReasonKind.OTHER, "It has come so.")


def at_noon(clock: Any, day: date) -> None:
    clock.move_to(datetime.combine(day, time(12), UTC))


class Case:
    """A request in thirty days, an expert selected for it, and their mission."""

    def __init__(
        self, session: Session, *, reserve: bool = False, experts_needed: int = 1, **facts: Any
    ) -> None:
        self.session = session
        self.office = factories.account(session, Role.COORDINATOR)
        self.start = now.today() + 30 * DAY
        self.request = self.ask(self.start, experts_needed)
        kept = factories.match(
            session, MatchState.PROPOSED, request=self.request, coordinator=self.office
        ) if reserve else None  # fmt: skip
        if kept:
            self.take(MatchStep.KEEP_AS_ALTERNATE, self.request.requester, kept)
        self.kept = kept
        self.match = factories.match(
            session, MatchState.SELECTED, request=self.request, coordinator=self.office, **facts
        )
        mission = queries.find_of_match(session, self.match.id)
        assert mission
        self.mission = mission

    def ask(self, start: date, experts_needed: int = 1) -> ExpertiseRequest:
        return factories.request(
            self.session, RequestState.ACCEPTED, start=start, end=start + 2 * DAY,
            coordinator=self.office, experts_needed=experts_needed,
        )  # fmt: skip

    def take(self, step: MatchStep, person: Account | None, match: Match | None = None) -> None:
        assert person
        why = None if step in {MatchStep.KEEP_AS_ALTERNATE, MatchStep.SELECT} else BECAUSE
        matches.take(factories.work(self.session, person), match or self.match, step, why)

    def move(self, by: timedelta = LATER) -> None:
        operations.move(
            factories.work(self.session, self.office), self.mission, self.mission.start + by,
            self.mission.end + by, seen_version=self.mission.version,
        )  # fmt: skip

    def depart(self, clock: Any) -> None:
        factories.settle(self.session, self.mission)
        self.go(DeploymentStep.CLEAR)
        at_noon(clock, self.mission.start)
        self.go(DeploymentStep.DEPART)

    def go(self, step: DeploymentStep) -> None:
        operations.take(factories.work(self.session, self.office), self.mission, step)

    def leave(self, step: ExpertStep) -> None:
        person = self.match.expert.account if step is ExpertStep.LEAVE else self.office
        assert person
        needs = self.match.expert.state in OF_EXPERTS[step].needs_reason
        experts.take(
            factories.work(self.session, person), self.match.expert, step,
            factories.grounds(OF_EXPERTS[step]) if needs else None,
        )  # fmt: skip

    def days(self) -> list[date]:
        self.session.refresh(self.match, ["booked_days"])
        return [row.day for row in self.match.booked_days]

    def is_sound(self) -> bool:
        self.session.flush()
        return invariants.run(self.session) == []


@pytest.mark.parametrize("step", [ExpertStep.SUSPEND, ExpertStep.LEAVE])
def test_whoever_leaves_the_roster_before_a_moved_mission_is_not_sent(
    session: Session, clock: Any, step: ExpertStep
) -> None:
    case = Case(session)
    case.move()
    at_noon(clock, case.start + 7 * DAY)
    case.leave(step)
    assert case.match.state is MatchState.CANCELLED
    assert case.mission.state is DeploymentState.CANCELLED
    assert case.days() == []
    assert case.is_sound()


def test_the_check_sees_who_is_not_active_before_a_moved_mission(
    session: Session, clock: Any
) -> None:
    case = Case(session)
    case.move()
    at_noon(clock, case.start + 7 * DAY)
    case.match.expert.state = ExpertState.SUSPENDED
    session.flush()
    assert any("its expert is" in told for told in invariants.run(session))


def test_an_expert_can_no_longer_go_on_a_moved_mission_and_the_request_looks_again(
    session: Session, clock: Any
) -> None:
    case = Case(session)
    case.move()
    at_noon(clock, case.start + 7 * DAY)
    case.take(MatchStep.FALL_OUT, case.match.expert.account)
    assert case.request.state is RequestState.PROPOSED
    assert case.is_sound()


def test_who_waits_for_a_moved_mission_does_not_become_dormant(
    session: Session, clock: Any
) -> None:
    case = Case(session)
    case.move()
    at_noon(clock, case.start + 7 * DAY)
    held = upkeep._is_free(now.today())
    free = session.query(Expert).where(held, Expert.id == case.match.expert_id).all()
    assert free == []


def test_those_in_reserve_stay_until_the_moved_mission_begins(session: Session, clock: Any) -> None:
    case = Case(session, reserve=True)
    case.move()
    factories.requests.advance(session, case.request, RequestStep.CLOSE, case.office)
    assert match_queries.list_reserves(session, case.start) == []
    assert match_queries.list_reserves(session, case.mission.start) == [case.kept]


def test_load_remarks_and_past_missions_have_the_days_to_which_a_mission_was_moved(
    session: Session, clock: Any
) -> None:
    at_noon(clock, date(2028, 10, 20))
    case = Case(session)
    number, was = case.match.expert_id, (case.mission.start, case.mission.end)
    case.move(100 * DAY)
    first, last = case.mission.start, case.mission.end
    office = factories.actor(case.office)
    assert commitments.count_missions(session, office, [number], 2028, besides=0) == {}
    assert commitments.count_missions(session, office, [number], 2029, besides=0) == {number: 1}
    assert commitments.list_said_yes(session, office, [number], *was, besides=0) == []
    assert commitments.list_said_yes(session, office, [number], first, last, besides=0) == [
        case.match
    ]
    asked = case.ask(first)
    told = remarks.list_remarks(session, office, asked, [case.match.expert], now.now())[number]
    assert [remark.facts["start"] for remark in told if "rest" in remark.facts] == [first]
    assert commitments.list_missions_before(session, office, [number], first) == []
    case.depart(clock)
    assert commitments.list_missions_before(session, office, [number], first) == []
    assert commitments.list_missions_before(session, office, [number], last + DAY) == [case.match]


def test_a_mission_that_never_began_is_not_told_as_a_past_one(session: Session, clock: Any) -> None:
    case, office = Case(session), Role.COORDINATOR
    at_noon(clock, case.mission.end + DAY)
    actor = factories.actor(case.office, office)
    number = case.match.expert_id
    assert commitments.list_missions_before(session, actor, [number], now.today()) == []


def test_a_selection_taken_back_holds_the_days_of_the_mission_and_can_be_made_again(
    session: Session,
) -> None:
    case = Case(session)
    case.move()
    case.take(MatchStep.TAKE_BACK_SELECTION, case.request.requester)
    assert case.days() == [case.start + LATER + number * DAY for number in range(3)]
    assert case.is_sound()
    case.take(MatchStep.SELECT, case.request.requester)
    assert case.is_sound()


def test_of_a_team_whoever_was_moved_alone_holds_the_days_of_the_others_once_taken_back(
    session: Session,
) -> None:
    case = Case(session, experts_needed=2)
    factories.missions.planned(session, request=case.request)
    case.move()
    case.take(MatchStep.TAKE_BACK_SELECTION, case.request.requester)
    assert case.days() == [case.start + number * DAY for number in range(3)]
    assert case.is_sound()


def test_a_selection_of_who_was_moved_alone_stays_where_the_days_of_the_others_are_taken_or_past(
    session: Session, clock: Any
) -> None:
    case = Case(session, experts_needed=2)
    factories.missions.planned(session, request=case.request)
    case.move()
    other = factories.match(
        session, MatchState.APPROVED, request=case.ask(case.start), expert=case.match.expert,
        coordinator=case.office,
    )  # fmt: skip
    with pytest.raises(ConflictError, match="write to SEESAC"), session.begin_nested():
        case.take(MatchStep.TAKE_BACK_SELECTION, case.request.requester)
    case.take(MatchStep.CANCEL, case.office, other)
    at_noon(clock, case.start + 3 * DAY)
    with pytest.raises(ConflictError, match="days of the request are past"):
        case.take(MatchStep.TAKE_BACK_SELECTION, case.request.requester)


def test_days_spent_on_a_mission_that_is_broken_off_stay_taken(
    session: Session, clock: Any
) -> None:
    case = Case(session)
    case.depart(clock)
    at_noon(clock, case.start + DAY)
    other = factories.match(
        session, MatchState.AVAILABLE, request=case.ask(now.today()), expert=case.match.expert,
        coordinator=case.office,
    )  # fmt: skip
    factories.requests.advance(session, case.request, RequestStep.WITHDRAW, case.request.requester)
    assert case.days() == [case.start, case.start + DAY]
    assert case.is_sound()
    with pytest.raises(ConflictError, match=case.request.reference):
        case.take(MatchStep.APPROVE, case.office, other)


@pytest.mark.parametrize("step", [DeploymentStep.CLEAR, DeploymentStep.DEPART])
def test_whom_the_requester_cannot_receive_by_now_does_not_go(
    session: Session, clock: Any, step: DeploymentStep
) -> None:
    case = Case(session)
    factories.settle(session, case.mission)
    if step is DeploymentStep.DEPART:
        case.go(DeploymentStep.CLEAR)
        at_noon(clock, case.start)
    case.request.excluded = [ExcludedJurisdiction(code="UKR")]
    case.match.expert.jurisdiction = "UKR"
    with pytest.raises(ConflictError, match="cannot receive experts from Ukraine"):
        case.go(step)
    with pytest.raises(ConflictError, match="cannot receive experts from Ukraine"):
        case.move(DAY)


def test_days_of_a_mission_stay_taken_after_the_return(session: Session, clock: Any) -> None:
    mission = factories.returned_mission(session, clock)
    assert len(mission.match.booked_days) == (mission.end - mission.start).days + 1
    assert invariants.run(session) == []
    mission.match.booked_days.clear()
    session.flush()
    assert any("holds 0 of" in told for told in invariants.run(session))


def test_a_request_that_nobody_answered_is_closed_so_and_not_as_answered(
    session: Session, clock: Any
) -> None:
    case = Case(session)
    at_noon(clock, case.mission.end + DAY)
    case.take(MatchStep.TAKE_BACK, case.office)
    assert case.request.state is RequestState.PROPOSED
    assert case.is_sound()
    with pytest.raises(ConflictError):
        factories.requests.advance(session, case.request, RequestStep.CLOSE, case.office)
    factories.requests.advance(session, case.request, RequestStep.LEAVE_UNFILLED, case.office)
    assert case.is_sound()


def test_nothing_is_offered_that_a_mission_under_way_refuses(session: Session, clock: Any) -> None:
    case = Case(session)
    people = {
        Role.EXPERT: (case.match.expert.account, MatchStep.FALL_OUT),
        Role.REQUESTER: (case.request.requester, MatchStep.TAKE_BACK_SELECTION),
        Role.COORDINATOR: (case.office, MatchStep.TAKE_BACK),
    }

    def offered(role: Role) -> list[MatchStep]:
        person = people[role][0]
        assert person
        actor = factories.actor(person, role)
        return departures.list_possible_steps(session, case.match, actor, role)

    assert all(step in offered(role) for role, (_who, step) in people.items())
    case.depart(clock)
    assert [offered(role) for role in people] == [[], [], []]
    with pytest.raises(ConflictError, match="has begun"):
        case.take(MatchStep.TAKE_BACK, case.office)


def test_nobody_is_sent_or_moved_beyond_their_approval_nor_selected(
    session: Session,
) -> None:
    case = Case(session)
    case.match.expert.approved_until = case.mission.end + DAY
    session.flush()
    with pytest.raises(ConflictError, match="approval"):
        case.move()
    case.match.expert.approved_until = case.mission.end - DAY
    session.flush()
    factories.settle(session, case.mission)
    with pytest.raises(ConflictError, match="approval"):
        operations.take(factories.work(session, case.office), case.mission, DeploymentStep.CLEAR)
    case.take(MatchStep.TAKE_BACK_SELECTION, case.request.requester)
    with pytest.raises(ConflictError, match="cannot be sent on these days"):
        case.take(MatchStep.SELECT, case.request.requester)
