"""Whatever people do with requests, matches, changes of terms and missions, in whatever order, the
database stays sound, each open request waits for one side that can act, everybody reads what is
theirs, and whom a move concerns is told, once and nobody else.

What is drawn are mostly steps that somebody is offered at the moment: of people who do anything at
all with each other's things hardly any would reach a mission. A walk that fails is made shorter.
"""

from collections.abc import Collection
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.databases import reading
from tests.webapp.matches import soundness
from tests.webapp.matches.platform_life import (
    HOME_OF_ONE,
    OFFICE,
    ROLE_OF,
    WORKFLOWS,
    Offer,
    Platform,
)
from tests.webapp.matches.refusals import is_for_days_of_others
from tests.webapp.matches.told import TOLD
from webapp.amendments.workflow import AmendmentStep
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.rules import AGREED, ENDED, MATCHABLE
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.standing_tables import PhoneCall
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep

# With these a case goes on, the later ones further; the others turn it, and some end it. Where
# SEESAC could note an answer, those who are asked give it themselves.
FORWARD = [
    RequestStep.SUBMIT, RequestStep.ACCEPT, MatchStep.INVITE, MatchStep.NOTE_YES, MatchStep.ACCEPT,
    MatchStep.ASK_RELEASE, MatchStep.RECORD_RELEASE, MatchStep.RELEASE, MatchStep.APPROVE,
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
CHANGES: list[dict[str, Any]] = [
    {"place": "Osh"},
    {"place": "Naryn", "tasks": "Teach for two days."},
    {"experts_needed": 1},
    {"experts_needed": 3},
    {"excluded": (HOME_OF_ONE,)},
    {"excluded": ()},
    {},
]
# A precondition that names a module could not be shown by Hypothesis, which reads it anew.
OPEN = frozenset(RequestState) - ENDED
KINDS: list[type[Any]] = [*WORKFLOWS, PhoneCall]
# Of many open requests each would have too little of the walk.
OPEN_AT_MOST = 4
ANYBODY, COORDINATORS = st.sampled_from(list(ROLE_OF)), st.sampled_from(OFFICE)
MOSTLY_OFFICE = st.one_of(COORDINATORS, ANYBODY)
WRITERS = st.sampled_from([*OFFICE, "requester", "stranger"])
SELDOM = st.sampled_from([False, False, False, True])


class PlatformLife(RuleBasedStateMachine):
    """Requests with overlapping dates, four experts, and everything people can try."""

    databases: Any

    def __init__(self) -> None:
        super().__init__()
        self.platform = Platform(self.databases)
        self.offers: list[Offer] = []
        self.rows: dict[type[Any], list[int]] = {}
        self.states: dict[int, RequestState] = {}
        # The requests for which somebody waits to be proposed.
        self.approved: list[int] = []
        self.seen = 0
        # After how many changes a day came, or four eyes were asked for or no longer. What needs
        # nothing to act on would else be much of a walk, and its missions past before they begin.
        self.aside_at = 0

    def teardown(self) -> None:
        self.platform.close()

    @initialize(
        data=st.data(), needed=st.tuples(st.integers(1, 3), st.integers(1, 3)),
        considered=st.integers(0, 4), steps=st.integers(0, 15),
    )  # fmt: skip
    def begin(
        self, data: st.DataObject, needed: tuple[int, int], considered: int, steps: int
    ) -> None:
        """Ask twice, for days of which some are the same, and go on from there: few walks from a
        request alone would reach a mission."""
        for first, wanted in enumerate(needed):
            self.platform.ask(RequestState.ACCEPTED, wanted, 3 * first)
        self.all_agrees()
        for expert in self.platform.experts[:considered]:
            self.platform.shortlist("office", min(self.states), expert)
            self.all_agrees()
        self._go_on(data, steps)

    @invariant()
    def all_agrees(self) -> None:
        """Look at everything, if something was done."""
        if self.platform.changes == self.seen:
            return
        self.seen = self.platform.changes
        with reading(self.platform.app) as session:
            self.offers = list(self.platform.offers(session))
            self.rows = {
                kind: list(session.scalars(sa.select(kind.id).order_by(kind.id))) for kind in KINDS
            }
            states = sa.select(ExpertiseRequest.id, ExpertiseRequest.state)
            self.states = {row.id: row.state for row in session.execute(states)}
            approved = sa.select(Match.request_id).where(Match.state == MatchState.APPROVED)
            self.approved = sorted(set(session.scalars(approved)))
            soundness.check(session, self.platform, self.offers)

    def _list_in(self, states: Collection[RequestState]) -> list[int]:
        return sorted(number for number, state in self.states.items() if state in states)

    def _take(self, offer: Offer) -> None:
        """Take a step that is offered, so that it is done."""
        if not self.platform.take(offer):
            with reading(self.platform.app) as session:
                assert is_for_days_of_others(session, offer), f"{offer} is offered and refused"

    @rule(data=st.data(), steps=st.integers(1, 5))
    def go_on(self, data: st.DataObject, steps: int) -> None:
        """Take some steps that lead on, one after another."""
        self._go_on(data, steps)

    def _go_on(self, data: st.DataObject, steps: int) -> None:
        for _each in range(steps):
            offers = [one for one in self.offers if one.step in FORWARD]
            if bool(self.approved) and data.draw(st.booleans()):
                self.platform.propose("office", data.draw(st.sampled_from(self.approved)))
            elif offers:
                # Of a few that are drawn, the one that leads furthest.
                drawn = data.draw(st.lists(st.sampled_from(offers), min_size=1, max_size=3))
                self._take(max(drawn, key=lambda one: FORWARD.index(one.step)))
            self.all_agrees()

    @precondition(lambda self: self.offers)
    @rule(data=st.data(), perhaps_an_end=SELDOM)
    def turn(self, data: st.DataObject, perhaps_an_end: bool) -> None:
        """Take any of the steps that people are offered, and seldom one that ends a case."""
        offers = [one for one in self.offers if perhaps_an_end or one.step not in ENDS]
        if offers:
            self._take(data.draw(st.sampled_from(offers)))

    @rule(data=st.data(), step=st.sampled_from(STEPS))
    def overreach(self, data: st.DataObject, step: tuple[type[Any], Any]) -> None:
        """Let all try a step with a thing who are not offered it: each is refused."""
        kind, name = step
        if self.rows[kind]:
            thing = kind, data.draw(st.sampled_from(self.rows[kind]))
            for offer in (Offer(person, thing, name) for person in ROLE_OF):
                assert offer in self.offers or not self.platform.take(offer), (
                    f"{offer} is not offered"
                )

    @precondition(lambda self: self._list_in(MATCHABLE))
    @rule(data=st.data(), person=MOSTLY_OFFICE, expert=st.integers(0, 3))
    def shortlist(self, data: st.DataObject, person: str, expert: int) -> None:
        """Consider somebody, as a coordinator."""
        request = data.draw(st.sampled_from(self._list_in(MATCHABLE)))
        if self.platform.shortlist(person, request, self.platform.experts[expert]):
            assert person in OFFICE

    @precondition(lambda self: self.approved)
    @rule(data=st.data(), person=WRITERS)
    def propose(self, data: st.DataObject, person: str) -> None:
        """Propose what is approved."""
        if self.platform.propose(person, data.draw(st.sampled_from(self.approved))):
            assert person in OFFICE

    @precondition(lambda self: self._list_in(AGREED))
    @rule(
        data=st.data(), person=WRITERS, change=st.sampled_from(CHANGES),
        days=st.sampled_from([0, 0, 1]), stale=SELDOM,
    )  # fmt: skip
    def propose_change(
        self, data: st.DataObject, person: str, change: dict[str, Any], days: int, stale: bool
    ) -> None:
        """Propose to change the terms of reference, from a page of this version or of another."""
        request = data.draw(st.sampled_from(self._list_in(AGREED)))
        done = self.platform.propose_change(person, request, change, days, stale=stale)
        assert not (done and (stale or person == "stranger"))

    @rule(sent=st.integers(0, 99), yes=st.sampled_from([True, True, False]))
    def answer_by_link(self, sent: int, yes: bool) -> None:
        """Answer an invitation by a link that was sent at any time."""
        self.platform.answer_by_link(sent, yes=yes)

    @rule(data=st.data(), person=MOSTLY_OFFICE, to=MOSTLY_OFFICE)
    def hand_over(self, data: st.DataObject, person: str, to: str) -> None:
        """Let somebody see to a request: a coordinator another one, and nobody else."""
        if self.platform.hand_over(person, data.draw(st.sampled_from(sorted(self.states))), to):
            assert {person, to} <= set(OFFICE)

    @precondition(lambda self: self.rows[PhoneCall])
    @rule(data=st.data(), person=COORDINATORS)
    def note_call(self, data: st.DataObject, person: str) -> None:
        """Note a call to the expert without an account."""
        assert self.platform.note_call(person, data.draw(st.sampled_from(self.rows[PhoneCall])))

    @precondition(lambda self: self.rows[Deployment])
    @rule(data=st.data())
    def make_ready(self, data: st.DataObject) -> None:
        """See to what a mission needs."""
        self.platform.make_ready(data.draw(st.sampled_from(self.rows[Deployment])))

    @precondition(lambda self: self.rows[Deployment])
    @rule(data=st.data(), person=MOSTLY_OFFICE, later=st.integers(-2, 4))
    def move_mission(self, data: st.DataObject, person: str, later: int) -> None:
        """Try to give a mission other days."""
        mission = data.draw(st.sampled_from(self.rows[Deployment]))
        if self.platform.move_mission(person, mission, later):
            assert person in OFFICE

    @precondition(lambda self: self.platform.news)
    @rule(data=st.data())
    def read_the_news(self, data: st.DataObject) -> None:
        """Open the page of which somebody was told last."""
        self.platform.open(*data.draw(st.sampled_from(self.platform.news)))

    @precondition(lambda self: self.platform.changes != self.aside_at)
    @rule()
    def turn_four_eyes(self) -> None:
        """Let a colleague have to approve whom somebody has put forward, or no longer."""
        self.platform.turn_four_eyes()
        self.aside_at = self.platform.changes

    @precondition(lambda self: self.platform.changes != self.aside_at)
    @rule(days=st.integers(1, 12))
    def let_days_pass(self, days: int) -> None:
        """Let missions come near, begin and end."""
        self.platform.let_days_pass(days)
        self.aside_at = self.platform.changes

    @precondition(lambda self: len(self._list_in(OPEN)) < OPEN_AT_MOST)
    @rule(
        state=st.sampled_from([RequestState.ACCEPTED, RequestState.SUBMITTED, RequestState.DRAFT]),
        needed=st.integers(1, 3), first=st.integers(0, 7),
    )  # fmt: skip
    def ask(self, state: RequestState, needed: int, first: int) -> None:
        """Ask for experts."""
        self.platform.ask(state, needed, first)

    @rule(
        data=st.data(), person=st.one_of(st.just("requester"), ANYBODY),
        place=st.sampled_from(["Osh", "Bishkek"]),
    )  # fmt: skip
    def edit(self, data: st.DataObject, person: str, place: str) -> None:
        """Change the text of a request, which is done by its requester while it is not sent."""
        request = data.draw(st.sampled_from(sorted(self.states)))
        if self.platform.edit(person, request, place):
            assert self.states[request] in {RequestState.DRAFT, RequestState.RETURNED}
            assert person == "requester"


def walk(databases: Any, *, walks: int, moves: int) -> None:
    """Let people make so many moves at most in so many installations of their own."""
    run_state_machine_as_test(
        type("PlatformLifeHere", (PlatformLife,), {"databases": databases}),
        settings=settings(
            max_examples=walks,
            stateful_step_count=moves,
            deadline=None,
            # On a machine that is busy elsewhere its clock would end the walk after two of them.
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@pytest.mark.thorough
@pytest.mark.both_databases
def test_on_short_walks_nothing_is_broken_and_everybody_is_told(database_maker: Any) -> None:
    walk(database_maker, walks=3, moves=20)


@pytest.mark.long
@pytest.mark.first
@pytest.mark.both_databases
def test_whatever_people_do_nothing_is_broken_and_everybody_is_told(database_maker: Any) -> None:
    walk(database_maker, walks=40, moves=80)


def test_of_every_step_it_is_written_who_must_be_told() -> None:
    steps = {action for workflow in WORKFLOWS.values() for action in workflow.actions()}
    assert steps <= TOLD.keys()
