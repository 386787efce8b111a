"""Whoever knows a password finds few codes to try, and leaves the owner's browsers theirs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.ceremonies import code_of, set_up_codes
from tests.pages import Pages
from tests.webapp.membership.test_membership_security import give_password, secret_of
from webapp.accounts import throttling
from webapp.accounts.models import Account
from webapp.core import limits

pytestmark = pytest.mark.both_databases

WRONG = "000000"
Visitor = Callable[[], Pages]


@pytest.fixture
def at_home(app: Flask, coordinator: Account, visitor: Visitor, clock: Any) -> Pages:
    """Return the browser in which the coordinator has signed in, and out again."""
    pages = visitor().sign_in(coordinator)
    set_up_codes(app, pages)
    pages.post("/logout")
    clock.shift(timedelta(minutes=2))
    return pages


def enter(app: Flask, pages: Pages, status: int | None = None) -> str:
    """Give the password and the right code; return the heading of the page that follows."""
    right = code_of(app, secret_of(app))
    return give_password(pages).submit("Sign in", {"code": right}, status=status).heading


def use_up(pages: Pages, tries: int = 5) -> None:
    """Give the password and so many wrong codes, and see that the next one is refused."""
    page = give_password(pages)
    for _ in range(tries):
        page = page.submit("Sign in", {"code": WRONG})
    page.submit("Sign in", {"code": WRONG}, status=429)


def test_whoever_uses_up_the_codes_keeps_the_owner_out_of_no_known_browser(
    app: Flask, at_home: Pages, visitor: Visitor
) -> None:
    use_up(visitor())
    enter(app, visitor(), status=429)
    assert enter(app, at_home) == "Work queue"
    # Nor is the owner kept from showing again who they are.
    at_home.get("/verify").submit("Go on", {"password": "not the password"})


def test_a_known_browser_has_few_codes_as_well(
    app: Flask, at_home: Pages, visitor: Visitor
) -> None:
    use_up(at_home)
    assert enter(app, visitor()) == "Work queue"


def test_all_known_browsers_together_have_few_codes(
    app: Flask, at_home: Pages, visitor: Visitor, clock: Any
) -> None:
    known = [at_home]
    for _ in range(2):
        known.append(visitor())
        enter(app, known[-1])
        known[-1].post("/logout")
        clock.shift(timedelta(minutes=1))
    for browser in known[:2]:
        use_up(browser)
    use_up(known[2], tries=0)


def test_strangers_have_a_hundred_codes_a_day(
    app: Flask, coordinator: Account, at_home: Pages, visitor: Visitor, clock: Any
) -> None:
    for _ in range(5):
        for _ in range(4):
            with app.app_context():
                tries = [limits.count(throttling.CODES, str(coordinator.id)) for _ in range(5)]
            assert tries == [0] * 5
            clock.shift(timedelta(minutes=2))
        clock.shift(timedelta(hours=2))
    enter(app, visitor(), status=429)
    assert enter(app, at_home) == "Work queue"


def test_a_new_password_by_a_link_brings_codes_anew_once_a_day(
    app: Flask, coordinator: Account, at_home: Pages, visitor: Visitor, clock: Any
) -> None:
    """Whoever reads the owner's mail could take one link after another."""
    for status in (None, 429):
        use_up(visitor())
        with app.app_context():
            throttling.forgive_codes(coordinator)
        pages = visitor()
        enter(app, pages, status=status)
        clock.shift(timedelta(minutes=2))
    clock.shift(timedelta(days=1, hours=1))
    use_up(visitor())
    with app.app_context():
        throttling.forgive_codes(coordinator)
    assert enter(app, visitor()) == "Work queue"


@pytest.mark.parametrize(
    ("seconds", "is_taken"), [(-60, False), (-30, True), (30, True), (60, False), (120, False)]
)
def test_a_code_is_taken_one_step_before_and_after_its_own_alone(
    app: Flask, at_home: Pages, clock: Any, seconds: int, *, is_taken: bool
) -> None:
    clock.shift(timedelta(seconds=seconds))
    code = code_of(app, secret_of(app))
    clock.shift(timedelta(seconds=-seconds))
    page = give_password(at_home).submit("Sign in", {"code": code}, status=None)
    assert (page.heading == "Work queue") is is_taken
