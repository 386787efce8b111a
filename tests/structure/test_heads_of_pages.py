"""A page is asked for by GET, or by HEAD for its head alone, and both are answered alike."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import forget_limits
from tests.pages import Pages
from tests.structure.access_of_accounts import NONE
from tests.structure.test_access_matrix import MATRIX, addresses, visitors
from webapp.my_data import views as my_data


@pytest.fixture(autouse=True)
def _documents_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Laying out a PDF file takes seconds, and what it holds is no matter here."""
    monkeypatch.setattr(my_data, "make_pdf", str.encode)


@pytest.mark.long
@pytest.mark.thorough
def test_whoever_asks_for_the_head_of_a_page_is_answered_as_who_opens_it(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """A view that knows GET alone takes HEAD for a form that was sent."""
    wrong = []
    for who, pages in visitors(world, visitor):
        for address in addresses(app, world):
            if who not in MATRIX[address.endpoint].get("GET", NONE) or address.url == "/logout":
                continue
            forget_limits(app)
            answers = [ask(address.url) for ask in (pages.client.head, pages.client.get)]
            head, whole = ((answer.status_code, answer.location) for answer in answers)
            if head != whole:
                wrong.append(f"{who} {address}: HEAD {head}, GET {whole}")
    assert not wrong, "\n".join(wrong)
