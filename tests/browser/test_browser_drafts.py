"""What somebody types into a profile is there again after the window was closed."""

from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browser import looking
from tests.databases import writing

pytestmark = [pytest.mark.browser, pytest.mark.long]
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
        page.get_by_text("Kept for you, and not saved yet").wait_for(timeout=15_000)
        page.close(run_before_unload=False)
        page = context.new_page()
        page.goto("/profile/about")
        page.get_by_role("link", name="Go on with it").click()
        page.get_by_role("button", name="Go on with your text").click()
        assert page.locator("[name=summary]").input_value() == WORDS
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text(WORDS).wait_for()
        page.goto("/profile/about")
        assert page.get_by_role("link", name="Go on with it").count() == 0
