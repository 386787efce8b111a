"""A two-page curriculum becomes a profile that lacks nothing: what that takes is counted.

The same curriculum is brought in from its file and by hand, and the browser counts both in one way
(counting.py): presses, fields, pages loaded, and seconds of waiting, from the profile that says
nothing on. Fields are reached with the keyboard, so that no press leads into one.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader

from tests import factories
from tests.browser import looking
from tests.browser.counting import Count
from tests.databases import reading, writing
from tests.webapp.curricula.made_files import pdf
from tests.webapp.curricula.made_people import PEOPLE, Person, Work
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.curricula.forms import SPARE
from webapp.experts import joining, rules
from webapp.experts.models import Expert
from webapp.matches import summaries

pytestmark = [pytest.mark.browser, pytest.mark.both_databases, pytest.mark.long]
SUMMARY = "Heads a registry of firearms, and trains investigators in the tracing of seized weapons."
KINDS = {"posts": "post held", "missions": "mission"}
MOST_FROM_FILE, MOST_BY_HAND = 9, 14
WHAT_FOLLOWED = (
    " Wrote the instruction that all stations follow since, trained those who apply it in groups of"
    " twelve, and reported to the ministry what was found in each quarter. The numbers of lost and"
    " stolen weapons were brought together for the first time, and are published each year. Worked"
    " with prosecutors and customs on cases that crossed the border, and spoke of them abroad."
)


def of_two_pages(person: Person) -> Person:
    """Return a career that fills two pages, as a person's of twenty years does."""
    posts = (
        *person.posts,
        Work("Duty officer of the operations room", "Regional Police, Durrës", "2006-02",
             "2009-08", "Led the shift at night."),
        Work("Patrol officer", "Regional Police, Elbasan", "2003-10", "2006-01",
             "Served in the centre of the town."),
    )  # fmt: skip
    missions = (
        *person.missions,
        Work("Speaker on deactivated weapons", "Ministry of Interior, Montenegro", "2021-09",
             "2021-09", "Two days for those who license."),
    )  # fmt: skip
    return replace(
        person,
        posts=tuple(work._replace(did=work.did + WHAT_FOLLOWED) for work in posts),
        missions=tuple(work._replace(did=work.did + WHAT_FOLLOWED) for work in missions),
        courses=(*person.courses, "Course for trainers of the police, 2012"),
    )


PERSON = of_two_pages(PEOPLE[0])


@dataclass
class Hand:
    """Somebody at a page, and what the browser counts of what they do."""

    page: Any
    count: Count

    def press(self, target: Any) -> None:
        """Press something that leads to another page, and wait for that."""
        with self.page.expect_navigation():
            target.click()

    def fill(self, name: str, value: str) -> None:
        """Fill in the field of this name, or choose in it."""
        field = self.page.locator(f"[name='{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


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
        count = Count()
        count.follow(context)
        page.goto("/profile")
        # The profile stands there already when they begin.
        page.wait_for_timeout(500)
        count.loads, count.seconds = 0, 0.0
        yield Hand(page, count)


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


def rows_of(section: str, whole: Sequence[Any], time: int) -> Sequence[Any]:
    """Return what the rows of a section take the first time, or the second."""
    return whole[time * SPARE[section] : (time + 1) * SPARE[section]]


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
    for name in ("presses", "fields", "loads", "seconds"):
        report(name, getattr(hand.count, name))
    assert 0 < hand.count.presses <= most


@pytest.fixture
def curriculum(chromium: Any) -> bytes:
    """Return the curriculum as a file of two pages."""

    def printed(html: str) -> bytes:
        page = chromium.new_page()
        page.set_content(html)
        made: bytes = page.pdf(format="A4")
        page.close()
        return made

    _name, data = pdf(PERSON, "numbers", printed)
    assert len(PdfReader(io.BytesIO(data)).pages) == 2
    return data


def test_from_a_file_it_takes_less_than_ten_clicks(
    app: Flask, hand: Hand, curriculum: bytes, record_property: Callable[[str, object], None]
) -> None:
    page = hand.page
    hand.press(page.get_by_role("link", name="Read a curriculum vitae"))
    with page.expect_file_chooser() as chosen:
        page.locator("[name=file]").click()
    chosen.value.set_files({"name": "me.pdf", "mimeType": "", "buffer": curriculum})
    hand.press(page.get_by_role("button", name="Read it"))
    hand.fill("themes-0-theme", "SALW-MTR")
    if page.locator("[name=summary]").count() and not page.locator("[name=summary]").input_value():
        hand.fill("summary", SUMMARY)
    save_all(hand)
    while page.get_by_role("button", name="Save all").count():
        save_all(hand)
    say_who(hand)
    check(app, hand, MOST_FROM_FILE, record_property)


def test_by_hand_it_takes_less_than_fifteen_clicks(
    app: Flask, hand: Hand, record_property: Callable[[str, object], None]
) -> None:
    entries = works()
    # As many of each section as the page has rows for, then the page anew.
    for first in range(2):
        hand.press(hand.page.get_by_role("link", name="Several entries at once"))
        for number, (kind, work) in enumerate(rows_of("evidence", entries, first)):
            row = f"evidence-{number}"
            told = {"title": work.title, "kind": KINDS[kind], "place": work.where}
            told |= {"started": work.start, "ended": work.end, "description": work.did}
            for field, value in told.items():
                if value:
                    hand.fill(f"{row}-{field}", value)
        for number, course in enumerate(rows_of("trainings", PERSON.courses, first)):
            hand.fill(f"trainings-{number}-title", course)
        for number, spoken in enumerate(rows_of("languages", PERSON.languages, first)):
            code, level, _written = spoken
            hand.fill(f"languages-{number}-language", code)
            hand.fill(f"languages-{number}-level", level)
        if not first:
            hand.fill("themes-0-theme", "SALW-MTR")
            hand.fill("summary", SUMMARY)
        save_all(hand)
    say_who(hand)
    check(app, hand, MOST_BY_HAND, record_property)
