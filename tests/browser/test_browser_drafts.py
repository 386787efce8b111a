"""What somebody types into a profile or a report is there again after the window was closed."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browser import looking
from tests.databases import writing
from webapp.mission_reports.models import Side

pytestmark = [pytest.mark.browser, pytest.mark.both_databases, pytest.mark.long]
KEPT, AGAIN = "and not saved yet", "stands in the form again"
WORDS = "Leads the new unit for stolen weapons since May."


def test_a_closed_window_loses_no_word(app: Flask, chromium: Any, live_url: str) -> None:
    with writing(app) as session:
        person = factories.expert(session).account
    assert person is not None
    with chromium.new_context(base_url=live_url) as context:
        page = context.new_page()
        looking.sign_in(page, person.email)
        page.goto("/profile/about")
        page.locator("[name=summary]").fill(WORDS)
        page.get_by_text(KEPT).wait_for(timeout=15_000)
        page.close(run_before_unload=False)
        page = context.new_page()
        page.goto("/profile/about")
        assert page.locator("[name=summary]").input_value() == WORDS
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text(WORDS).wait_for()
        page.goto("/profile/about")
        assert page.get_by_text(AGAIN).count() == 0


def test_a_report_that_was_not_sent_is_there_after_days(
    app: Flask, chromium: Any, live_url: str, clock: Any
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        person = factories.missions.writer_of(made, Side.EXPERT)
        address = f"/deployments/{made.id}/reports/expert"
    with chromium.new_context(base_url=live_url) as context:
        page = context.new_page()
        looking.sign_in(page, person.email)
        page.goto(address)
        page.locator("[name=done]").fill(WORDS)
        page.get_by_text(KEPT).wait_for(timeout=15_000)
    clock.shift(timedelta(days=13))
    with chromium.new_context(base_url=live_url) as context:
        page = context.new_page()
        looking.sign_in(page, person.email)
        page.goto(address)
        assert page.locator("[name=done]").input_value() == WORDS
        page.get_by_text(AGAIN).wait_for()
        page.get_by_role("button", name="Throw it away and show what is saved").click()
        page.get_by_text("What you had typed is thrown away.").wait_for()
        assert page.locator("[name=done]").input_value() == ""
