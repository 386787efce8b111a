"""New passwords: how long, none that is tried first, and alike wherever one is set."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Literal

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from zxcvbn import matching
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from tests import factories
from tests.databases import forget_limits, writing
from tests.links import links_to
from tests.pages import Page, Pages
from tests.webapp.membership.test_membership_joining import invite
from webapp.accounts import rules
from webapp.accounts.models import Account
from webapp.core.roles import Role

EMAIL = "nova@example.org"
LONGEST = hashlib.sha512(b"of the tests").hexdigest()
# With what is said of each; the person is called Nova Testova, of the Fictional Ministry.
WEAK = {
    "short": "at least 12",
    "kajakvrbasm": "at least 12",
    # Seven letters with marks are fourteen where each mark is a letter of its own.
    "йёўїйёў": "at least 12",
    LONGEST + "x": "at most 128",
    "password1234": "tried first",
    "qwertyuiop12": "tried first",
    "aaaaaaaaaaaaaaaa": "tried first",
    "Nova Testova 1": "your name",
    "nova@example.org": "your name",
    "Fictional Ministry 7": "your name",
    "rssrp-seesac-2026": "your name",
    "Expert-Roster-1": "your name",
}
FEW = ("kajakvrbasm", LONGEST + "x", "password1234", "Nova Testova 1", "rssrp-seesac-2026")
# Twelve and 128 characters are enough and not too many, of whichever kinds they are.
GOOD = (
    "kajakvrbasmz",
    "четири речи без реда",
    "маслиначёлнй",
    "й" + LONGEST[1:],
    LONGEST,
    "maslina vrbas kajak",
    "8302 5719 4466 0193",
)
MARKED = ("šljiva čamac žaba kišobran", "сначала ёлка потом чайник", "ştiucă țăran şarpe ăla")
Door = Callable[[str], Page]
Form = Literal["NFC", "NFD"]


@pytest.fixture
def person(app: Flask) -> Account:
    """Return somebody of whom the words are known that others would try."""
    with writing(app) as session:
        return factories.account(
            session, Role.REQUESTER, email=EMAIL, name="Nova Testova",
            institution="Fictional Ministry",
        )  # fmt: skip


@pytest.fixture
def links(app: Flask, outbox: list[Any]) -> Callable[[str], list[str]]:
    """Return a function that gives the links in all mails to an address."""
    return links_to(app, outbox)


def send(page: Page, button: str, values: dict[str, Any]) -> Page:
    """Send the form, whatever comes of it."""
    form = page.form(button)
    forget_limits(page.pages.app)
    answer = page.pages.client.post(form.action, data=form.filled(values, button))
    return page.pages.check(form.action, answer)


def weak_ones_are_refused(door: Door, tried: Iterable[str] = WEAK) -> None:
    """Check what is said of each weak password, and that a good one comes through."""
    for password in tried:
        said = WEAK[password]
        page = door(password)
        assert page.status == 400, password
        assert said in page.text, password
    assert door(GOOD[0]).status == 303


def test_weak_passwords_are_refused_in_words_and_the_rest_is_kept(
    sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any
) -> None:
    invite(sign_in_as(Role.ADMINISTRATOR))
    page, button = visitor().get(links(EMAIL)[-1]), "Join with this password"

    def join(password: str) -> Page:
        return send(page, button, {"consent": True, "New password": password})

    assert join("short").form(button).values["consent"] == ["y"]
    weak_ones_are_refused(join)


def test_weak_passwords_are_refused_where_one_was_forgotten(
    person: Account, visitor: Callable[[], Pages], links: Any
) -> None:
    visitor().get("/password").submit("Send me a link", {"E-mail address": EMAIL})
    page = visitor().get(links(EMAIL)[-1])
    weak_ones_are_refused(lambda one: send(page, "Set the password", {"New password": one}), FEW)


def test_weak_passwords_are_refused_where_one_is_changed(
    person: Account, visitor: Callable[[], Pages]
) -> None:
    page = visitor().sign_in(person).get("/account/password")
    old = {"Current password": factories.PASSWORD}
    weak_ones_are_refused(
        lambda one: send(page, "Set the password", {**old, "New password": one}), FEW
    )


def join(pages: Pages, link: str, password: str) -> None:
    """Answer an invitation."""
    pages.get(link).submit("Join with this password", {"consent": True, "New password": password})


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("chosen", ["NFC", "NFD"])
def test_a_password_with_marks_signs_in_on_every_keyboard(
    sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages], links: Any,
    chosen: Form, typed: Form,
) -> None:  # fmt: skip
    """A letter and its mark are one character on one keyboard and two on another; whether the
    password was chosen at joining, when it was forgotten, or in place of another one."""
    first, second, third = (unicodedata.normalize(chosen, words) for words in MARKED)
    invite(sign_in_as(Role.ADMINISTRATOR))
    join(visitor(), links(EMAIL)[-1], first)
    pages = visitor().sign_in(EMAIL, unicodedata.normalize(typed, first))
    changed = {"Current password": unicodedata.normalize(typed, first), "New password": second}
    pages.get("/account/password").submit("Set the password", changed)
    visitor().sign_in(EMAIL, unicodedata.normalize(typed, second))
    visitor().get("/password").submit("Send me a link", {"E-mail address": EMAIL})
    visitor().get(links(EMAIL)[-1]).submit("Set the password", {"New password": third})
    visitor().sign_in(EMAIL, unicodedata.normalize(typed, third))


@pytest.mark.parametrize("password", GOOD)
def test_no_kinds_of_characters_are_asked_for(password: str) -> None:
    """Counted is what people see, not the letters and marks that it is hashed as."""
    assert rules.SHORTEST_PASSWORD <= len(password) <= rules.LONGEST_PASSWORD
    for form in ("NFC", "NFKD"):
        assert [*rules.password_faults(unicodedata.normalize(form, password), ())] == []


def test_the_passwords_that_everybody_knows_are_refused_by_a_list_of_our_own() -> None:
    """The list comes with a library and is asked here: nobody else learns what was tried."""
    known = FREQUENCY_LISTS["passwords"]
    assert len(known) >= 3000
    long = [word for word in known if len(word) >= rules.SHORTEST_PASSWORD]
    shorter = [word for word in known[:100] if len(word) < rules.SHORTEST_PASSWORD]
    doubled = [word * (rules.SHORTEST_PASSWORD // len(word) + 1) for word in shorter]
    assert long
    assert [word for word in (*long, *doubled) if not [*rules.password_faults(word, ())]] == []


@settings(deadline=None, max_examples=40)
@example("4@8({[<369&#!1/|0$5+7%2")
@example("4@8({[<369&#!1/|0$5+7%2" * 3)
@given(st.text(alphabet="4@8({[<369&#!1/|0$5+7%2abc", min_size=12, max_size=100))
def test_the_estimate_looks_a_bounded_number_of_times_whatever_signs_there_are(
    password: str,
) -> None:
    """With all combinations of twenty kinds of signs it would be many thousand times."""
    looks = 0
    look = matching.dictionary_match

    def count(*args: Any, **known: Any) -> Any:
        nonlocal looks
        looks += 1
        return look(*args, **known)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(matching, "dictionary_match", count)
        list(rules.password_faults(password, ()))
    assert looks < 500


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("p@55w0rdp@55w0rd", False),
        ("x9$Kq!7(vT+2%pL|w8{3", True),
        ("4@8({[<369!1|0$5+7%2", True),
    ],
)
def test_many_kinds_of_signs_make_no_common_word_good_and_no_good_one_common(
    password: str, good: bool
) -> None:
    assert (not [*rules.password_faults(password, ())]) == good
