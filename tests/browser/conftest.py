"""What several walks in browsers need."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import factories
from webapp.accounts.models import Account


@pytest.fixture
def open_as(
    chromium: Any, live_url: str, request: pytest.FixtureRequest
) -> Callable[[Account], Any]:
    """Return a function that signs somebody in on a browser of their own."""

    def give(person: Account) -> Any:
        context = chromium.new_context(base_url=live_url, locale="en-GB")
        request.addfinalizer(context.close)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto("/login")
        page.fill("#email", person.email)
        page.fill("#password", factories.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").first.wait_for()
        return page

    return give
