"""What administrators do not read in the log: what is decided for and about themselves."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Page, Pages
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts import viewing
from webapp.matches.models import MatchState

WITHHELD = "Another administrator reads it"


class Case:
    """Somebody who asked for experts, and somebody who is one, before they became administrators;
    somebody else is considered for the request of the first."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        self.app, self.visitor = app, visitor
        with writing(app) as session:
            office = factories.account(session, Role.COORDINATOR)
            self.asking = factories.account(session, Role.REQUESTER)
            asked = factories.request(session, RequestState.ACCEPTED, requester=self.asking)
            match = factories.match(session, MatchState.DECLINED, request=asked, coordinator=office)
            work = factories.work(session, office)
            assert match.expert.account
            self.listed, self.expert_id = match.expert.account, match.expert_id
            for path in (f"/requests/{asked.id}/matches", f"/matches/{match.id}"):
                viewing.record_views(work, [match.expert_id], "matches.ranking", path)
            viewing.record_views(work, [match.expert_id], "roster.profile", "/roster/1")
            self.other = factories.account(session, Role.ADMINISTRATOR)
        self.become_administrators()

    def become_administrators(self) -> None:
        with writing(self.app) as session:
            work = factories.work(session, self.other)
            for person in (self.asking, self.listed):
                accounts.change_roles(
                    work, session.get_one(Account, person.id), [Role.ADMINISTRATOR]
                )

    def log_of(self, person: Account, **narrowed: str) -> Page:
        return self.visitor().come_in(person).get("/audit", query=narrowed)


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


def events(page: Page) -> dict[int, str]:
    """Return what a page of the log tells of each event, by its number."""
    rows = [" ".join("".join(row.itertext()).split()) for row in page.tree.iter("tr")]
    return {int(row.split()[0]): row for row in rows if row.split()[0].isdigit()}


def test_whoever_has_asked_reads_nothing_of_those_considered(case: Case) -> None:
    others, own = events(case.log_of(case.other)), events(case.log_of(case.asking))
    telling = [
        number for number, row in others.items()
        if "match:" in row or "/matches" in row
    ]  # fmt: skip
    assert len(telling) > 3
    assert all(WITHHELD in own[number] for number in telling)
    assert not any(WITHHELD in row for row in others.values())
    rest = [number for number, row in others.items() if "/roster/1" in row]
    assert rest
    assert not any(WITHHELD in own[number] for number in rest)


@pytest.mark.both_databases
def test_narrowed_to_an_expert_the_log_does_not_tell_that_they_are_considered(case: Case) -> None:
    others = events(case.log_of(case.other, expert=str(case.expert_id)))
    own = events(case.log_of(case.asking, expert=str(case.expert_id)))
    assert len(others) == 3
    assert len(own) == 1
    assert "/roster/1" in next(iter(own.values()))


def test_whoever_has_been_an_expert_reads_nothing_of_what_is_decided_about_them(case: Case) -> None:
    others, own = events(case.log_of(case.other)), events(case.log_of(case.listed))
    telling = [number for number, row in others.items() if "match:" in row or "/roster/1" in row]
    assert len(telling) > 3
    assert not any("match:" in row and "decline" not in row for row in own.values())
    assert sum(WITHHELD in own[number] for number in telling) >= len(telling) - 1


def test_what_they_did_themselves_they_read(case: Case) -> None:
    own = events(case.log_of(case.listed, kind="match: decline"))
    assert len(own) == 1
    assert not any(WITHHELD in row for row in own.values())
