"""A request whose terms of reference were accepted, and those who would change them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import is_sound, reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.amendments import operations
from webapp.amendments.models import Amendment
from webapp.amendments.workflow import AmendmentStep
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.messages.models import Notice

WHY = Grounds(ReasonKind.COMMENT, "The hall has moved.")


class Case:
    """A request, its requester, and a coordinator, each with a browser."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        self.app = app
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            self.person = factories.account(session, Role.REQUESTER)
            self.request_id = self.begin(session, RequestState.ACCEPTED).id
        self.address = f"/requests/{self.request_id}"
        self.requester = visitor().come_in(self.person)
        self.coordinator = visitor().come_in(self.office)

    def begin(self, session: Any, state: RequestState, **changes: Any) -> ExpertiseRequest:
        """Write a request of the requester and bring it to a state."""
        return factories.request(
            session, state, requester=self.person, coordinator=self.office, **changes
        )

    def ask(self, pages: Pages, values: dict[str, Any], status: int | None = None) -> Page:
        """Fill in the form of a change and send it."""
        form = pages.get(f"{self.address}/amend")
        given = {"Why it should change": "The hall has moved.", **values}
        return form.submit("Propose the change", given, status=status)

    def propose(self, person: Account, seen: int = 1, **changes: Any) -> int:
        """Propose a change without a page; return its number."""
        with writing(self.app) as session:
            request = session.get_one(ExpertiseRequest, self.request_id)
            content = replace(get_content(request), **changes)
            work = factories.work(session, person)
            return operations.propose(work, request, content, WHY, seen_version=seen).id

    def take(self, person: Account, step: AmendmentStep, number: int) -> None:
        """Answer a change, or take it back, without a page."""
        with writing(self.app) as session:
            work = factories.work(session, person)
            operations.take(work, session.get_one(Amendment, number), step, WHY)

    def agree(self, **changes: Any) -> None:
        """Let the requester propose a change and SEESAC agree to it."""
        with reading(self.app) as session:
            seen = session.get_one(ExpertiseRequest, self.request_id).tor_version
        number = self.propose(self.person, seen, **changes)
        self.take(self.office, AmendmentStep.AGREE, number)

    def told(self, person: Account) -> list[str]:
        """Return the subjects of what somebody was told, oldest first."""
        with reading(self.app) as session:
            rows = session.scalars(
                sa.select(Notice).where(Notice.account_id == person.id).order_by(Notice.id)
            )
            return [str(row.words["subject"]["text"]) for row in rows]

    def is_sound(self) -> bool:
        """Tell whether the database keeps all of its invariants."""
        return is_sound(self.app)


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    """Return a request with accepted terms of reference."""
    return Case(app, visitor)
