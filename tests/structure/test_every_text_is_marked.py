"""Every text that people read is marked for translation: none stays English in another language.

All that the platform says is looked at in the language of tests/pseudo_language.py: every page of
every role, forms that were refused and forms that were taken, the pages of errors, mails.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import sqlalchemy as sa
from flask import Flask, render_template_string, session
from flask_security import login_user

from tests import factories, html, pseudo_language
from tests.crawling import crawl, forms_of
from tests.databases import reading, rows, writing
from tests.ended_sessions import LONG, text_names
from tests.pages import Form, Page, Pages
from tests.pseudo_language import PSEUDO, Data, said
from webapp.accounts.models import Account
from webapp.core.db import db
from webapp.core.responses import error_pages
from webapp.core.roles import Role
from webapp.core.words.language import in_language, use_language
from webapp.messages import operations
from webapp.messages.models import OutboxMessage

pytestmark = pytest.mark.long

TYPED = "Typed by somebody"
TOO_LONG = "Ж" * 10_245
WRITERS = [Role.REQUESTER, Role.EXPERT, Role.COORDINATOR]


@pytest.fixture(autouse=True)
def _pseudo_language(monkeypatch: pytest.MonkeyPatch) -> None:
    pseudo_language.speak(monkeypatch)


def in_pseudo_language(app: Flask) -> None:
    """Give everybody the language of these tests."""
    with writing(app) as session:
        session.execute(sa.update(Account).values(language=PSEUDO))


@pytest.fixture
def data(app: Flask, world: factories.World) -> Data:
    """Return what people wrote, and give everybody the language of these tests."""
    in_pseudo_language(app)
    return Data(rows(app), TYPED)


@pytest.fixture
def stranger(app: Flask) -> Pages:
    """Return somebody whose browser asks for the language of these tests."""
    pages = Pages(app)
    pages.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = PSEUDO
    return pages


def left_in(tree: Element, data: Data) -> list[str]:
    """Return what is left in English in one document."""
    return [words for text in said(tree) for words in data.unmarked(text)]


def unmarked(found: Iterable[Page], data: Data) -> dict[str, str]:
    """Return what is left in English on these pages, each with one that says it."""
    return {words: page.url for page in found for words in left_in(page.tree, data)}


@pytest.mark.parametrize("role", Role)
def test_every_page_that_links_lead_to(
    role: Role, data: Data, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(world.first(role))
    found = [*crawl(pages, "/", "/privacy"), pages.get("/nowhere", status=404)]
    assert all(page.tree.get("lang") == PSEUDO for page in found)
    assert not unmarked(found, data)


@pytest.mark.parametrize("role", Role)
def test_pages_of_somebody_who_has_nothing_yet(
    role: Role, app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    found = crawl(sign_in_as(role, language=PSEUDO), "/", "/privacy")
    assert not unmarked(found, Data(rows(app)))


def refusals(form: Form) -> Iterator[dict[str, Any]]:
    """Yield what a form is refused for: nothing in it, too much, no day or number, an old page."""
    names = {str(control.get("name")) for control in form.controls} - {"csrf_token"}
    texts = set(text_names(form))
    for value in ("", TOO_LONG, "a\x00b", "5.13.", "-1", "2001-01-01", "99999"):
        yield {**form.values, **dict.fromkeys(names, value)}
    for value in ("", TOO_LONG):
        yield {**form.values, **dict.fromkeys(texts, value)}
    yield {**form.values, "version": "999"}
    yield {**form.values, **dict.fromkeys(texts, TYPED), "version": "999"}
    yield {**form.values, "csrf_token": "wrong"}


@pytest.mark.parametrize("role", WRITERS)
def test_whatever_a_form_is_refused_for(
    role: Role, data: Data, world: factories.World, visitor: Callable[[], Pages],
    rewind: Callable[[], None], app: Flask,
) -> None:  # fmt: skip
    pages = visitor().come_in(world.first(role))
    # Georgian letters take three bytes each.
    pages.wordiness = 2
    # What is too large is refused before it is known who has sent it.
    pages.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = PSEUDO
    refused: list[Page] = []
    for form in forms_of(crawl(pages, "/")):
        for sent in refusals(form):
            answer = pages.client.post(form.action, data={"csrf_token": pages.own_token(), **sent})
            if answer.status_code >= 400:
                refused.append(pages.check(form.action, answer))
            else:
                rewind()
                in_pseudo_language(app)
    assert len(refused) >= 20
    assert not unmarked(refused, data)


@pytest.mark.parametrize("role", WRITERS)
def test_what_is_said_when_a_form_is_taken_and_when_it_is_sent_again(
    role: Role, app: Flask, data: Data, world: factories.World, visitor: Callable[[], Pages],
    rewind: Callable[[], None],
) -> None:  # fmt: skip
    pages = visitor().come_in(world.first(role))
    left: dict[str, str] = {}
    for form in forms_of(crawl(pages, "/")):
        typed = {name: TYPED for name in text_names(form) if name.endswith(("reason", "title"))}
        # Without a kind a reason is refused, and nothing would be said of its step.
        kinds = {name: "other" for name in form.values if name.endswith("-kind")}
        sent = {**form.values, **typed, **kinds}
        for _ in range(2):
            sent["csrf_token"] = [pages.own_token()]
            answer = pages.client.post(form.action, data=sent)
            page = pages.check(form.action, answer)
            if 300 <= page.status < 400:
                page = pages.get(answer.location)
            left |= unmarked([page], Data(rows(app), TYPED))
        rewind()
        in_pseudo_language(app)
    assert not left


@pytest.mark.parametrize("status", sorted(error_pages.TITLES))
def test_every_page_of_an_error(
    status: int, app: Flask, data: Data, world: factories.World
) -> None:
    for signed_in in (False, True):
        with app.test_request_context("/requests/1"):
            if signed_in:
                login_user(db.session.get_one(Account, world.first(Role.REQUESTER).id))
            use_language(PSEUDO)
            answer = error_pages.page(status)
            session.clear()
        assert not left_in(html.parse(answer.get_data(as_text=True)).tree, data)


def test_the_pages_of_strangers_and_of_a_wrong_password(stranger: Pages, data: Data) -> None:
    found = crawl(stranger, "/", "/login")
    form = stranger.get("/login").forms[0]
    for sent in (
        {"email": "somebody@example.org", "password": "wrong"},
        {"email": "nobody", "password": ""},
        {"csrf_token": "wrong"},
    ):
        token = stranger.own_token()
        answer = stranger.client.post(form.action, data={"csrf_token": token, **sent})
        found.append(stranger.check(form.action, answer))
    found.append(stranger.get("/nowhere", status=404))
    assert not unmarked(found, data)


def test_the_page_of_a_text_that_was_sent_after_the_session_had_ended(
    stranger: Pages, app: Flask, data: Data, world: factories.World, clock: Any
) -> None:
    person = world.first(Role.REQUESTER)
    with writing(app) as session:
        session.execute(sa.update(Account).values(language=None))
    stranger.get("/login")
    sign_in = {"email": person.email, "password": factories.PASSWORD}
    stranger.post("/login", sign_in)
    in_pseudo_language(app)
    form = next(f for f in stranger.get("/requests/new").forms if text_names(f))
    clock.shift(LONG)
    typed = dict.fromkeys(text_names(form), TYPED)
    page = stranger.post(form.action, {**form.values, **typed}, token=None)
    kept = stranger.post(page.forms[0].action, sign_in)
    gone = stranger.get("/kept-texts/nothing", status=404)
    assert TYPED in kept.text
    assert not unmarked([page, kept, gone], Data(rows(app), TYPED))


def test_every_mail_of_the_steps_that_people_take(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "in_language", lambda _language: in_language(PSEUDO))
    with writing(app) as session:
        factories.world(session)
    written = rows(app)
    del written["outbox_message"]
    data = Data(written)
    with reading(app) as session:
        mails = session.scalars(sa.select(OutboxMessage)).all()
        left = {words for m in mails for words in data.unmarked(f"{m.subject}\n{m.body}")}
        assert len({re.sub(r"R-[\d-]+", "", mail.subject) for mail in mails}) >= 9
    assert not left


UNMARKED = {
    "a word": "<p>{{ _('Sign in') }} Forgotten</p>",
    "a word beside data": "<p>{{ name }}, Forgotten</p>",
    "a title": "<p title='Forgotten'>{{ name }}</p>",
    "a name for those who do not see": "<p aria-label='Forgotten'>{{ name }}</p>",
    "a picture": "<img src='x' alt='Forgotten'>",
    "a button": "<input type='submit' value='Forgotten'>",
    "a sentence for a script": "<p data-over='Forgotten'></p>",
    "the name of the page": "<title>Forgotten</title>",
    "a text that is in no catalogue": "{{ _('Forgotten') }}",
    "a code instead of its label": "<p>Forgotten profile edited</p>",
}


@pytest.mark.parametrize("what", UNMARKED)
def test_a_text_that_nobody_marked_is_found(what: str, app: Flask) -> None:
    with app.test_request_context(), in_language(PSEUDO):
        page = render_template_string(UNMARKED[what], name="Ana Testova")
    (found,) = left_in(html.parse(page).tree, Data([("Ana Testova", "profile edited")]))
    assert found.startswith("Forgotten")
