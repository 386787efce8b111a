"""Whatever people do with requests, matches, changes of terms and missions, in whatever order, the
database stays sound, each open request waits for one side that can act, and whom a move concerns is
told, once and nobody else.

Each walk is drawn from a seed, so that one that fails is walked again as it was. The dice are
loaded: of people who do anything at all with each other's things hardly any would reach a mission.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.databases import reading
from tests.webapp.matches.platform_life import OFFICE, WORKFLOWS, Offer, Platform
from tests.webapp.matches.refusals import is_for_days_of_others
from tests.webapp.matches.told import TOLD
from webapp.amendments.models import Amendment
from webapp.amendments.workflow import AmendmentStep
from webapp.core import clock, invariants
from webapp.core.record import audit
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.waiting import SIDE_OF, Side
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.standing_tables import PhoneCall
from webapp.matches.models import BookedDay, Match
from webapp.matches.work_queue import waiting
from webapp.matches.workflow import OFFERED, MatchStep

ROLE_OF = {
    "office": Role.COORDINATOR, "colleague": Role.COORDINATOR, "requester": Role.REQUESTER,
    "free": Role.EXPERT, "official": Role.EXPERT, "by letter": Role.EXPERT,
    "minister": Role.NOMINATING_AUTHORITY, "deputy": Role.NOMINATING_AUTHORITY,
}  # fmt: skip
PEOPLE, SIDES = list(ROLE_OF), [*OFFICE, "requester"]
BEGINNINGS = [RequestState.DRAFT, RequestState.SUBMITTED, RequestState.ACCEPTED]
# With these a case goes on, the later ones further; the others turn it, and some end it.
FORWARD = [
    RequestStep.SUBMIT, RequestStep.ACCEPT, MatchStep.INVITE, MatchStep.ACCEPT, MatchStep.NOTE_YES,
    MatchStep.ASK_RELEASE, MatchStep.RELEASE, MatchStep.RECORD_RELEASE, MatchStep.APPROVE,
    MatchStep.KEEP_AS_ALTERNATE, MatchStep.SELECT, AmendmentStep.AGREE, AmendmentStep.ACCEPT,
    DeploymentStep.CLEAR, DeploymentStep.DEPART, DeploymentStep.RETURN,
]  # fmt: skip
ENDS = {
    RequestStep.WITHDRAW, RequestStep.LEAVE_UNFILLED, RequestStep.DECLINE, RequestStep.DISCARD,
    MatchStep.CANCEL, MatchStep.TAKE_BACK,
}  # fmt: skip
STEPS = [
    (kind, name)
    for kind, workflow in WORKFLOWS.items()
    for name in workflow
    if workflow[name].offered
]
# What each task asks of the side for which a request waits. Whom to find is up to SEESAC, and those
# approved are proposed together, on a page of its own.
K, M, R, A = waiting.Kind, MatchStep, RequestStep, AmendmentStep
STEPS_OF: dict[waiting.Kind, set[Any]] = {
    K.WRITE: {R.SUBMIT}, K.CORRECT: {R.SUBMIT}, K.READ: {R.ACCEPT, R.RETURN, R.DECLINE},
    K.FIND_COORDINATOR: set(),
    K.FIND: set(), K.FIND_MORE: set(), K.FIND_ANEW: set(), K.ASK_FOR_OTHER_DAYS: set(),
    K.CONSIDER_AGAIN: set(), K.PROPOSE: set(), K.INVITE: {M.INVITE},
    K.ANSWER: {M.ACCEPT, M.DECLINE}, K.ASK_BY_TELEPHONE: {M.NOTE_YES, M.NOTE_NO},
    K.DECIDE: {M.ASK_RELEASE, M.APPROVE}, K.RELEASE: {M.RELEASE, M.REFUSE_RELEASE},
    K.ASK_BY_LETTER: {M.RECORD_RELEASE, M.RECORD_REFUSAL}, K.APPROVE: {M.APPROVE},
    K.CHOOSE: {M.SELECT, M.PASS_OVER}, K.LET_GO: {M.CANCEL}, K.PREPARE: {R.CLOSE},
    K.CLOSE: {R.CLOSE}, K.DECIDE_CHANGE: {A.AGREE, A.REFUSE},
    K.ANSWER_CHANGE: {A.ACCEPT, A.DECLINE},
}  # fmt: skip
CHANGES: list[dict[str, Any]] = [
    {"place": "Osh"},
    {"place": "Naryn", "tasks": "Teach for two days."},
    {"experts_needed": 1},
    {"experts_needed": 3},
    {},
]


class Walk:
    """Requests with overlapping dates, four experts, and everything people can try."""

    def __init__(self, platform: Platform, seed: int) -> None:
        self.platform, self.dice = platform, Random(seed)
        platform.ask(RequestState.ACCEPTED, 2, 0)
        platform.ask(RequestState.ACCEPTED, 1, 3)
        self.offers: list[Offer] = []
        self.open = 0
        self.look()

    def go(self, moves: int) -> None:
        """Make so many moves, and look at everything after each."""
        ways: dict[Callable[[], None], int] = {
            self.go_on: 45, self.turn: 18, self.try_anything: 6, self.shortlist: 8,
            self.propose: 10, self.propose_change: 4, self.answer_by_link: 5, self.hand_over: 2,
            self.note_call: 2, self.make_ready: 5, self.move_mission: 3,
            self.ask_for_four_eyes: 2, self.let_days_pass: 3, self.ask: 1, self.edit: 2,
            self.read_the_news: 10,
        }  # fmt: skip
        for move in self.dice.choices(list(ways), list(ways.values()), k=moves):
            # Of many open requests each would have too little of the walk.
            if self.open < 2:
                self.ask()
                self.look()
            seen = self.platform.changes
            move()
            if self.platform.changes > seen:
                self.look()

    def _pick(self, kind: type[Any]) -> int | None:
        """Return the number of one of the rows of a table, if there is any."""
        with reading(self.platform.app) as session:
            ids = session.scalars(sa.select(kind.id).order_by(kind.id)).all()
        return self.dice.choice(ids) if ids else None

    def _request(self, states: Collection[RequestState] = tuple(RequestState)) -> int:
        """Return the number of a request, in one of some states if there is one."""
        with reading(self.platform.app) as session:
            rows = session.execute(sa.select(ExpertiseRequest.id, ExpertiseRequest.state)).all()
        fitting = [number for number, state in rows if state in states]
        return self.dice.choice(fitting or [number for number, _state in rows])

    def ask(self) -> None:
        """Ask for experts."""
        state = self.dice.choice(BEGINNINGS)
        self.platform.ask(state, self.dice.randint(1, 3), self.dice.randrange(8))

    def edit(self) -> None:
        """Change the text of a request that is not agreed yet."""
        self.platform.edit(self._request(), self.dice.choice(["Osh", "Bishkek"]))

    def shortlist(self) -> None:
        """Consider somebody."""
        expert, person = self.dice.choice(self.platform.experts), self.dice.choice(OFFICE)
        self.platform.shortlist(person, self._request(request_rules.MATCHABLE), expert)

    def go_on(self) -> None:
        """Take, of three steps that are offered, the one that leads furthest."""
        if offers := [one for one in self.offers if one.step in FORWARD]:
            drawn = self.dice.choices(offers, k=3)
            self._take(max(drawn, key=lambda one: FORWARD.index(one.step)))
        else:
            self.shortlist()

    def turn(self) -> None:
        """Take any of the steps that people are offered, and seldom one that ends a case."""
        all_or_not = self.dice.random() < 0.3
        if offers := [one for one in self.offers if all_or_not or one.step not in ENDS]:
            self._take(self.dice.choice(offers))

    def _take(self, offer: Offer) -> None:
        if not self.platform.take(offer):
            with reading(self.platform.app) as session:
                assert is_for_days_of_others(session, offer), f"{offer} is offered and refused"

    def try_anything(self) -> None:
        """Try any step of anything as anybody; only whose it is succeed, where it is possible."""
        person, (kind, name) = self.dice.choice(PEOPLE), self.dice.choice(STEPS)
        if (chosen := self._pick(kind)) is None:
            return
        offer = Offer(person, (kind, chosen), name)
        assert self.platform.take(offer) <= (offer in self.offers), f"{offer} is done, not offered"

    def propose(self) -> None:
        """Propose what is approved."""
        person = self.dice.choice(SIDES)
        if self.platform.propose(person, self._request(request_rules.MATCHABLE)):
            assert person in OFFICE

    def propose_change(self) -> None:
        """Propose to change the terms of reference, from a page of this version or of another."""
        change, days = self.dice.choice(CHANGES), self.dice.choice([0, 0, 1])
        stale = self.dice.random() < 0.1
        person = self.dice.choice(SIDES)
        done = self.platform.propose_change(person, self._request(), change, days, stale=stale)
        assert not (done and stale)

    def answer_by_link(self) -> None:
        """Answer an invitation by a link that was sent at any time."""
        self.platform.answer_by_link(self.dice.randrange(100), yes=self.dice.random() < 0.7)

    def hand_over(self) -> None:
        """Let somebody else see to a request: a coordinator, and nobody else."""
        to = self.dice.choice(PEOPLE)
        if self.platform.hand_over(self.dice.choice(OFFICE), self._request(), to):
            assert to in OFFICE

    def note_call(self) -> None:
        """Note a call to the expert without an account."""
        if call := self._pick(PhoneCall):
            assert self.platform.note_call(self.dice.choice(OFFICE), call)

    def make_ready(self) -> None:
        """See to what a mission needs."""
        if mission := self._pick(Deployment):
            self.platform.make_ready(mission)

    def move_mission(self) -> None:
        """Try to give a mission other days."""
        person, later = self.dice.choice(PEOPLE[:4]), self.dice.randint(-2, 4)
        mission = self._pick(Deployment)
        if mission and self.platform.move_mission(person, mission, later):
            assert person in OFFICE

    def read_the_news(self) -> None:
        """Open the page of which somebody was told last."""
        if self.platform.news:
            self.platform.open(*self.dice.choice(self.platform.news))

    def ask_for_four_eyes(self) -> None:
        """Let a colleague have to approve whom somebody has put forward, or not."""
        self.platform.ask_for_four_eyes(self.dice.random() < 0.7)

    def let_days_pass(self) -> None:
        """Let missions come near, begin and end."""
        self.platform.let_days_pass(self.dice.randint(1, 12))

    def look(self) -> None:
        """See that everything agrees: states with bookings and missions, the log with itself."""
        with reading(self.platform.app) as session:
            assert invariants.run(session) == []
            assert audit.verify(session) == []
            days = session.execute(sa.select(BookedDay.expert_id, BookedDay.day)).all()
            assert len(days) == len(set(days))
            self.offers = list(self.platform.offers(session))
            self._each_waits_for_one_side(session)

    def _each_waits_for_one_side(self, session: Session) -> None:
        rows = session.scalars(sa.select(ExpertiseRequest)).all()
        found = waiting.list_tasks(session, rows, clock.today())
        self.open = len(found)
        for request in rows:
            if request.state in request_rules.ENDED:
                assert request.id not in found
                continue
            task = found[request.id][0]
            assert task.side in Side
            offered = {
                one.step
                for one in self.offers
                if SIDE_OF[ROLE_OF[one.person]] is task.side and _is_of_task(session, one, task)
            }
            assert offered >= STEPS_OF[task.kind], (task.kind, offered)
            if not STEPS_OF[task.kind]:
                assert request.state in request_rules.MATCHABLE


def _is_of_task(session: Session, offer: Offer, task: waiting.Task) -> bool:
    """Tell whether a step is one with what there is to do."""
    kind, number = offer.thing
    if kind is Match:
        return number == task.match.id if task.match else _is_offered(session, number, task)
    if kind is Amendment:
        return session.get_one(Amendment, number).request_id == task.request.id
    return kind is ExpertiseRequest and number == task.request.id


def _is_offered(session: Session, number: int, task: waiting.Task) -> bool:
    match = session.get_one(Match, number)
    return match.request_id == task.request.id and match.state in OFFERED


@contextmanager
def walk(maker: Any, seed: int) -> Iterator[Walk]:
    """Give a walk through an installation of its own."""
    platform = Platform(maker)
    try:
        yield Walk(platform, seed)
    finally:
        platform.close()


@pytest.mark.thorough
@pytest.mark.both_databases
def test_on_a_short_walk_nothing_is_broken_and_everybody_is_told(database_maker: Any) -> None:
    with walk(database_maker, 0) as walked:
        walked.go(60)


@pytest.mark.long
@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(1, 11))
def test_whatever_people_do_nothing_is_broken_and_everybody_is_told(
    database_maker: Any, seed: int
) -> None:
    with walk(database_maker, seed) as walked:
        walked.go(200)


def test_of_every_step_it_is_written_who_must_be_told() -> None:
    steps = {action for workflow in WORKFLOWS.values() for action in workflow.actions()}
    assert steps <= TOLD.keys()
