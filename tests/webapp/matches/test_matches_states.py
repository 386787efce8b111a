"""Whatever people do with matches, in whatever order, the database stays sound."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from tests import databases, factories
from webapp.core import audit, invariants
from webapp.core.errors import DomainError
from webapp.core.roles import Role
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import WORKFLOW as OF_REQUESTS
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.models import Expert
from webapp.matches import operations
from webapp.matches.models import BookedDay, Match
from webapp.matches.workflow import OPEN, WORKFLOW, MatchStep

STEPS = [step for step in MatchStep if WORKFLOW[step].offered]
ENDS = {
    RequestStep.WITHDRAW: Role.REQUESTER,
    RequestStep.LEAVE_UNFILLED: Role.COORDINATOR,
}


@pytest.fixture(scope="module", autouse=True)
def _template(sqlite_databases: databases.SqliteDatabases) -> None:
    MatchMachine.maker = sqlite_databases


class MatchMachine(RuleBasedStateMachine):
    """Three requests with overlapping dates, three experts, and everything people can try."""

    maker: databases.SqliteDatabases
    matches = Bundle("matches")

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.fresh = self.maker.fresh(Path(self.folder.name))
        self.app = databases.make_app(Path(self.folder.name), self.fresh.__enter__())
        with databases.writing(self.app) as session:
            self.people = {
                role: factories.account(session, role)
                for role in (Role.COORDINATOR, Role.REQUESTER, Role.EXPERT)
            }
            self.requests = [
                factories.request(
                    session,
                    RequestState.ACCEPTED,
                    requester=self.people[Role.REQUESTER],
                    start=date(2031, 5, first),
                    end=date(2031, 5, first + 3),
                    experts_needed=2,
                ).id
                for first in (5, 8, 11)
            ]
            self.experts = [factories.expert(session).id for _ in range(3)]

    def teardown(self) -> None:
        """Close what the machine opened."""
        databases.close(self.app)
        self.folder.cleanup()

    def try_to(self, operation: Any, thing: tuple[type, int], role: Role, *arguments: Any) -> bool:
        """Do something in a transaction of its own; tell whether it was allowed."""
        try:
            with databases.writing(self.app) as session:
                work = factories.work(session, self.people[role])
                operation(work, session.get_one(*thing), *arguments)
        except DomainError:
            return False
        return True

    @rule(target=matches, request=st.integers(0, 2), expert=st.integers(0, 2))
    def shortlist(self, request: int, expert: int) -> int | None:
        """Put an expert on a shortlist; a second time is refused."""
        try:
            with databases.writing(self.app) as session:
                return operations.shortlist(
                    factories.work(session, self.people[Role.COORDINATOR]),
                    session.get_one(ExpertiseRequest, self.requests[request]),
                    session.get_one(Expert, self.experts[expert]),
                    factories.PLACING,
                ).id
        except DomainError:
            return None

    @rule(match=matches, step=st.sampled_from(STEPS), role=st.sampled_from(sorted(Role)))
    def take_step(self, match: int | None, step: MatchStep, role: Role) -> None:
        """Try any step in any role; only the table's own role and sources succeed."""
        if match is None or role not in self.people:
            return
        with databases.reading(self.app) as session:
            before = session.get_one(Match, match).state
        why = factories.grounds(WORKFLOW[step])
        done = self.try_to(operations.take, (Match, match), role, step, why)
        wanted = WORKFLOW[step]
        if done:
            assert wanted.by == role
            assert before in wanted.sources

    @rule(request=st.integers(0, 2), role=st.sampled_from([Role.COORDINATOR, Role.REQUESTER]))
    def propose(self, request: int, role: Role) -> None:
        """Propose what is approved."""
        self.try_to(operations.propose, (ExpertiseRequest, self.requests[request]), role)

    @rule(request=st.integers(0, 2), end=st.sampled_from(sorted(ENDS)))
    def end(self, request: int, end: RequestStep) -> None:
        """End a request; its open matches end with it."""
        thing, why = (ExpertiseRequest, self.requests[request]), factories.grounds(OF_REQUESTS[end])
        if self.try_to(requests.take, thing, ENDS[end], end, why):
            with databases.reading(self.app) as session:
                left = session.scalars(
                    sa.select(Match.state).where(Match.request_id == self.requests[request])
                )
                assert OPEN.isdisjoint(left)

    @invariant()
    def sound(self) -> None:
        """Everything agrees: states with bookings and deployments, the log with itself."""
        with databases.reading(self.app) as session:
            assert invariants.run(session) == []
            assert audit.verify(session) == []
            days = session.execute(sa.select(BookedDay.expert_id, BookedDay.day)).all()
            assert len(days) == len(set(days))


TestMatches = MatchMachine.TestCase
TestMatches.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
