"""The states of a request, walked at random against a table written down a second time."""

import itertools
from contextlib import ExitStack

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests import factories
from tests.databases import reading
from tests.factories.requests import PATHS
from webapp.accounts.models import Account
from webapp.core.errors import DomainError
from webapp.core.record import audit
from webapp.core.roles import Role
from webapp.expertise_requests import operations, queries, rules
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.workflow import WORKFLOW, RequestStep
from webapp.messages.models import Notice, OutboxMessage

S = RequestState
R = RequestStep
OPEN = {S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.MATCHING, S.PROPOSED, S.CONFIRMED}

# By operation: who may, from where to where, and from where a reason is needed.
TABLE: dict[RequestStep, tuple[str, dict[S, S], set[S]]] = {
    R.SUBMIT: ("owner", {S.DRAFT: S.SUBMITTED, S.RETURNED: S.SUBMITTED}, set()),
    R.TAKE_BACK: ("owner", {S.SUBMITTED: S.DRAFT}, set()),
    R.RETURN: ("coordinator", {S.SUBMITTED: S.RETURNED}, {S.SUBMITTED}),
    R.ACCEPT: ("coordinator", {S.SUBMITTED: S.ACCEPTED}, set()),
    R.DECLINE: ("coordinator", {S.SUBMITTED: S.DECLINED}, {S.SUBMITTED}),
    R.WITHDRAW: ("owner", dict.fromkeys(OPEN, S.WITHDRAWN), OPEN),
    R.DISCARD: ("owner", {S.DRAFT: S.WITHDRAWN}, set()),
    R.PROPOSE: ("coordinator", {S.MATCHING: S.PROPOSED, S.PROPOSED: S.PROPOSED}, set()),
    R.CONFIRM: ("owner", {S.PROPOSED: S.CONFIRMED}, set()),
    R.LEAVE_UNFILLED: (
        "coordinator",
        dict.fromkeys((S.ACCEPTED, S.MATCHING, S.PROPOSED), S.UNFILLED),
        {S.ACCEPTED, S.MATCHING, S.PROPOSED},
    ),
    R.REOPEN: ("coordinator", {S.CONFIRMED: S.PROPOSED, S.CLOSED: S.PROPOSED}, set()),
    R.CLOSE: ("coordinator", {S.CONFIRMED: S.CLOSED}, set()),
    R.CLOSE_WITH_SELECTED: ("coordinator", {S.PROPOSED: S.CLOSED}, {S.PROPOSED}),
}
TELLING = {
    R.SUBMIT, R.RETURN, R.ACCEPT, R.DECLINE, R.LEAVE_UNFILLED, R.PROPOSE, R.CLOSE,
    R.CLOSE_WITH_SELECTED,
}  # fmt: skip
# What is refused by whether somebody is selected for the request.
BY_SELECTION = {R.CLOSE_WITH_SELECTED: True, R.LEAVE_UNFILLED: False}
# Steps that follow from others have no button.
UNOFFERED = {R.PROPOSE, R.CONFIRM, R.REOPEN}
AGREED = {S.ACCEPTED, S.MATCHING, S.PROPOSED, S.CONFIRMED, S.CLOSED, S.UNFILLED}

PEOPLE = {
    "owner": (Role.REQUESTER,),
    "stranger": (Role.REQUESTER,),
    "coordinator": (Role.COORDINATOR,),
    "expert": (Role.EXPERT,),
    # Must not reach other people's requests as a requester because they are a coordinator too.
    "both": (Role.REQUESTER, Role.COORDINATOR),
}
ATTEMPTS = list(itertools.product(TABLE, PEOPLE, ("", " \n", "There is a reason.")))


class RequestLife(RuleBasedStateMachine):
    """One request and everybody who might try something with it."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.session = self.stack.enter_context(reading(self.app))
        self.actors = {
            name: factories.actor(factories.account(self.session, *roles))
            for name, roles in PEOPLE.items()
        }
        self.owner = self.session.get_one(Account, self.actors["owner"].id)
        self.sent, self.titled = False, True

    @initialize(state=st.sampled_from(sorted(RequestState)))
    def begin_anywhere(self, state: RequestState) -> None:
        """Begin in every state, for few walks from a draft would reach the late ones."""
        self.request = factories.request(self.session, state, requester=self.owner)
        path = PATHS[state]
        self.expected = state
        self.sent = R.SUBMIT in path
        self.read = any(WORKFLOW[step].by is Role.COORDINATOR for step in path)
        self.events = self._events()
        # Whoever is selected on the way was proposed by a step of their own.
        selected = self.request.experts_needed if R.CONFIRM in path else 0
        self.selected = bool(selected)
        self.told = sum(step in TELLING for step in path) + selected
        self.accepted = path.count(R.ACCEPT)

    def teardown(self) -> None:
        audit.forget(self.session)
        self.stack.close()

    def _events(self) -> int:
        # Matches and missions that end with the request have events of their own.
        waiting = self.session.info[audit.PENDING]
        return sum(subject is self.request for _, subject in waiting)

    def _allowed(self, operation: RequestStep, who: str, reason: str) -> bool:
        by, moves, needs_reason = TABLE[operation]
        here = self.expected
        return (
            (who == by or (who == "both" and by == "coordinator"))
            and here in moves
            and (here not in needs_reason or bool(reason.strip()))
            and (operation is not R.SUBMIT or self.titled)
            and (operation is not R.TAKE_BACK or not self.read)
            and BY_SELECTION.get(operation, self.selected) is self.selected
        )

    def _call(self, operation: RequestStep, who: str, reason: str) -> None:
        work = factories.work(self.session, self.actors[who])
        why = factories.grounds(WORKFLOW[operation], reason)
        operations.take(work, self.request, operation, why)

    @rule(number=st.integers(0, 100))
    def take_a_step(self, number: int) -> None:
        possible = [attempt for attempt in ATTEMPTS if self._allowed(*attempt)]
        if not possible:
            return
        operation, who, reason = possible[number % len(possible)]
        self._call(operation, who, reason)
        self.expected = TABLE[operation][1][self.expected]
        self.sent = (self.sent or operation is R.SUBMIT) and operation is not R.TAKE_BACK
        self.read = self.read or WORKFLOW[operation].by is Role.COORDINATOR
        self.events += 1
        self.told += operation in TELLING
        self.accepted += operation is R.ACCEPT

    @invariant()
    def refuses_all_other_steps(self) -> None:
        for attempt in ATTEMPTS:
            if not self._allowed(*attempt):
                with pytest.raises(DomainError):
                    self._call(*attempt)
                assert not self.session.is_modified(self.request), attempt

    @rule()
    def shortlisting_starts_the_matching(self) -> None:
        work = factories.work(self.session, self.actors["coordinator"])
        operations.start_matching(work, self.request)
        if self.expected is S.ACCEPTED:
            self.expected = S.MATCHING
            self.events += 1

    @rule(
        who=st.sampled_from(["owner", "stranger", "coordinator", "both"]),
        fresh=st.booleans(),
        place=st.sampled_from(["Osh", "Naryn", "Bishkek"]),
        title=st.sampled_from(["", "A title"]),
    )
    def try_edit(self, who: str, fresh: bool, place: str, title: str) -> None:
        content = factories.content(place=place, title=title)
        incomplete = self.expected is S.RETURNED and not title
        allowed = who == "owner" and fresh and self.expected in {S.DRAFT, S.RETURNED}
        changed = get_content(self.request) != content
        seen = self.request.version - (0 if fresh else 1)
        work = factories.work(self.session, self.actors[who])
        if allowed and not incomplete:
            operations.save(work, self.request, content, seen_version=seen)
            assert get_content(self.request) == content
            self.events += changed
            self.titled = bool(title)
            return
        before = get_content(self.request)
        with pytest.raises(DomainError):
            operations.save(work, self.request, content, seen_version=seen)
        assert get_content(self.request) == before

    @invariant()
    def is_where_it_should_be(self) -> None:
        assert self.request.state is self.expected

    @invariant()
    def every_step_left_one_event(self) -> None:
        assert self._events() == self.events

    @invariant()
    def every_decision_was_told(self) -> None:
        self.session.flush()
        for table in (OutboxMessage, Notice):
            rows = self.session.scalars(sa.select(table.account_id)).all()
            assert rows.count(self.owner.id) == self.told
            assert self.actors["stranger"].id not in rows
            assert self.actors["expert"].id not in rows

    @invariant()
    def accepted_terms_are_kept(self) -> None:
        assert self.request.tor_version == self.accepted == len(self.request.terms)
        assert (self.expected in AGREED) <= (self.accepted > 0)

    @invariant()
    def is_read_by_its_own_people_only(self) -> None:
        readers = {
            name for name, actor in self.actors.items() if rules.can_read(actor, self.request)
        }
        assert readers == {"owner"} | ({"coordinator", "both"} if self.sent else set())

    @invariant()
    def offers_what_can_be_done(self) -> None:
        for who, actor in self.actors.items():
            expected = {
                name
                for name, (by, moves, _) in TABLE.items()
                if name not in UNOFFERED
                and not (name is R.TAKE_BACK and self.read)
                and self.expected in moves
                and (who == by or (who == "both" and by == "coordinator" and self.sent))
            }
            offered = set(rules.possible_steps(actor, self.request))
            assert offered == expected, who

    @invariant()
    def is_listed_for_coordinators_once_sent(self) -> None:
        listed = queries.list_sent_in(self.session).items
        assert (self.request in listed) == self.sent


@pytest.mark.long
def test_the_states_of_a_request_follow_the_table(app: Flask) -> None:
    machine = type("RequestLifeHere", (RequestLife,), {"app": app})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=50,
            stateful_step_count=20,
            deadline=None,
            # On a machine that is busy elsewhere its clock would end the walk after two of them.
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
