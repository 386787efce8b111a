"""People whom the tests of requests need again and again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.messages.models import Notice, OutboxMessage


@dataclass
class Person:
    """Somebody with an account, signed in on a browser of their own."""

    app: Flask
    account: Any
    pages: Pages

    def request(self, state: RequestState = RequestState.DRAFT, **changes: Any) -> int:
        """Write a request as this person, bring it to `state` and return its id."""
        with writing(self.app) as session:
            account = session.get(type(self.account), self.account.id)
            return factories.request(session, state, requester=account, **changes).id

    def get(self, url: str, **options: Any) -> Page:
        """Get a page."""
        return self.pages.get(url, **options)

    def post(self, url: str, values: Any = None, **options: Any) -> Page:
        """Send a form."""
        return self.pages.post(url, values, **options)


@pytest.fixture
def person(app: Flask, visitor: Callable[[], Pages]) -> Callable[..., Person]:
    """Return a function that makes a person of the given roles."""

    def make(*roles: Role, **values: Any) -> Person:
        with writing(app) as session:
            account = factories.account(session, *roles, **values)
        return Person(app, account, visitor().come_in(account))

    return make


@pytest.fixture
def requester(person: Callable[..., Person]) -> Person:
    """Return a requester."""
    return person(Role.REQUESTER, name="Aida Requester")


@pytest.fixture
def coordinator(person: Callable[..., Person]) -> Person:
    """Return a coordinator."""
    return person(Role.COORDINATOR, name="Caterina Coordinator")


@dataclass(frozen=True)
class Stored:
    """What the database holds of one request."""

    state: RequestState
    version: int
    title: str
    place: str
    themes: list[str]
    languages: list[str]
    actions: list[str]


@dataclass
class Database:
    """Looks into the test's database with fresh eyes."""

    app: Flask

    def request(self, request_id: int) -> Stored:
        """Return what is stored of a request."""
        with reading(self.app) as session:
            found = session.get_one(ExpertiseRequest, request_id)
            events = session.query(AuditEvent).filter_by(request_id=request_id)
            return Stored(
                found.state,
                found.version,
                found.title,
                found.place,
                [row.theme_code for row in found.themes],
                [row.language for row in found.languages],
                [event.action for event in events.order_by(AuditEvent.id)],
            )

    def count(self) -> int:
        """Return how many requests there are."""
        with reading(self.app) as session:
            return session.query(ExpertiseRequest).count()

    def mails(self) -> list[tuple[int | None, str, str]]:
        """Return account, subject and body of the mails that are queued."""
        with reading(self.app) as session:
            rows = session.query(OutboxMessage).order_by(OutboxMessage.id)
            return [(row.account_id, row.subject, row.body) for row in rows]

    def reasons(self, account_id: int) -> list[str]:
        """Return the reasons that somebody's notices give, oldest first."""
        with reading(self.app) as session:
            rows = session.query(Notice).filter_by(account_id=account_id).order_by(Notice.id)
            return [row.reason.text if row.reason else "" for row in rows]


@pytest.fixture
def database(app: Flask) -> Database:
    """Return the test's database to look into."""
    return Database(app)
