"""No page changes for whoever asks while experts are considered for a request of their own.

Each page that may tell of experts is read before and after, by the person and by a colleague who
does not ask: what tells of it in another way than by a name, such as a count, an order or a line
that goes, is found as well.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories, html
from tests.databases import writing
from tests.pages import Pages
from tests.webapp.matches.test_matches_those_who_ask import (
    WHO,
    change_sides,
    consider,
    on_the_other_side,
)
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert
from webapp.matches.models import MatchState

pytestmark = pytest.mark.thorough

# It tells that something of the roster was changed, as each edit of a profile does.
REVISION = re.compile(r"Ranked from revision \d+ of the roster")
# How far colleagues go with the experts of the request: nobody is proposed yet.
STATES = (
    MatchState.SHORTLISTED, MatchState.INVITED, MatchState.AVAILABLE, MatchState.APPROVED,
    MatchState.DECLINED,
)  # fmt: skip


def addresses(experts: list[int], other: int) -> list[str]:
    """Return the pages on which something may be told, of a roster and of another request."""
    first, second, third, *_ = experts
    ranking = f"/requests/{other}/matches"
    return [
        "/roster?columns=load", "/roster?load=little", "/roster?load=nothing", "/roster?sort=most",
        "/roster?sort=least", "/roster/export.csv?columns=load", f"/roster/{first}",
        f"/roster/{first}/join/{second}", f"/roster/{third}/join/{first}", "/roster/duplicates",
        f"/roster/{first}/reading", ranking, f"{ranking}?load=little", f"{ranking}?load=nothing",
        f"{ranking}/{first}", f"/requests/{other}/invite", f"/requests/{other}/team",
        f"/requests/{other}/compare?expert={first}&expert={second}", "/requests/allocation",
        "/queue", "/deployments", "/insights", "/insights/people", "/insights/choices",
        "/insights/times", "/",
    ]  # fmt: skip


def read(pages: Pages, wanted: list[str]) -> dict[str, Any]:
    """Return what these pages and files say."""
    said = {}
    for address in wanted:
        page = pages.get(address)
        is_page = page.response.mimetype == "text/html"
        said[address] = (
            REVISION.sub("", html.text_of(page.tree.find(".//main")))
            if is_page
            else page.response.text
        )
    return said


@pytest.mark.long
@pytest.mark.parametrize("who", WHO)
def test_no_page_changes_while_experts_are_considered_for_the_own_request(
    app: Flask, visitor: Callable[[], Pages], clock: Any, who: str
) -> None:
    with writing(app) as session:
        writer, asks = on_the_other_side(session, who)
        office = factories.account(session, Role.COORDINATOR)
        theirs, other = (
            factories.request(
                session, RequestState.ACCEPTED, requester=one, coordinator=office, experts_needed=3
            )
            for one in (writer, None)
        )
        assert theirs.start
        assert theirs.end
        # On other days, so that nobody is busy for the other request.
        later = theirs.end - theirs.start + timedelta(days=200)
        theirs.start, theirs.end = theirs.start + later, theirs.end + later
        experts = [factories.expert(session).id for _ in STATES]
        considered = factories.match(
            session, request=other, expert=session.get_one(Expert, experts[0]), coordinator=office
        )
        change_sides(session, who, asks, theirs)
        request_id, office_id, other_id = theirs.id, office.id, considered.request_id
    wanted = addresses(experts, other_id)
    one, colleague = visitor().come_in(asks), visitor().come_in(office)
    before, before_us = read(one, wanted), read(colleague, wanted)
    with writing(app) as session:
        consider(session, request_id, office_id, experts, STATES)
    after, after_us = read(one, wanted), read(colleague, wanted)
    assert [address for address in wanted if after[address] != before[address]] == []
    # The colleague reads of it, or the pages would be the wrong ones.
    assert len([address for address in wanted if after_us[address] != before_us[address]]) > 12
