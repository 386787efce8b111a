"""The language that somebody has chosen: kept for an account or a session, and never a way out."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, rows
from tests.pages import Pages
from webapp.accounts import forms
from webapp.accounts.models import Account
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role


@pytest.fixture(autouse=True)
def _two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "languages", lambda: ("en", "sr"))


def choose(pages: Pages, language: str = "sr", came_from: str = "", status: int = 302) -> str:
    """Send the choice with a valid token, as from a page; return where it leads."""
    token = pages.own_token()
    answer = pages.client.post(
        "/language",
        data={"language": language, "csrf_token": token},
        headers={"Referer": came_from} if came_from else {},
    )
    assert answer.status_code == status
    return str(answer.headers.get("Location", ""))


def test_the_account_keeps_the_choice_and_the_log_tells_of_it(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    pages = sign_in_as(Role.COORDINATOR)
    for _ in range(2):
        choose(pages)
    with reading(app) as session:
        account = session.scalars(sa.select(Account)).one()
        assert account.language == "sr"
        (event,) = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == Action.ACCOUNT_CHANGED)
        )
        assert (event.action, event.subject, event.subject_id) == (
            "account changed", "account", account.id,
        )  # fmt: skip
        assert event.details == {"field": "language", "before": None, "after": "sr"}


def test_a_stranger_keeps_the_choice_in_the_session(app: Flask, pages: Pages) -> None:
    before = rows(app)
    choose(pages)
    with pages.client.session_transaction() as kept:
        assert kept["language"] == "sr"
    assert rows(app) == before


@pytest.mark.parametrize("language", ["", "xx", "SR", "en_GB", "../en", "a\x00"])
def test_a_language_that_there_is_not_is_refused(pages: Pages, language: str) -> None:
    choose(pages, language, status=400)
    with pages.client.session_transaction() as kept:
        assert "language" not in kept


def test_without_a_token_nothing_is_kept(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    pages = sign_in_as(Role.EXPERT)
    assert pages.client.post("/language", data={"language": "sr"}).status_code == 400
    with reading(app) as session:
        assert session.scalars(sa.select(Account.language)).one() is None


@pytest.mark.parametrize(
    ("came_from", "leads"),
    [
        ("", "/"),
        ("http://localhost/privacy", "/privacy"),
        ("http://localhost/login?next=%2Frequests", "/login?next=%2Frequests"),
        ("http://localhost/privacy#content", "/privacy"),
        ("http://localhost/language", "/"),
        ("http://localhost/no/such/page", "/"),
        ("http://elsewhere.example/privacy", "/"),
        ("http://localhost@elsewhere.example/privacy", "/"),
        ("http://localhost//elsewhere.example/privacy", "/"),
        ("http://localhost//privacy", "/"),
        ("http://localhost///privacy", "/"),
        ("http://localhost//language", "/"),
        ("http://localhost/\\elsewhere.example", "/"),
        ("http://localhost/\\privacy", "/"),
        ("http://localhost/\\/privacy", "/"),
        ("//elsewhere.example/privacy", "/"),
        ("javascript:alert(1)", "/"),
        ("http://[half/privacy", "/"),
    ],
)
def test_it_leads_back_to_a_page_of_ours_and_nowhere_else(
    pages: Pages, came_from: str, leads: str
) -> None:
    assert choose(pages, came_from=came_from) == leads


def test_pages_are_in_the_language_of_the_account(
    app: Flask, sign_in_as: Callable[..., Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    from webapp.core.words import language

    monkeypatch.setattr(language, "languages", lambda: ("en", "sr"))
    pages = sign_in_as(Role.COORDINATOR)
    choose(pages)
    seen: list[str] = []
    app.before_request_funcs[None].append(lambda: seen.append(language.current_language()))
    pages.client.get("/privacy")
    assert seen == ["sr"]


def test_the_factory_makes_accounts_that_have_chosen_nothing(app: Flask) -> None:
    with reading(app) as session:
        assert factories.account(session, Role.EXPERT).language is None
