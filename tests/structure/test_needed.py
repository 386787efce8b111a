"""What a page says is needed is missed by it, though blanks were sent that nobody sees.

Fields by themselves are tried in tests/webapp/core/test_core_needed.py.
"""

from collections.abc import Callable

import pytest

from tests import factories
from tests.crawling import crawl, forms_of
from tests.pages import Form, Pages
from tests.structure.test_csrf import without_token
from webapp.core.roles import Role

pytestmark = pytest.mark.long


# A ticked box sends what it likes, and blanks may be part of a password.
OF_ANOTHER_KIND = {"checkbox", "radio", "password", "file"}


def needed(form: Form) -> set[str]:
    """Return the names of the fields that the page says are needed."""
    return {
        str(control.get("name"))
        for control in form.controls
        if control.get("required") is not None and control.get("type") not in OF_ANOTHER_KIND
    }


@pytest.mark.parametrize("role", Role)
def test_what_a_page_says_is_needed_is_missed_though_blanks_were_sent(
    role: Role, world: factories.World, visitor: Callable[[], Pages], rewind: Callable[[], None]
) -> None:
    pages = visitor().come_in(world.first(role))
    for form in forms_of(crawl(pages, "/")):
        for name in needed(form):
            for blank in (" ", "\u200b\u2060\ufeff"):
                rewind()
                sent = {**without_token(form), name: [blank], "csrf_token": [pages.own_token()]}
                page = pages.check(form.action, pages.client.post(form.action, data=sent))
                assert page.status == 400, f"{form.action} takes {blank!r} for {name}"
