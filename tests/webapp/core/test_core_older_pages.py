"""A button of an older page does nothing again that a colleague has undone since."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.experts.models import Expert, ExpertState
from webapp.matches.models import Match, MatchState
from webapp.themes.models import Theme

SignIn = Callable[..., Pages]
SUSPENDED = {"suspend-kind": "to be checked"}
REFUSED = "This was done already after you opened the page, and has been undone since."


def suspend(page: Page, status: int | None = None) -> Page:
    return page.submit("Suspend", SUSPENDED, status=status)


def state_of(app: Flask, number: int) -> ExpertState:
    with reading(app) as session:
        return session.get_one(Expert, number).state


@pytest.fixture
def colleagues(sign_in_as: SignIn) -> tuple[Pages, Pages]:
    return sign_in_as(Role.COORDINATOR), sign_in_as(Role.COORDINATOR)


def test_a_step_that_was_undone_is_not_taken_again_from_the_page_before(
    app: Flask, colleagues: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        number = factories.expert(session).id
    one, other = colleagues
    before = one.get(f"/roster/{number}")
    suspend(one.get(f"/roster/{number}"))
    other.get(f"/roster/{number}").submit("Reactivate")
    told = {"suspend-kind": "other", "suspend-reason": "Two accounts of one event."}
    again = before.submit("Suspend", told, status=409)
    assert REFUSED in again.text
    assert "Two accounts of one event." in again.text
    assert state_of(app, number) is ExpertState.ACTIVE
    # The page that says so is a new one: who means it decides anew.
    suspend(again)
    assert state_of(app, number) is ExpertState.SUSPENDED


def test_what_others_did_otherwise_since_hinders_nobody(
    app: Flask, colleagues: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        number, neighbour = factories.expert(session).id, factories.expert(session).id
    one, other = colleagues
    before = one.get(f"/roster/{number}")
    suspend(other.get(f"/roster/{neighbour}"))
    suspend(before)
    assert state_of(app, number) is ExpertState.SUSPENDED


def test_a_match_that_was_taken_up_again_is_not_ended_again_from_the_page_before(
    app: Flask, colleagues: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        number = factories.match(session, MatchState.INVITED).id
    one, other = colleagues
    reason = {"cancel-kind": "other", "cancel-reason": "Not needed."}
    before = one.get(f"/matches/{number}")
    other.get(f"/matches/{number}").submit("End this match", reason)
    again = {"reconsider-kind": "mistake"}
    other.get(f"/matches/{number}").submit("Take up again", again)
    with reading(app) as session:
        assert session.get_one(Match, number).state is MatchState.SHORTLISTED
    assert REFUSED in before.submit("End this match", reason, status=409).text
    with reading(app) as session:
        assert session.get_one(Match, number).state is MatchState.SHORTLISTED


@pytest.fixture
def administrators(sign_in_as: SignIn) -> tuple[Pages, Pages]:
    return sign_in_as(Role.ADMINISTRATOR), sign_in_as(Role.ADMINISTRATOR)


def is_open(app: Flask, number: int) -> bool:
    with reading(app) as session:
        return session.get_one(Account, number).active


def test_an_account_is_neither_opened_nor_closed_again_from_a_page_before(
    app: Flask, administrators: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        number = factories.account(session, Role.REQUESTER).id
    one, other = administrators
    page, question = f"/accounts/{number}", f"/accounts/{number}/disable"
    to_close = one.get(question)
    other.get(question).submit("Disable the account")
    to_open = one.get(page)
    other.get(page).submit("Enable again")
    assert REFUSED in to_close.submit("Disable the account", status=409).text
    assert is_open(app, number)
    other.get(question).submit("Disable the account")
    assert REFUSED in to_open.submit("Enable again", status=409).text
    assert not is_open(app, number)


def test_nobody_is_taken_out_of_an_organisation_or_let_in_again_from_a_page_before(
    app: Flask, administrators: tuple[Pages, Pages]
) -> None:
    with writing(app) as session:
        house = factories.organisation(session)
        person = factories.account(session, Role.REQUESTER, organisation_id=house.id)
        neighbour = factories.account(session, Role.REQUESTER, organisation_id=house.id)
        number, address, organisation = person.id, {"email": person.email}, house.id
        of_neighbour = f"/organisations/people/{neighbour.id}"
    one, other = administrators
    page, members, out = (
        f"/organisations/people/{number}", f"/organisations/{organisation}",
        "Take out of the organisation",
    )  # fmt: skip
    before, neighbour_page = one.get(page), one.get(of_neighbour)
    other.get(page).submit(out)
    to_add = one.get(members)
    other.get(members).submit("Add as a member", address)
    assert REFUSED in before.submit(out, status=409).text
    other.get(page).submit(out)
    assert REFUSED in to_add.submit("Add as a member", address, status=409).text
    with reading(app) as session:
        assert session.get_one(Account, number).organisation_id is None
    # Another member is another matter, though it is the same organisation of which the log tells.
    neighbour_page.submit(out, status=302)


def test_a_theme_is_not_retired_again_from_the_page_before(
    app: Flask, administrators: tuple[Pages, Pages]
) -> None:
    with reading(app) as session:
        code = session.query(Theme).filter_by(retired=False).first().code  # type: ignore[union-attr]
    one, other = administrators
    before = one.get(f"/themes/{code}")
    other.get(f"/themes/{code}").submit("Offer it no more")
    other.get(f"/themes/{code}").submit("Offer it again")
    assert REFUSED in before.submit("Offer it no more", status=409).text


@pytest.mark.parametrize("no_position", ["", "-1", "9" * 30, "later"])
def test_a_form_that_does_not_say_when_it_was_drawn_is_judged_by_the_state_alone(
    app: Flask, colleagues: tuple[Pages, Pages], no_position: str
) -> None:
    with writing(app) as session:
        number = factories.expert(session).id
    page = colleagues[0].get(f"/roster/{number}")
    page.submit("Suspend", {**SUSPENDED, "drawn_at": no_position}, status=302)
    assert state_of(app, number) is ExpertState.SUSPENDED
