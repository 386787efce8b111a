"""Days on which an expert is not available, chosen in the months by clicks and by keys."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browser import looking
from tests.databases import reading, writing
from webapp.core import clock
from webapp.core.words.days import shifted
from webapp.experts.models import Expert, UnavailablePeriod

pytestmark = [pytest.mark.browser, pytest.mark.long]


def stored(app: Flask, number: int) -> list[tuple[date, date]]:
    with reading(app) as session:
        rows = session.get_one(Expert, number).unavailable
        return [(row.start, row.end) for row in rows]


def in_months(page: Any, day: date) -> Any:
    return page.locator(f"[data-day='{day}'] button")


def test_days_are_chosen_by_their_first_and_last_one_and_taken_off_by_any(
    app: Flask, chromium: Any, live_url: str
) -> None:
    month = shifted(clock.today(), 1)
    first, last = month + timedelta(days=4), month + timedelta(days=8)
    off = month + timedelta(days=15)
    with writing(app) as session:
        expert = factories.expert(session, unavailable=[UnavailablePeriod(start=off, end=off)])
        person, number = expert.account, expert.id
    assert person is not None
    with chromium.new_context(base_url=live_url) as context:
        page = context.new_page()
        looking.sign_in(page, person.email)
        page.goto("/profile/unavailable")
        assert in_months(page, off).get_attribute("aria-pressed") == "true"
        in_months(page, off).click()
        assert in_months(page, off).get_attribute("aria-pressed") == "false"
        # The last one before the first one is the same period.
        in_months(page, last).click()
        page.get_by_text("Now choose the last day.").wait_for()
        in_months(page, last).press("ArrowUp")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.get_by_text("In the list below, not saved yet").wait_for()
        assert in_months(page, first + timedelta(days=1)).get_attribute("aria-pressed") == "true"
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("The days on which you are not available are saved.").wait_for()
    assert stored(app, number) == [(first, last)]


def test_a_period_that_meets_another_one_becomes_one_with_it(
    app: Flask, chromium: Any, live_url: str
) -> None:
    month = shifted(clock.today(), 1)
    days = [month + timedelta(days=number) for number in range(12)]
    with writing(app) as session:
        rows = [UnavailablePeriod(start=days[a], end=days[b]) for a, b in ((3, 5), (7, 9))]
        expert = factories.expert(session, unavailable=rows)
        person, number = expert.account, expert.id
    assert person is not None
    with chromium.new_context(base_url=live_url) as context:
        page = context.new_page()
        looking.sign_in(page, person.email)
        page.goto("/profile/unavailable")
        in_months(page, days[2]).click()
        in_months(page, days[8]).click()
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("The days on which you are not available are saved.").wait_for()
    assert stored(app, number) == [(days[2], days[9])]
