"""Whatever people do with requests, matches, changes of terms and missions, in whatever order, the
database stays sound, each open request waits for one side, and whom a step concerns is told."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from tests import databases, factories
from webapp.accounts.models import Account
from webapp.amendments import operations as amendments
from webapp.amendments.models import Amendment
from webapp.amendments.workflow import WORKFLOW as OF_AMENDMENTS
from webapp.amendments.workflow import AmendmentStep
from webapp.core import clock, invariants
from webapp.core.errors import DomainError
from webapp.core.record import audit
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.workflows.workflow import Recipient, Step
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import WORKFLOW as OF_MISSIONS
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.waiting import Side
from webapp.expertise_requests.workflow import WORKFLOW as OF_REQUESTS
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.models import Expert
from webapp.matches import operations, rules
from webapp.matches.models import BookedDay, Match
from webapp.matches.work_queue import waiting
from webapp.matches.workflow import OPEN, WORKFLOW, MatchStep
from webapp.messages.models import Notice

STEPS = [step for step in MatchStep if WORKFLOW[step].offered]
ANSWERS = [step for step in AmendmentStep if OF_AMENDMENTS[step].offered]
OF_A_MISSION = [step for step in DeploymentStep if OF_MISSIONS[step].offered]
ENDS = {
    RequestStep.WITHDRAW: Role.REQUESTER,
    RequestStep.LEAVE_UNFILLED: Role.COORDINATOR,
    RequestStep.CLOSE: Role.COORDINATOR,
    RequestStep.CLOSE_WITH_SELECTED: Role.COORDINATOR,
}
CLOSED = RequestState.CLOSED
ROLES = st.sampled_from([Role.COORDINATOR, Role.REQUESTER, Role.EXPERT])
SIDES = st.sampled_from([Role.COORDINATOR, Role.REQUESTER])
REQUESTS = EXPERTS = st.integers(0, 2)
BECAUSE = Grounds(ReasonKind.COMMENT, "There is a reason.")
# What somebody would change: what may until the proposal, what may until the mission begins.
CHANGES: list[dict[str, Any]] = [
    {"place": "Osh"},
    {"place": "Naryn", "tasks": "Teach for two days."},
    {"experts_needed": 1},
    {"experts_needed": 3},
    {"days": 1},
]


class PlatformLife(RuleBasedStateMachine):
    """Three requests with overlapping dates, three experts, and everything people can try."""

    maker: Any
    matches = Bundle("matches")

    def __init__(self) -> None:
        super().__init__()
        self.time = time_machine.travel(clock.now(), tick=False)
        self.moment = self.time.start()
        self.folder = TemporaryDirectory()
        self.fresh = self.maker.fresh(Path(self.folder.name))
        self.app = databases.make_app(Path(self.folder.name), self.fresh.__enter__())
        today = clock.today()
        with databases.writing(self.app) as session:
            self.people = {
                role: factories.account(session, role).id
                for role in (Role.COORDINATOR, Role.REQUESTER, Role.EXPERT)
            }
            # Steps of one coordinator are told to the other.
            self.other = factories.account(session, Role.COORDINATOR).id
            requester = session.get_one(Account, self.people[Role.REQUESTER])
            self.requests = [
                factories.request(
                    session,
                    RequestState.ACCEPTED,
                    requester=requester,
                    start=today + timedelta(days=first),
                    end=today + timedelta(days=first + 3),
                    experts_needed=2,
                ).id
                for first in (30, 33, 36)
            ]
            self.experts = [factories.expert(session).id for _ in range(3)]

    def teardown(self) -> None:
        """Close what the machine opened."""
        databases.close(self.app)
        self.fresh.__exit__(None, None, None)
        self.folder.cleanup()
        self.time.stop()

    def try_to(self, operation: Any, thing: tuple[type, int], role: Role, *arguments: Any) -> bool:
        """Do something in a transaction of its own; tell whether it was allowed."""
        try:
            with databases.writing(self.app) as session:
                work = factories.work(session, session.get_one(Account, self.people[role]))
                operation(work, session.get_one(*thing), *arguments)
        except DomainError:
            return False
        return True

    def told(self) -> dict[int, int]:
        """Return how many notices each account has."""
        with databases.reading(self.app) as session:
            rows = sa.select(Notice.account_id, sa.func.count()).group_by(Notice.account_id)
            return dict(session.execute(rows).all())

    def all_were_told(self, step: Step[Any], before: Any, had: dict[int, int], expert: int) -> None:
        """Assert that whom the table names for a step has a notice more than they had."""
        has = self.told()
        for mail in step.tells:
            if mail.is_sent_from(before):
                for number in self._readers(mail.to, expert):
                    assert has.get(number, 0) > had.get(number, 0), (step.label, mail.to)

    def _readers(self, to: Recipient, expert: int) -> Iterable[int]:
        if to is Recipient.REQUESTER:
            return [self.people[Role.REQUESTER]]
        if to is Recipient.COORDINATORS:
            return [self.other]
        return [expert] if to is Recipient.EXPERT else []

    @rule(target=matches, request=REQUESTS, expert=EXPERTS)
    def shortlist(self, request: int, expert: int) -> int | None:
        """Put an expert on a shortlist; a second time is refused."""
        try:
            with databases.writing(self.app) as session:
                return operations.shortlist(
                    factories.work(
                        session, session.get_one(Account, self.people[Role.COORDINATOR])
                    ),
                    session.get_one(ExpertiseRequest, self.requests[request]),
                    session.get_one(Expert, self.experts[expert]),
                    factories.PLACING,
                ).id
        except DomainError:
            return None

    @rule(match=matches, step=st.sampled_from(STEPS), role=ROLES, owner=st.booleans())
    def take_step(self, match: int | None, step: MatchStep, role: Role, owner: bool) -> None:
        """Try any step in any role; only the table's own role and sources succeed."""
        if match is None:
            return
        with databases.reading(self.app) as session:
            row = session.get_one(Match, match)
            before, person = row.state, row.expert.account_id
            assert person is not None
        held = self.people[Role.EXPERT]
        if owner:
            # The expert whose match it is takes the expert's steps.
            self.people[Role.EXPERT] = person
        had, why = self.told(), factories.grounds(WORKFLOW[step])
        done = self.try_to(operations.take, (Match, match), role, step, why)
        self.people[Role.EXPERT] = held
        if done:
            assert WORKFLOW[step].by == role
            assert before in WORKFLOW[step].sources
            self.all_were_told(WORKFLOW[step], before, had, person)

    @rule(request=REQUESTS, role=SIDES)
    def propose(self, request: int, role: Role) -> None:
        """Propose what is approved."""
        self.try_to(operations.propose, (ExpertiseRequest, self.requests[request]), role)

    @rule(request=REQUESTS, end=st.sampled_from(sorted(ENDS)))
    def end(self, request: int, end: RequestStep) -> None:
        """End a request; its open matches and a change that waits end with it."""
        thing, why = (ExpertiseRequest, self.requests[request]), factories.grounds(OF_REQUESTS[end])
        had = self.told()
        with databases.reading(self.app) as session:
            before = session.get_one(*thing).state
        if self.try_to(requests.take, thing, ENDS[end], end, why):
            self.all_were_told(OF_REQUESTS[end], before, had, 0)
            with databases.reading(self.app) as session:
                left = set(
                    session.scalars(
                        sa.select(Match.state).where(Match.request_id == self.requests[request])
                    )
                )
                stay = rules.STAY_WHEN_CLOSED if OF_REQUESTS[end].target is CLOSED else set()
                assert left & OPEN <= stay

    @rule(request=REQUESTS, role=SIDES, change=st.sampled_from(CHANGES), stale=st.booleans())
    def propose_change(self, request: int, role: Role, change: dict[str, Any], stale: bool) -> None:
        """Propose to change the terms of reference, from a page of this version or of another."""

        def operation(work: Any, row: ExpertiseRequest) -> None:
            content = get_content(row)
            assert content.start
            assert content.end
            given = {name: value for name, value in change.items() if name != "days"}
            if "days" in change:
                later = timedelta(days=change["days"])
                given = {"start": content.start + later, "end": content.end + later}
            seen = row.tor_version - stale
            changed = replace(content, **given)
            amendments.propose(work, row, changed, BECAUSE, seen_version=seen)

        self.try_to(operation, (ExpertiseRequest, self.requests[request]), role)

    @rule(number=st.integers(1, 6), step=st.sampled_from(ANSWERS), role=ROLES)
    def answer_change(self, number: int, step: AmendmentStep, role: Role) -> None:
        """Try any answer to any change in any role; nobody answers to their own."""
        with databases.reading(self.app) as session:
            row = session.get(Amendment, number)
            if row is None:
                return
            before, proposed_by = row.state, row.proposed_by
        had = self.told()
        if self.try_to(amendments.take, (Amendment, number), role, step, BECAUSE):
            assert OF_AMENDMENTS[step].by == role
            retracts = step in {AmendmentStep.RETRACT, AmendmentStep.TAKE_BACK}
            assert (self.people[role] == proposed_by) == retracts
            self.all_were_told(OF_AMENDMENTS[step], before, had, 0)

    @rule(number=st.integers(1, 4), step=st.sampled_from(OF_A_MISSION), role=ROLES)
    def take_mission_step(self, number: int, step: DeploymentStep, role: Role) -> None:
        """Try any step of any mission in any role."""
        with databases.reading(self.app) as session:
            row = session.get(Deployment, number)
            if row is None:
                return
            before, expert = row.state, row.match.expert.account_id
        had, why = self.told(), factories.grounds(OF_MISSIONS[step])
        if self.try_to(missions.take, (Deployment, number), role, step, why):
            assert OF_MISSIONS[step].by == role
            assert before in OF_MISSIONS[step].sources
            self.all_were_told(OF_MISSIONS[step], before, had, expert or 0)

    @rule(number=st.integers(1, 4), later=st.integers(-2, 4), role=ROLES)
    def move_mission(self, number: int, later: int, role: Role) -> None:
        """Try to give a mission other days."""

        def operation(work: Any, row: Deployment) -> None:
            first, last = (day + timedelta(days=later) for day in (row.start, row.end))
            missions.move(work, row, first, last, seen_version=row.version)

        with databases.reading(self.app) as session:
            if session.get(Deployment, number) is None:
                return
        self.try_to(operation, (Deployment, number), role)

    @rule(days=st.integers(1, 12))
    def let_days_pass(self, days: int) -> None:
        """Let missions come near, begin and end."""
        self.moment.shift(timedelta(days=days))

    @invariant()
    def sound(self) -> None:
        """Everything agrees: states with bookings and deployments, the log with itself."""
        with databases.reading(self.app) as session:
            assert invariants.run(session) == []
            assert audit.verify(session) == []
            days = session.execute(sa.select(BookedDay.expert_id, BookedDay.day)).all()
            assert len(days) == len(set(days))
            self._each_waits_for_one_side(session)

    def _each_waits_for_one_side(self, session: Session) -> None:
        rows = session.scalars(sa.select(ExpertiseRequest)).all()
        found = waiting.list_tasks(session, rows, clock.today())
        for request in rows:
            if request.state in request_rules.ENDED:
                assert request.id not in found
            else:
                assert found[request.id][0].side in Side


@pytest.mark.long
@pytest.mark.both_databases
def test_whatever_people_do_nothing_is_broken_and_everybody_is_told(database_maker: Any) -> None:
    run_state_machine_as_test(
        type("PlatformLifeHere", (PlatformLife,), {"maker": database_maker}),
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
