"""What takes long to read keeps nobody from writing meanwhile, also where one writes at a time."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.matches.test_matches_passages import PASTED
from webapp.accounts import rules
from webapp.accounts.models import Account
from webapp.authorities import nominations
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import calendar
from webapp.matches.ranking import rankings
from webapp.matches.ranking.passages import digest_of

LIST = b"name,telephone,jurisdiction\nAna Novak,+382 67 000 000,MNE\n"
DAYS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    b"DTSTAMP:20310101T000000Z\r\nDTSTART;VALUE=DATE:20310301\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
NEW = {"old_password": factories.PASSWORD, "password": "kajak maslina vrbas 7"}
# Where something is sent, what is sent, and what takes long with it.
LONG: dict[str, tuple[Role, dict[str, Any], Any, str]] = {
    "/account/password": (Role.REQUESTER, NEW, rules, "guesses"),
    "/officials/nominate-list": (
        Role.NOMINATING_AUTHORITY, {"act": "nominate", "file": LIST}, nominations, "find_faults"
    ),
    "/profile/unavailable/file": (Role.EXPERT, {"file": DAYS}, calendar, "with_more"),
    "/requests/{asked}/matches/{expert}": (Role.COORDINATOR, {}, rankings, "read_order"),
    "/requests/{asked}/passages/count/{digest}": (
        Role.COORDINATOR, {}, rankings, "list_set_aside"
    ),
}  # fmt: skip


@pytest.mark.parametrize("address", LONG)
def test_somebody_else_writes_while_it_is_read(
    app: Flask,
    world: factories.World,
    visitor: Callable[[], Pages],
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    role, values, module, slow = LONG[address]
    reads = getattr(module, slow)
    other = world.first(Role.COORDINATOR)

    def read_slowly(*given: Any, **named: Any) -> Any:
        with writing(app) as session:
            session.get_one(Account, other.id).name = "Written meanwhile"
        return reads(*given, **named)

    asked = world.requests[RequestState.ACCEPTED].id
    with writing(app) as session:
        session.get_one(ExpertiseRequest, asked).tasks = PASTED
    monkeypatch.setattr(module, slow, read_slowly)
    pages = visitor().sign_in(world.first(role))
    sent = {
        name: (io.BytesIO(value), "a.file") if isinstance(value, bytes) else value
        for name, value in values.items()
    }
    path = address.format(asked=asked, expert=world.experts[1].id, digest=digest_of(PASTED))
    answer = pages.client.post(path, data={**sent, "csrf_token": pages.own_token()})
    assert answer.status_code in {200, 302, 303}
    with reading(app) as session:
        assert session.get_one(Account, other.id).name == "Written meanwhile"
