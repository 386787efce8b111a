"""The statistics tell whoever asks nothing of the steps with experts for a request of their own."""

from collections.abc import Callable
from dataclasses import replace

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
from webapp.matches.models import MatchState

# What tells of steps with experts, and what tells of none before a mission.
OF_STEPS = ("/insights/choices", "/insights/people", "/insights/times", "/insights")
ADDRESSES = (*OF_STEPS, "/insights/themes", "/insights/places")
STATES = [MatchState.DECLINED] * 5 + [MatchState.INVITED]


def told(pages: Pages) -> list[str]:
    """Return what the statistics say."""
    return [html.text_of(pages.get(address).tree.find(".//main")) for address in ADDRESSES]


@pytest.mark.thorough
@pytest.mark.parametrize("who", WHO)
def test_what_is_done_with_experts_changes_no_number_for_those_who_ask(
    app: Flask, visitor: Callable[[], Pages], who: str
) -> None:
    with writing(app) as session:
        writer, asks = on_the_other_side(session, who)
        office = factories.account(session, Role.COORDINATOR)
        theirs = factories.request(
            session, RequestState.ACCEPTED, requester=writer, coordinator=office
        )
        change_sides(session, who, asks, theirs)
        experts = [factories.expert(session).id for _ in range(6)]
        request_id, office_id = theirs.id, office.id
    theirs_read, ours_read = visitor().come_in(asks), visitor().come_in(office)
    before, before_us = told(theirs_read), told(ours_read)
    assert "no step between" in before[0]
    assert "no step between" not in before_us[0]
    with writing(app) as session:
        placing = replace(factories.PLACING, first=tuple(experts))
        consider(session, request_id, office_id, experts, STATES, placing)
    assert told(theirs_read) == before
    changed = [was != now for was, now in zip(before_us, told(ours_read), strict=True)]
    assert changed == [address in OF_STEPS for address in ADDRESSES]
