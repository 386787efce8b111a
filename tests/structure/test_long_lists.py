"""Long lists are divided into groups wherever they are offered, in filters as well as in forms."""

import re
from collections.abc import Callable

import pytest

from tests import factories, html
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState

THEME, JURISDICTION = r"(.*-)?theme(_[123])?", r"jurisdiction|code"
GROUP = {THEME: "Small arms and light weapons control", JURISDICTION: "The platform's region"}
PAGES = [
    (Role.REQUESTER, "/requests/new", THEME),
    (Role.REQUESTER, "/requests/new", JURISDICTION),
    (Role.EXPERT, "/profile/themes", THEME),
    (Role.EXPERT, "/profile/about", JURISDICTION),
    (Role.EXPERT, "/profile/evidence/new", JURISDICTION),
    (Role.EXPERT, "/profile/closed-jurisdictions", JURISDICTION),
    (Role.COORDINATOR, "/roster", THEME),
    (Role.COORDINATOR, "/roster", JURISDICTION),
    (Role.COORDINATOR, "/requests/{ranked}/matches", THEME),
    (Role.COORDINATOR, "/requests/{ranked}/matches", JURISDICTION),
]


@pytest.mark.parametrize(("role", "url", "kind"), PAGES)
def test_lists_of_themes_and_jurisdictions_stand_in_groups(
    role: Role, url: str, kind: str, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    ranked = world.requests[RequestState.ACCEPTED].id
    page = visitor().come_in(world.first(role)).get(url.format(ranked=ranked))
    lists = [one for one in page.tree.iter("select") if re.fullmatch(kind, one.get("name", ""))]
    assert lists
    for select in lists:
        first, *groups = list(select)
        assert (first.tag, first.get("value")) == ("option", "")
        assert {element.tag for element in groups} == {"optgroup"}
        labels = [element.get("label") for element in groups]
        assert len(set(labels)) == len(labels)
        assert GROUP[kind] in labels
        assert all(html.text_of(option) for option in select.iter("option"))
