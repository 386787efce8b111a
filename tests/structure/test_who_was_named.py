"""Whoever is named on a page was noted, in whatever part of the page the name stands.

Templates note by themselves whom they read of; of a name that Python has put into a list to choose
from, an attribute or a sentence they know nothing. So all pages to which links lead are opened in
each role, on a roster with more people than a page speaks of, and the names in what was sent are
compared with those that were recorded for its address.
"""

import html
import re
from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import forget_limits, reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert

pytestmark = pytest.mark.long

# Of pages that differ only in whom or what they are of, and in what is asked of them.
OF_A_KIND, OF_AN_ADDRESS = 2, 8
LINK = re.compile(r'(?:href|action)="(/[^"#]*)')
ENDS_SESSION = "/logout"


def put_a_crowd(session: Session, world: factories.World) -> ExpertiseRequest:
    """Put so many on the roster that lists offer more than the page tells of; return a request that
    needs three of them and considers three."""
    requester, coordinator = (
        session.get_one(Account, world.first(role).id)
        for role in (Role.REQUESTER, Role.COORDINATOR)
    )
    wanted = factories.request(
        session, RequestState.ACCEPTED, requester=requester, coordinator=coordinator,
        experts_needed=3,
    )  # fmt: skip
    # Of whoever has an account less is read besides the name, no telephone to call.
    crowd = [factories.expert(session, signs_in=number < 3) for number in range(9)]
    for one in crowd[:3]:
        factories.match(session, request=wanted, expert=one, coordinator=coordinator)
    return wanted


class Reader:
    """Somebody who opens pages, and what was recorded of that by address."""

    def __init__(self, app: Flask, pages: Pages, account: Account) -> None:
        self.app, self.pages, self.id = app, pages.come_in(account), account.id
        self.told: dict[str, set[int]] = {}
        self.latest = 0
        with reading(app) as session:
            experts = session.scalars(sa.select(Expert)).all()
            # Two who have one name cannot be told apart in a text: either may have been recorded.
            self.names: dict[str, set[int]] = {}
            for one in experts:
                if one.account_id != self.id:
                    self.names.setdefault(one.name, set()).add(one.id)

    def unrecorded(self, path: str, text: str) -> set[str]:
        """Return who is named in what came from an address, and was never recorded for it."""
        with reading(self.app) as session:
            events = session.scalars(sa.select(AuditEvent).where(
                AuditEvent.actor_id == self.id, AuditEvent.id > self.latest,
                AuditEvent.action == Action.PROFILE_VIEWED,
            ))  # fmt: skip
            for event in events:
                self.told.setdefault(event.details["path"], set()).update(event.details["experts"])
                self.latest = max(self.latest, event.id)
        told = self.told.get(path, set())
        return {name for name in self.named(text) if not self.names[name] & told}

    def named(self, text: str) -> set[str]:
        """Return the names of experts that stand anywhere in a text."""
        said = html.unescape(text)
        return {name for name in self.names if re.search(rf"{re.escape(name)}\b", said)}

    def walk(self, *first: str) -> Iterator[tuple[str, str]]:
        """Yield the paths and texts of pages to which links lead from the first ones."""
        todo, seen = deque([*first, "/"]), {ENDS_SESSION}
        kinds: Counter[str] = Counter()
        while todo:
            url = todo.popleft()
            path, asked = urlsplit(url).path, urlsplit(url).query
            address = re.sub(r"\d+", "N", path)
            kind = f"{address}?{sorted({name for name, _ in parse_qsl(asked)})}"
            known = kinds[kind] >= OF_A_KIND or kinds[address] >= OF_AN_ADDRESS
            if url in seen or known or path.startswith("/static/"):
                continue
            seen.add(url)
            kinds.update({kind: 1, address: 1} if kind != address else {address: 1})
            forget_limits(self.app)
            answer = self.pages.client.get(url)
            if location := answer.headers.get("Location"):
                todo.append(location)
            if answer.status_code == 200 and (answer.mimetype or "").startswith("text/"):
                yield path, answer.text
                todo.extend(html.unescape(link) for link in LINK.findall(answer.text))


@pytest.mark.parametrize("role", list(Role))
def test_whoever_is_named_anywhere_on_a_page_is_recorded(
    app: Flask, world: factories.World, pages: Pages, role: Role
) -> None:
    with writing(app) as session:
        wanted = put_a_crowd(session, world)
    reader = Reader(app, pages, world.first(role))
    named: dict[str, set[str]] = {}
    missing: dict[str, set[str]] = {}
    pages_of_it = [f"/requests/{wanted.id}/{name}" for name in ("team", "invite", "matches")]
    for path, text in reader.walk(*pages_of_it):
        named.setdefault(path, set()).update(reader.named(text))
        if faults := reader.unrecorded(path, text):
            missing.setdefault(path, set()).update(faults)
    assert not missing
    if role is Role.COORDINATOR:
        assert len(named[f"/requests/{wanted.id}/team"]) > 3
        assert len(named[f"/requests/{wanted.id}/invite"]) == 3


def test_whoever_is_named_where_nobody_was_chosen_is_recorded(
    app: Flask, world: factories.World, pages: Pages
) -> None:
    with writing(app) as session:
        wanted = put_a_crowd(session, world)
    reader = Reader(app, pages, world.first(Role.COORDINATOR))
    path = f"/requests/{wanted.id}/invite"
    answer = reader.pages.client.post(path, data={"csrf_token": reader.pages.own_token()})
    assert answer.status_code == 400
    assert len(reader.named(answer.text)) == 3
    assert not reader.unrecorded(path, answer.text)
