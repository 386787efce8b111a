"""What is typed into a profile is kept while it is typed, for its writer, until it is saved."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.experts.models import Expert
from webapp.kept_texts.models import KeptText

HERE, WORDS = "/profile/about", "Leads the new unit for stolen weapons since May."


@pytest.fixture
def person(app: Flask) -> Account:
    with writing(app) as session:
        account = factories.expert(session).account
    assert account is not None
    return account


def keep(pages: Pages, path: str = HERE, token: str = "", words: str = WORDS) -> str:
    """Send what the script sends in a pause, and return the token that it gets."""
    form = pages.get(HERE).form("Save")
    sent = {name: values[0] for name, values in form.values.items() if values}
    sent |= {"summary": words, "kept_page": path, "csrf_token": pages.own_token()}
    if token:
        sent["kept_text"] = token
    answer = pages.client.post("/kept-texts/typing", data=sent)
    return str(answer.get_json()["kept_text"]) if answer.status_code == 201 else ""


def rows(app: Flask) -> int:
    with reading(app) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(KeptText)) or 0


def test_what_is_typed_is_kept_until_it_is_saved(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(person)
    token = keep(pages, token=keep(pages, words="Leads the"))
    assert rows(app) == 1
    page = pages.get(HERE).follow("Go on with it")
    assert WORDS in page.text
    page = page.submit("Go on with your text", status=400)
    assert WORDS in page.text
    page = page.submit("Save")
    assert rows(app) == 0
    assert WORDS in pages.get("/profile").text
    assert "Go on with it" not in pages.get(HERE).links
    assert token


def test_two_windows_lose_no_word(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    first, second = visitor().sign_in(person), visitor().sign_in(person)
    keep(first, words="What the first window says.")
    keep(second, words="What the second window says.")
    assert rows(app) == 2
    page = first.get(HERE)
    assert page.text.count("Go on with it") == 2
    other = second.get(HERE)
    page.submit("Save", {"summary": "What was saved first."})
    refused = other.submit("Save", {"summary": "What came too late."}, status=409)
    assert "What was saved first." in refused.text
    assert "What came too late." in refused.text
    assert rows(app) == 2


def test_nobody_else_finds_what_is_typed(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    token = keep(visitor().sign_in(person))
    with writing(app) as session:
        other = factories.expert(session).account
    pages = visitor().sign_in(other)
    assert "Go on with it" not in pages.get(HERE).links
    pages.get(f"/kept-texts/{token}", status=404)
    keep(pages, token=token)
    assert rows(app) == 2, "the text of somebody else was deleted"
    with reading(app) as session:
        for row in session.scalars(sa.select(KeptText)):
            assert b"stolen" not in row.ciphertext


def test_after_an_hour_it_is_not_offered(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        pages = visitor().sign_in(person)
        keep(pages)
        moment.shift(timedelta(minutes=61))
        assert "Go on with it" not in pages.get(HERE).links


@pytest.mark.parametrize("path", ["https://example.org/", "/settings", "/nothing", "", "//x/y"])
def test_only_pages_of_ones_own_are_kept_for(
    app: Flask, person: Account, visitor: Callable[[], Pages], path: str
) -> None:
    assert keep(visitor().sign_in(person), path) == ""
    assert rows(app) == 0


def test_without_a_session_nothing_is_kept(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor()
    answer = pages.client.post("/kept-texts/typing", data={"summary": WORDS, "kept_page": HERE})
    assert answer.status_code in {302, 303, 400, 401}
    assert rows(app) == 0
    assert Role.EXPERT in person.kinds
    with reading(app) as session:
        assert session.scalars(sa.select(Expert)).all()


def test_who_has_seen_a_page_drives_nothing_out_and_is_not_offered_to_its_owner(
    person: Account, visitor: Callable[[], Pages]
) -> None:
    own = visitor().sign_in(person)
    form = own.get(HERE).form("Save")
    sent = {**form.filled({}), "summary": ["Words of a stranger"]}
    keep(own)
    stranger = visitor()
    statuses = [stranger.client.post(HERE, data=sent).status_code for _ in range(30)]
    # Nobody tries for ever.
    assert (statuses[:5], set(statuses[25:])) == ([303] * 5, {401})
    page = own.get(HERE)
    assert page.text.count("Go on with it") == 1
    assert WORDS in page.follow("Go on with it").text
