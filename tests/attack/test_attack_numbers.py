"""Numbers in addresses are given one by one: whoever reads two of a kind can count what was made
between them. So it is held which kinds are read by whom of those outside SEESAC (decision 204)."""

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from tests import factories
from tests.crawling import crawl
from tests.pages import Page, Pages
from tests.structure.walkers import WALKERS
from webapp.core.roles import Role

pytestmark = [pytest.mark.attack, pytest.mark.long]
# A session of one's own has a number among all sessions.
EVERYBODY_S = {"deployment_id", "match_id", "notice_id", "number"}
READ_BY = {
    Role.REQUESTER: EVERYBODY_S | {"request_id", "amendment_id", "file_id"},
    Role.EXPERT: EVERYBODY_S | {"file_id"},
    Role.NOMINATING_AUTHORITY: EVERYBODY_S | {"expert_id"},
}


def numbers_in(app: Flask, pages: Iterable[Page]) -> set[str]:
    """Return what the numbers are called that stand in addresses on these pages."""
    addresses = app.url_map.bind("localhost")
    asked = {
        (urlsplit(urljoin(f"http://localhost{page.url}", address)), method)
        for page in pages
        for address, method in [
            *((link, "GET") for link in page.addresses),
            *((form.action, form.method) for form in page.forms),
        ]
    }
    return {
        name
        for target, method in asked
        if target.netloc == "localhost"
        for name, value in addresses.match(target.path, method)[1].items()
        if isinstance(value, int)
    }


@pytest.mark.parametrize("role", READ_BY)
def test_people_outside_seesac_read_numbers_of_few_kinds(
    app: Flask, world: factories.World, role: Role
) -> None:
    walker = next(one for one in WALKERS if one.name == role)
    pages = walker.come(Pages(app), world)
    assert numbers_in(app, crawl(pages, *walker.starts(world))) == READ_BY[role]
