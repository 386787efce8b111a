"""One password is hashed at a time; strangers wait behind who is known, and what was not compared
counts as no try."""

from collections.abc import Callable, Iterator
from threading import Thread
from time import sleep
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Page, Pages
from webapp.accounts import hashing
from webapp.accounts.hashing import KNOWN, STRANGERS, Line
from webapp.accounts.models import Account
from webapp.core.errors import TooOftenError
from webapp.core.roles import Role

WRONG = "not the password"
BUSY = "Many people are signing in"


@pytest.fixture(autouse=True)
def _nobody_waits_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test begin with a process that has hashed nothing, and be refused at once."""
    monkeypatch.setattr(hashing, "_slot", hashing._Slot())
    for line in (STRANGERS, KNOWN):
        monkeypatch.setitem(vars(line), "seconds", 0.001)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let those who wait for a hash wait as long as a test takes."""
    for line in (STRANGERS, KNOWN):
        monkeypatch.setitem(vars(line), "seconds", 60.0)


@pytest.fixture
def person(app: Flask) -> Account:
    """Return somebody who can sign in."""
    with writing(app) as session:
        return factories.account(session, Role.REQUESTER, email="vesna@example.org")


def attempt(pages: Pages, email: str, password: str = WRONG) -> Page:
    """Send the form of the sign-in, whatever comes of it."""
    form = pages.get("/login").form("Sign in")
    sent = form.filled({"email": email, "password": password})
    return pages.check("/login", pages.client.post(form.action, data=sent))


@pytest.mark.both_databases
def test_while_others_hash_a_right_password_is_refused_and_counts_as_no_try(
    person: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor()
    with hashing.slot(KNOWN):
        for _ in range(31):
            page = attempt(pages, person.email, factories.PASSWORD)
            assert page.status == 429
            assert BUSY in page.text
    assert page.form("Sign in").values["email"] == [person.email]
    pages.sign_in(person)


def test_in_a_known_browser_neither_counts_what_was_not_compared(
    person: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor().sign_in(person)
    pages.post("/logout")
    with hashing.slot(STRANGERS):
        pages_refused = [attempt(pages, person.email, factories.PASSWORD) for _ in range(6)]
    assert all(BUSY in page.text for page in pages_refused)
    pages.sign_in(person)


def test_who_shows_again_who_they_are_is_not_counted_while_others_hash(
    person: Account, visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor().sign_in(person)
    with hashing.slot(STRANGERS):
        for _ in range(6):
            page = pages.get("/verify").submit("Go on", {"password": WRONG}, status=429)
            assert BUSY in page.text
    pages.get("/verify").submit("Go on", {"password": factories.PASSWORD})


def test_who_gives_another_password_after_a_right_one_is_heard(
    person: Account, visitor: Callable[[], Pages]
) -> None:
    """Whoever is asked for a code, and signs in in another window, has begun to write already."""
    pages = visitor()
    form = pages.get("/login").form("Sign in")
    with pages.client.session_transaction() as kept:
        kept["tf_user_id"] = person.fs_uniquifier
    sent = form.filled({"email": person.email, "password": WRONG})
    assert pages.client.post(form.action, data=sent).status_code == 200


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("line", [STRANGERS, KNOWN], ids=["strangers", "known"])
def test_only_few_of_a_line_wait_for_a_hash_and_the_next_is_refused_at_once(line: Line) -> None:
    done: list[Line] = []
    with hashing.slot(line):
        waiting = list(lined_up([line] * line.waiting_at_most, done))
        with pytest.raises(TooOftenError, match=BUSY), hashing.slot(line):
            pass
        assert done == []
    for thread in waiting:
        thread.join(60)
    assert done == [line] * line.waiting_at_most


@pytest.mark.usefixtures("patience")
def test_who_is_known_has_a_place_that_strangers_cannot_take_and_comes_first() -> None:
    done: list[Line] = []
    with hashing.slot(STRANGERS):
        waiting = list(lined_up([STRANGERS, STRANGERS, KNOWN], done))
    for thread in waiting:
        thread.join(60)
    assert done == [KNOWN, STRANGERS, STRANGERS]


def test_strangers_leave_as_much_time_as_they_took_to_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = still(monkeypatch)
    monkeypatch.setitem(vars(STRANGERS), "seconds", 8.0)
    with hashing.slot(STRANGERS):
        now[0] += 2
    monkeypatch.setitem(vars(STRANGERS), "seconds", 0.001)
    with pytest.raises(TooOftenError), hashing.slot(STRANGERS):
        pass
    with hashing.slot(KNOWN):
        now[0] += 1
    with pytest.raises(TooOftenError), hashing.slot(STRANGERS):
        pass
    now[0] = 104.0
    with hashing.slot(STRANGERS):
        pass


def test_who_comes_alone_after_a_hash_that_took_long_is_not_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = still(monkeypatch)
    monkeypatch.setitem(vars(STRANGERS), "seconds", 1.0)
    for _ in range(3):
        with hashing.slot(STRANGERS):
            now[0] += 30


def test_all_who_hash_or_wait_are_fewer_than_the_threads_of_a_process() -> None:
    assert 1 + STRANGERS.waiting_at_most + KNOWN.waiting_at_most <= 7


def still(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the moment at which the clock stands until it is moved, or somebody waits."""
    now = [100.0]
    monkeypatch.setattr(hashing, "monotonic", lambda: now[0])
    monkeypatch.setattr(hashing._slot._changed, "wait", lambda seconds: advance(now, seconds))
    return now


def advance(now: list[float], seconds: float) -> bool:
    """Let a time go by that nobody waits for."""
    now[0] += seconds
    return False


def lined_up(lines: list[Line], done: list[Line]) -> Iterator[Thread]:
    """Let one after the other wait for a hash, and note in which order they come to it."""

    def hash_one(line: Line) -> None:
        with hashing.slot(line):
            done.append(line)

    for line in lines:
        before = hashing._slot._waiting.total()
        thread = Thread(target=hash_one, args=(line,))
        thread.start()
        while hashing._slot._waiting.total() == before:
            sleep(0.001)
        yield thread
