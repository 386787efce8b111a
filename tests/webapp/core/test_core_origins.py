"""Where requests come from: proxies are believed as far as stated, and nobody else is."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import serving
from tests.databases import reading, writing
from tests.live import Visitor
from tests.pages import Pages
from webapp.core import origins
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role

HOST = "platform.example.org"
OURS = f"https://{HOST}"
PRODUCTION = {
    "BEHIND_TLS": "1",
    "PLATFORM_URL": OURS,
    "MAIL_SERVER": "127.0.0.1",
    "MAIL_DEFAULT_SENDER": f"platform@{HOST}",
    "TRUSTED_PROXIES": "1",
}
NOT_HEARD = (
    "SCRIPT_NAME", "PATH_INFO", "SCRIPT-NAME", "X-Forwarded-Prefix", "X-Script-Name",
    "REMOTE_USER", "X-Forwarded-Host", "X_Forwarded_For",
)  # fmt: skip
FOREIGN_PAGES: tuple[Mapping[str, str], ...] = (
    {"Origin": "https://elsewhere.example.org"},
    {"Origin": f"http://{HOST}"},
    {"Origin": f"{OURS}.elsewhere.example.org"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": OURS},
)
OUR_PAGES: tuple[Mapping[str, str], ...] = (
    {},
    {"Origin": OURS},
    {"Origin": OURS, "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
)


@pytest.fixture
def proxied(app: Flask, instance: Path, database_url: str) -> Iterator[Visitor]:
    """Return a requester at a server as in production, behind one proxy."""
    with writing(app) as session:
        account = factories.account(session, Role.REQUESTER, demo=False)
        factories.consent(session, account)
    with serving(instance, database_url, **PRODUCTION) as url:
        someone = Visitor(url)
        someone.usual = {"Host": HOST, "Referer": f"{OURS}/login"}
        yield someone.sign_in(account)


def addresses(app: Flask) -> list[str | None]:
    """Return from where accounts were changed, as the audit log has it."""
    with reading(app) as session:
        changed = AuditEvent.action == "account changed"
        return list(session.scalars(sa.select(AuditEvent.address).where(changed)))


@pytest.mark.thorough
def test_a_server_in_production_believes_one_proxy_and_serves_one_host(
    proxied: Visitor, app: Flask, instance: Path
) -> None:
    """One server for all of it: it takes seconds to start."""
    for path in ("/requests", "/privacy", "/static/css/theme.css", "/no-such-page"):
        for host in ("elsewhere.example.org", "127.0.0.1", f"{HOST}.elsewhere.example.org", "a b",
                     "x" * 300, f"someone@{HOST}", f"{HOST}:port"):  # fmt: skip
            answer = proxied.get(path, {"Host": host})
            assert answer.status == 400, (path, host)
            assert answer.missing == set()
            assert "Location" not in answer.headers
    assert proxied.get("/requests", {"Host": f"{HOST}:443"}).status == 200
    for host in ("127.0.0.1:8000", "localhost", HOST):
        assert proxied.get("/healthz", {"Host": host}).status == 200
    assert proxied.get("/healthz", {"Host": "elsewhere.example.org"}).status == 400

    page = proxied.get("/requests/new").body
    for name in NOT_HEARD:
        for value in ("/elsewhere", "/requests", "//elsewhere.example.org"):
            answer = proxied.get("/requests/new", {name: value})
            assert (answer.status, len(answer.body)) == (200, len(page)), name
            assert "elsewhere" not in answer.body

    token = proxied.token("/privacy")
    for number, headers in enumerate((*FOREIGN_PAGES, *OUR_PAGES)):
        values = {"language": ("en", "ru")[number % 2], "csrf_token": token}
        sent = {**headers, "X-Forwarded-For": f"203.0.113.99, 203.0.113.{number}"}
        answer = proxied.post("/language", values, sent)
        foreign = number < len(FOREIGN_PAGES)
        assert answer.status == (403 if foreign else 302), headers
        assert answer.missing == set()
        expected = list(range(len(FOREIGN_PAGES), number + 1))
        assert addresses(app) == [f"203.0.113.{one}" for one in expected]
    assert "Traceback" not in (instance / "server.log").read_text()


@pytest.mark.parametrize("headers", FOREIGN_PAGES)
def test_a_form_that_another_website_sends_is_refused_before_the_sign_in_too(
    pages: Pages, headers: Mapping[str, str], app: Flask
) -> None:
    form = pages.get("/login").form("Sign in")
    answer = pages.client.post("/login", data=form.values, headers=headers)
    page = pages.check("/login", answer)
    assert page.status == 403
    assert "from another website" in page.text


def test_without_a_stated_proxy_nobody_is_believed(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    pages = sign_in_as(Role.EXPERT)
    believed = {"X-Forwarded-For": "203.0.113.1", "Forwarded": "for=203.0.113.1",
                "X-Real-IP": "203.0.113.1", "X-Forwarded-Proto": "https"}  # fmt: skip
    values = {"language": "ru", "csrf_token": pages.own_token()}
    assert pages.client.post("/language", data=values, headers=believed).status_code == 302
    assert addresses(app) == ["127.0.0.1"]


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/login", "/privacy", "/language"])
def test_too_much_at_once_is_refused_in_words_over_the_wire(live_url: str, path: str) -> None:
    visitor = Visitor(live_url)
    token = visitor.token("/login")
    many = {f"field-{number}": "x" for number in range(20_000)}
    for values in ({"email": "x" * 5_000_000}, {"email": "x" * 1_100_000}, many):
        answer = visitor.post(path, {**values, "csrf_token": token})
        assert answer.status == 413, answer.body[:300]
        assert answer.missing == set()
        assert "<h1>" in answer.body


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::0:1", "2001:db8::1"),
        ("of nobody " * 20, None),
        ("", None),
    ],
)
def test_only_an_address_is_written_down_as_one(app: Flask, told: str, kept: str | None) -> None:
    """A proxy that only passes a header on passes on whatever stands there."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": told}):
        assert origins.address() == kept
