"""What is typed into a profile is kept while it is typed, for its writer, until it is saved."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Form, Pages
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.experts.models import Expert
from webapp.kept_texts import rules
from webapp.kept_texts.models import KeptText

HERE, WORDS = "/profile/about", "Leads the new unit for stolen weapons since May."


@pytest.fixture
def person(app: Flask) -> Account:
    with writing(app) as session:
        account = factories.expert(session).account
    assert account is not None
    return account


def keep(
    pages: Pages, path: str = HERE, token: str = "", words: str = WORDS, form: Form | None = None
) -> str:
    """Send what the script sends in a pause, and return the token that it gets."""
    form = form or pages.get(HERE).form("Save")
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
    page = pages.get(HERE)
    assert "What you typed here and did not save" in page.text
    assert page.form("Save").values["summary"] == [WORDS]
    page = page.submit("Save")
    assert rows(app) == 0
    assert WORDS in pages.get("/profile").text
    assert "did not save" not in pages.get(HERE).text
    assert token


def test_what_is_thrown_away_leaves_what_is_saved(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(person)
    saved = pages.get(HERE).form("Save").values["summary"]
    keep(pages)
    page = pages.get(HERE).submit("Throw it away and show what is saved")
    assert "What you had typed is thrown away." in page.text
    assert page.form("Save").values["summary"] == saved
    assert rows(app) == 0


def test_nobody_throws_away_what_somebody_else_typed(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    token = keep(visitor().sign_in(person))
    with writing(app) as session:
        other = factories.expert(session).account
    visitor().sign_in(other).post(f"/kept-texts/{token}/forget", status=404)
    assert rows(app) == 1


def test_what_was_typed_before_others_saved_something_is_compared_with_it(
    person: Account, visitor: Callable[[], Pages]
) -> None:
    first, second = visitor().sign_in(person), visitor().sign_in(person)
    keep(first)
    second.get("/profile/training/new").submit("Save", {"title": "A course", "kind": "course"})
    refused = first.get(HERE).submit("Save", status=409)
    assert WORDS in refused.text
    assert "Stored now" in refused.text


def test_what_no_page_can_hold_comes_back_with_a_mark(
    person: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(person)
    keep(pages, words="Leads \x00 the unit.")
    assert "Leads \N{REPLACEMENT CHARACTER} the unit." in pages.get(HERE).text


def test_more_than_a_form_can_take_is_not_kept(
    app: Flask, person: Account, visitor: Callable[[], Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LARGEST_TYPED", 4000)
    pages = visitor().sign_in(person)
    token = keep(pages, words="long " * 100)
    assert not keep(pages, words="long " * 1000, token=token)
    assert rows(app) == 1, "what was kept before is lost"


def test_two_windows_lose_no_word(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    first, second = visitor().sign_in(person), visitor().sign_in(person)
    there, here = (pages.get(HERE).form("Save") for pages in (first, second))
    keep(first, words="What the first window says.", form=there)
    keep(second, words="What the second window says.", form=here)
    assert rows(app) == 2
    page = first.get(HERE)
    assert page.form("Save").values["summary"] == ["What the second window says."]
    assert "What the first window says." in page.follow("Go on with it").text
    other = second.get(HERE)
    page.submit("Save", {"summary": "What was saved first."})
    refused = other.submit("Save", {"summary": "What came too late."}, status=409)
    assert "What was saved first." in refused.text
    assert "What came too late." in refused.text
    assert "What the first window says." in page.pages.get(HERE).text


def test_nobody_else_finds_what_is_typed(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    token = keep(visitor().sign_in(person))
    with writing(app) as session:
        other = factories.expert(session).account
    pages = visitor().sign_in(other)
    assert "did not save" not in pages.get(HERE).text
    pages.get(f"/kept-texts/{token}", status=404)
    keep(pages, token=token)
    assert rows(app) == 2, "the text of somebody else was deleted"
    with reading(app) as session:
        for row in session.scalars(sa.select(KeptText)):
            assert b"stolen" not in row.ciphertext


def test_after_two_weeks_it_does_not_come_back(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        pages = visitor().sign_in(person)
        keep(pages)
        moment.shift(timedelta(days=13, hours=23))
        assert WORDS in visitor().sign_in(person).get(HERE).text
        moment.shift(timedelta(hours=1))
        assert "did not save" not in visitor().sign_in(person).get(HERE).text


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
    assert page.form("Save").values["summary"] == [WORDS]
    assert "Go on with it" not in page.text


def test_the_profile_says_in_which_sections_something_was_typed_and_not_saved(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(person)
    assert "Typed and not saved yet" not in pages.get("/profile").text
    form = pages.get(HERE).form("Save")
    keep(pages, form=form)
    keep(pages, path="/profile/evidence/99999", form=form)
    page = pages.get("/profile")
    day = f"{clock.today():%-d %B %Y}"
    assert re.search(rf"About you since {day}, \d\d:\d\d", page.text)
    assert page.follow("About you").form("Save").values["summary"] == [WORDS]
    # The form of an entry that is gone is gone as well; the text is not.
    assert WORDS in page.follow("Evidence of past work").text
    with writing(app) as session:
        another = factories.expert(session).account
    assert "Typed and not saved yet" not in visitor().come_in(another).get("/profile").text
