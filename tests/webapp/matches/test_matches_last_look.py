"""What is new on a ranking since a coordinator last looked at it, and why."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert
from webapp.matches.ranking.looks import PAUSE

LATER = PAUSE + timedelta(minutes=1)
JOINED = "came onto the roster since your last look"
CHANGED = "changed the profile since you saw it here"
UNSEEN = "was not on the pages of this list that you saw"


def a_list(app: Flask) -> tuple[Account, ExpertiseRequest, Expert]:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=office)
        expert = factories.expert(session)
    return office, request, expert


def look(pages: Pages, request: ExpertiseRequest) -> Page:
    return pages.get(f"/requests/{request.id}/matches")


def edit(app: Flask, expert: Expert) -> None:
    with writing(app) as session:
        row = session.get_one(Expert, expert.id)
        audit.record(factories.work(session, row.account), Action.PROFILE_EDITED, row)


def test_a_first_look_says_nothing_of_another(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    office, request, _expert = a_list(app)
    pages = visitor().come_in(office)
    assert "You last looked" not in look(pages, request).text
    clock.shift(timedelta(minutes=5))
    assert "You last looked" not in look(pages, request).text


@pytest.mark.both_databases
def test_somebody_who_changed_the_profile_is_marked_and_others_are_not(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    office, request, expert = a_list(app)
    pages = visitor().come_in(office)
    look(pages, request)
    clock.shift(LATER)
    assert "Nobody on this page is new" in look(pages, request).text
    edit(app, expert)
    clock.shift(LATER)
    assert CHANGED not in look(pages, request).text, "the last look was of the second after it"
    edit(app, expert)
    page = look(pages, request)
    assert page.text.count(CHANGED) == 1
    assert "1 expert on this page is marked" in page.text


def test_somebody_who_came_onto_the_roster_is_told_from_somebody_merely_not_seen(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    office, request, _expert = a_list(app)
    pages = visitor().come_in(office)
    look(pages, request)
    with writing(app) as session:
        risen = factories.expert(session)
        fresh = factories.expert(session)
        clock.shift(timedelta(minutes=1))
        audit.record(factories.work(session), "expert: activate", fresh)
    clock.shift(LATER)
    page = look(pages, request)
    assert page.text.count(JOINED) == 1
    assert page.text.count(UNSEEN) == 1
    assert risen.name in page.text


def test_nobody_is_told_of_the_looks_of_a_colleague(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    office, request, expert = a_list(app)
    look(visitor().come_in(office), request)
    clock.shift(LATER)
    edit(app, expert)
    with writing(app) as session:
        colleague = factories.account(session, Role.COORDINATOR)
    assert "You last looked" not in look(visitor().come_in(colleague), request).text


def test_a_look_at_another_request_is_no_look_at_this_one(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    office, request, _expert = a_list(app)
    with writing(app) as session:
        other = factories.request(session, RequestState.ACCEPTED, coordinator=office)
    pages = visitor().come_in(office)
    look(pages, other)
    clock.shift(LATER)
    assert "You last looked" not in look(pages, request).text


@pytest.mark.parametrize("own", [True, False])
def test_a_change_of_what_counts_is_told_if_it_was_a_colleagues(
    app: Flask, visitor: Callable[[], Pages], clock: Any, own: bool
) -> None:
    office, request, _expert = a_list(app)
    pages = visitor().come_in(office)
    look(pages, request)
    clock.shift(LATER)
    with writing(app) as session:
        row = session.get_one(ExpertiseRequest, request.id)
        work = factories.work(
            session, office if own else factories.account(session, Role.COORDINATOR)
        )
        audit.record(work, Action.CONSIDERATIONS_CHANGED, row, request_id=row.id, ignored="")
    told = "a colleague has changed what counts" in look(pages, request).text
    assert told is not own
