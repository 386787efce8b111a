"""How often somebody may do what costs much, or shows many, is counted over both workers."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from flask import Flask

from tests import factories
from tests.databases import forget_limits, writing
from tests.faults import watched_workers
from tests.faults.crowd import CLIENTS, by_turns, copy_of, form_values, statuses
from tests.live import Answer, Visitor
from webapp.accounts.models import Account
from webapp.core import limits
from webapp.core.limits import Limit
from webapp.core.record.disclosure import LISTS
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.views.writing import DRAFTS
from webapp.roster.views.exporting import EXPORTS

pytestmark = [
    pytest.mark.attack,
    pytest.mark.both_databases,
    pytest.mark.long,
    pytest.mark.usefixtures("ends_sound"),
]

TOLD = "That was too often. Please try again in"
# What is typed into a form that is refused, and must not be typed again.
TYPED = "Written by somebody in a hurry"
LEFT = 3
# How often eight press at most, until each worker has answered one of them.
ROUNDS = 20


@dataclass
class Person:
    """Somebody with two browsers, who may do something a few more times."""

    app: Flask
    account: Account
    browsers: tuple[Visitor, Visitor]

    @classmethod
    def comes(cls, app: Flask, watched_url: str, role: Role) -> "Person":
        """Let somebody new of a role sign in twice."""
        with writing(app) as session:
            account = factories.account(session, role)
        return cls(
            app,
            account,
            (Visitor(watched_url).sign_in(account), Visitor(watched_url).sign_in(account)),
        )

    def use_up(self, limit: Limit) -> None:
        """Let all be used up that a limit leaves to this person, but for a few times."""
        forget_limits(self.app)
        with self.app.app_context():
            for _ in range(min(item.amount for item in limit.items) - LEFT):
                assert limits.count(limit, str(self.account.id)) == 0

    def press(self, act: Callable[[Visitor], Answer], limit: Limit) -> list[Answer]:
        """Do something many times at one moment in both browsers, so that both workers are met."""
        for _ in range(ROUNDS):
            self.use_up(limit)
            turns = itertools.cycle(self.browsers)
            answers = by_turns(partial(_at_next, turns, act))
            if len({answer.headers[watched_workers.HEADER] for answer in answers}) == 2:
                return answers
        pytest.fail("one of the workers answers nobody")


def _at_next(turns: Iterator[Visitor], act: Callable[[Visitor], Answer]) -> Answer:
    """Do something in a copy of the browser whose turn it is."""
    return act(copy_of(next(turns)))


def refused(answers: list[Answer], let_through: int) -> list[Answer]:
    """Return those who were told to wait, after a look that as many passed as were left."""
    assert statuses(answers) == [let_through] * LEFT + [429] * (CLIENTS - LEFT)
    told = [answer for answer in answers if answer.status == 429]
    assert all(TOLD in answer.body for answer in told)
    return told


def test_rankings_are_limited_for_a_person_in_both_workers(app: Flask, watched_url: str) -> None:
    with writing(app) as session:
        path = f"/requests/{factories.request(session, RequestState.ACCEPTED).id}/matches"
    person, colleague = (Person.comes(app, watched_url, Role.COORDINATOR) for _ in range(2))
    refused(person.press(lambda browser: browser.get(path), LISTS), 200)
    assert colleague.browsers[0].get(path).status == 200


def test_files_of_the_roster_are_limited_for_a_person_in_both_workers(
    app: Flask, watched_url: str
) -> None:
    person, colleague = (Person.comes(app, watched_url, Role.COORDINATOR) for _ in range(2))
    path = "/roster/export.csv"

    def take(browser: Visitor) -> Answer:
        sent = {"csrf_token": browser.token("/account"), "kind": "upkeep", "reason": TYPED}
        return browser.post(path, sent)

    told = refused(person.press(take, EXPORTS), 200)
    assert all(TYPED in answer.body for answer in told)
    assert take(colleague.browsers[0]).status == 200


def test_drafts_are_limited_for_a_person_in_both_workers(app: Flask, watched_url: str) -> None:
    person, colleague = (Person.comes(app, watched_url, Role.REQUESTER) for _ in range(2))

    number = itertools.count()

    def write(browser: Visitor) -> Answer:
        # The same text would make no second draft.
        return browser.post("/requests/new", form_values(browser, f"{TYPED} {next(number)}"))

    told = refused(person.press(write, DRAFTS), 302)
    assert all(TYPED in answer.body for answer in told)
    assert write(colleague.browsers[0]).status == 302
