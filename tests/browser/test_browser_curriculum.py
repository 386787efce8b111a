"""A two-page curriculum becomes a profile that lacks nothing: what that takes is counted.

Counted are presses of buttons and links, fields that are filled in or chosen, pages that are
loaded, and the seconds that a person waits for the platform, without what they read and type.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.browser import looking
from tests.databases import reading, writing
from tests.webapp.curricula.made_files import docx
from tests.webapp.curricula.made_people import PEOPLE, Person, Work
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.experts import joining, rules
from webapp.experts.models import Expert
from webapp.matches import summaries

pytestmark = [pytest.mark.browser, pytest.mark.long]
PERSON: Person = PEOPLE[0]
SUMMARY = "Heads a registry of firearms, and trains investigators in the tracing of seized weapons."
KINDS = {"posts": "post held", "missions": "mission"}
MOST_FROM_FILE, MOST_BY_HAND = 9, 14


@dataclass
class Hand:
    """Somebody at a page, whose presses, fields, loads and seconds of waiting are counted."""

    page: Any
    clicks: int = 0
    fields: int = 0
    loads: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Count each page that is loaded from here on."""
        self.page.on("domcontentloaded", self._loaded)

    def _loaded(self, _page: Any) -> None:
        self.loads += 1

    def press(self, target: Any) -> None:
        """Press something that leads to another page, and wait for that."""
        began = time.monotonic()
        with self.page.expect_navigation():
            target.click()
        self.clicks, self.seconds = self.clicks + 1, self.seconds + time.monotonic() - began

    def fill(self, name: str, value: str) -> None:
        """Fill in the field of this name, or choose in it."""
        field = self.page.locator(f"[name='{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
        self.fields += 1


@pytest.fixture
def person(app: Flask) -> Account:
    """Return an expert who has agreed to be on the roster, with a profile that says nothing."""
    with writing(app) as session:
        account = factories.account(
            session, Role.EXPERT, name=PERSON.name, institution="", jurisdiction=None
        )
        joining.begin_own(factories.work(session, account), account)
    return account


@pytest.fixture
def hand(chromium: Any, live_url: str, person: Account) -> Iterator[Hand]:
    """Return the expert at their profile."""
    with chromium.new_context(base_url=live_url) as context:
        page = context.new_page()
        looking.sign_in(page, person.email)
        page.goto("/profile")
        yield Hand(page)


def say_who(hand: Hand) -> None:
    """Fill in the section of who somebody is, which no curriculum can be asked for."""
    hand.press(hand.page.locator("a[href='/profile/about']").first)
    for name, value in (
        ("post", PERSON.posts[0].title),
        ("institution", "Police Directorate"),
        ("jurisdiction", "ALB"),
        ("max_days", "30"),
    ):
        hand.fill(name, value)
    hand.press(hand.page.get_by_role("button", name="Save", exact=True))


def works() -> list[tuple[str, Work]]:
    return [(kind, work) for kind in ("posts", "missions") for work in getattr(PERSON, kind)]


def save_all(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("button", name="Save all"))


def check(app: Flask, hand: Hand, most: int, report: Callable[[str, object], None]) -> None:
    """Look whether all of the curriculum stands in the profile, and how much it took."""
    with reading(app) as session:
        expert = session.scalars(sa.select(Expert)).one()
        titles = {row.title for row in expert.evidence}
        assert {work.title for _kind, work in works()} <= titles
        assert len(expert.trainings) == len(PERSON.courses)
        assert {row.language for row in expert.languages} == {code for code, *_ in PERSON.languages}
        assert rules.completeness(expert, partial(summaries.is_in, language="en")).gaps == ()
    for name in ("clicks", "fields", "loads", "seconds"):
        report(name, getattr(hand, name))
    assert hand.clicks <= most


def test_from_a_file_it_takes_less_than_ten_clicks(
    app: Flask, hand: Hand, record_property: Callable[[str, object], None]
) -> None:
    name, data = docx(PERSON, "numbers", lambda _html: b"")
    page = hand.page
    hand.press(page.get_by_role("link", name="Read a curriculum vitae"))
    page.locator("[name=file]").set_input_files({"name": name, "mimeType": "", "buffer": data})
    hand.fields += 1
    hand.press(page.get_by_role("button", name="Read it"))
    hand.fill("themes-0-theme", "SALW-MTR")
    if page.locator("[name=summary]").count() and not page.locator("[name=summary]").input_value():
        hand.fill("summary", SUMMARY)
    save_all(hand)
    say_who(hand)
    check(app, hand, MOST_FROM_FILE, record_property)


def test_by_hand_it_takes_less_than_fifteen_clicks(
    app: Flask, hand: Hand, record_property: Callable[[str, object], None]
) -> None:
    hand.press(hand.page.get_by_role("link", name="Several entries at once"))
    for number, (kind, work) in enumerate(works()):
        row = f"evidence-{number}"
        told = {"title": work.title, "kind": KINDS[kind], "place": work.where}
        told |= {"started": work.start, "ended": work.end, "description": work.did}
        for field, value in told.items():
            if value:
                hand.fill(f"{row}-{field}", value)
    for number, course in enumerate(PERSON.courses):
        hand.fill(f"trainings-{number}-title", course)
    for number, (code, level, _written) in enumerate(PERSON.languages):
        hand.fill(f"languages-{number}-language", code)
        hand.fill(f"languages-{number}-level", level)
    hand.fill("themes-0-theme", "SALW-MTR")
    hand.fill("summary", SUMMARY)
    save_all(hand)
    say_who(hand)
    check(app, hand, MOST_BY_HAND, record_property)
