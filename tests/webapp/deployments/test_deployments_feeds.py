"""Missions in the calendars of other programs, at secret addresses that name nobody."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from tests import factories
from tests.databases import reading, writing
from tests.links import deliver
from tests.pages import Page, Pages
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account, AccountSession
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.deployments import feeds
from webapp.deployments.models import CalendarFeed
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert, UnavailablePeriod
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep


class Case:
    """A mission of three days, its expert and requester, a coordinator, and somebody else."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        self.app, self.visitor = app, visitor
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            self.start = date(2027, 3, 3)
            asked = factories.request(
                session, RequestState.ACCEPTED, start=self.start,
                end=self.start + timedelta(days=2), jurisdiction="KGZ", title="Secret title",
            )  # fmt: skip
            match = factories.match(
                session, MatchState.SELECTED, request=asked, coordinator=self.office
            )
            self.match_id, self.name, self.reference = match.id, match.expert.name, asked.reference
            assert match.expert.account
            self.person, self.requester = match.expert.account, asked.requester
            self.other = factories.account(session, Role.EXPERT)
            factories.expert(session, person=self.other)

    def make(self, person: Account, **chosen: str) -> str:
        pages = self.visitor().come_in(person)
        return address_of(pages.post("/deployments/feed", chosen, status=200))

    def events(self, address: str) -> list[dict[str, str]]:
        answer = self.visitor().client.get(address)
        assert answer.status_code == 200
        assert answer.mimetype == "text/calendar"
        text = answer.get_data(as_text=True)
        assert self.name not in text
        assert "Secret title" not in text
        return [
            {
                "summary": str(item["SUMMARY"]), "status": str(item["STATUS"]),
                "start": item.decoded("DTSTART").isoformat(),
                "end": item.decoded("DTEND").isoformat(), "where": str(item["LOCATION"]),
            }
            for item in Calendar.from_ical(text).walk("VEVENT")
        ]  # fmt: skip


def address_of(page: Page) -> str:
    """Return the path of the address that a page shows."""
    found = re.search(r"http://[^/\s]+(/deployments/feed/\S+\.ics)", page.text)
    assert found, page.text
    return found[1]


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


def test_each_side_reads_its_missions_without_a_name(case: Case) -> None:
    mission = {
        "summary": f"Mission {case.reference}", "status": "CONFIRMED", "start": "2027-03-03",
        "end": "2027-03-06", "where": "Kyrgyzstan",
    }  # fmt: skip
    for person in (case.person, case.requester, case.office):
        assert case.events(case.make(person)) == [mission]
    assert case.events(case.make(case.other)) == []


@pytest.mark.parametrize("chosen", [True, False])
def test_the_days_off_are_there_for_whom_they_were_chosen(case: Case, *, chosen: bool) -> None:
    with writing(case.app) as session:
        days = date(2027, 8, 2), date(2027, 8, 6)
        for person in (case.person, case.other):
            own = session.scalars(sa.select(Expert).where(Expert.account_id == person.id)).one()
            own.unavailable.append(UnavailablePeriod(start=days[0], end=days[1]))
    pages = case.visitor().come_in(case.person)
    values = {"with_days_off": "y"} if chosen else {}
    page = pages.get("/deployments").submit("Make an address", values)
    assert ("on which days you are not available" in page.text) is chosen
    text = case.visitor().client.get(address_of(page)).get_data(as_text=True)
    assert text.count("DTSTART;VALUE=DATE:20270802") == chosen
    assert text.count("DTEND;VALUE=DATE:20270807") == chosen
    assert case.name not in text
    told = pages.get("/deployments").text
    assert ("your missions and the days on which you are not available" in told) is chosen


def test_who_is_no_expert_is_asked_nothing_of_days_off(case: Case) -> None:
    page = case.visitor().come_in(case.requester).get("/deployments")
    assert "Also the days on which I am not available" not in page.text
    address = case.make(case.requester, with_days_off="y")
    assert len(case.events(address)) == 1


def test_a_cancelled_mission_is_told_to_calendars_as_such(case: Case) -> None:
    address = case.make(case.person)
    with writing(case.app) as session:
        match = session.get_one(Match, case.match_id)
        work = factories.work(session, session.get_one(Account, case.office.id))
        operations.take(work, match, MatchStep.TAKE_BACK, factories.grounds(text="Ill."))
    (event,) = case.events(address)
    assert event["status"] == "CANCELLED"


@pytest.mark.both_databases
def test_another_address_or_its_end_closes_the_one_before(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    case = Case(app, visitor)
    first = case.make(case.person)
    clock.shift(feeds.ONE_CLICK)
    second = case.make(case.person)
    assert first != second
    assert visitor().client.get(first).status_code == 404
    assert visitor().client.get(second).status_code == 200
    pages = visitor().come_in(case.person)
    assert second.rsplit("/", 1)[1][:20] not in pages.get("/deployments").text
    pages.get("/deployments").submit("End the address", {})
    assert visitor().client.get(second).status_code == 404
    with reading(app) as session:
        actions = list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))
    assert (actions.count(Action.FEED_MADE), actions.count(Action.FEED_ENDED)) == (2, 1)


def test_a_disabled_account_has_no_calendar(case: Case) -> None:
    address = case.make(case.person)
    with writing(case.app) as session:
        session.get_one(Account, case.person.id).active = False
    assert case.visitor().client.get(address).status_code == 404


@pytest.mark.parametrize("own", [False, True])
def test_the_address_ends_with_all_sessions_and_its_owner_is_told(case: Case, *, own: bool) -> None:
    address = case.make(case.person)
    with writing(case.app) as session:
        person = session.get_one(Account, case.person.id)
        other = factories.account(session, Role.ADMINISTRATOR)
        accounts.end_sessions(factories.work(session, person if own else other), person)
    assert case.visitor().client.get(address).status_code == 404
    told = case.visitor().come_in(case.person).get("/notices").text
    assert "make another one" in told


def test_the_address_ends_with_the_one_session_in_which_it_may_have_been_made(case: Case) -> None:
    address = case.make(case.person)
    pages = case.visitor().come_in(case.person)
    with reading(case.app) as session:
        numbers = session.scalars(
            sa.select(AccountSession.id)
            .where(AccountSession.account_id == case.person.id)
            .order_by(AccountSession.id)
        ).all()
    pages.post(f"/account/sessions/{numbers[0]}/end", {}, status=303)
    assert case.visitor().client.get(address).status_code == 404


def test_a_session_that_began_later_ends_without_the_address(case: Case) -> None:
    address = case.make(case.person)
    later = case.visitor().come_in(case.person)
    with writing(case.app) as session:
        session.scalars(sa.select(CalendarFeed)).one().made_at -= timedelta(hours=1)
        begun = session.scalars(sa.select(AccountSession.id).order_by(AccountSession.id)).all()
    later.post(f"/account/sessions/{begun[-1]}/end", {}, status=303)
    assert case.visitor().client.get(address).status_code == 200


def test_a_new_password_of_ones_own_ends_the_address(case: Case) -> None:
    address = case.make(case.person)
    page = case.visitor().come_in(case.person).get("/account/password")
    new = {"Current password": factories.PASSWORD, "New password": "maslina vrbas kajak"}
    page.submit("Set the password", new)
    assert case.visitor().client.get(address).status_code == 404


def test_nobody_reads_an_address_in_the_database(case: Case) -> None:
    token = case.make(case.person).rsplit("/", 1)[1].removesuffix(".ics")
    with reading(case.app) as session:
        (kept,) = session.scalars(sa.select(CalendarFeed.token_hash))
    assert token not in kept
    assert case.visitor().client.get(f"/deployments/feed/{kept}.ics").status_code == 404


def test_the_page_of_ways_in_names_the_address_and_its_owner_is_told_that_it_was_made(
    case: Case, outbox: list[Any]
) -> None:
    told = "Whoever knows this secret address"
    pages = case.visitor().come_in(case.person)
    assert told not in pages.get("/account/security").text
    pages.post("/deployments/feed", {}, status=200)
    page = pages.get("/account/security")
    assert told in page.text
    assert "End the address" in page.follow("Replace or end it").text
    assert told not in case.visitor().come_in(case.other).get("/account/security").text
    deliver(case.app)
    made = [mail for mail in outbox if mail.subject == "An address for your calendar was made"]
    assert [mail.to for mail in made] == [[case.person.email]]
    assert ".ics" not in made[0].body
    pages.post("/deployments/feed/end")
    assert told not in pages.get("/account/security").text


@pytest.mark.both_databases
def test_of_several_clicks_at_once_each_shows_the_address_that_lives(case: Case) -> None:
    browsers = [case.visitor().come_in(case.person) for _ in range(4)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        pages = list(pool.map(lambda pages: pages.post("/deployments/feed", status=200), browsers))
    (address,) = {address_of(page) for page in pages}
    assert case.visitor().client.get(address).status_code == 200
    with reading(case.app) as session:
        made = sa.select(AuditEvent.id).where(AuditEvent.action == Action.FEED_MADE)
        assert len(session.scalars(made).all()) == 1


def test_a_session_that_has_begun_since_is_shown_an_address_of_its_own(
    case: Case, clock: Any
) -> None:
    """Shown the same one it could keep it, and the session's end would not end it."""
    first = case.make(case.person)
    clock.shift(timedelta(seconds=4))
    second = case.make(case.person)
    assert first != second
    assert case.visitor().client.get(first).status_code == 404
    with reading(case.app) as session:
        begun = session.scalars(sa.select(AccountSession.id).order_by(AccountSession.id)).all()
    pages = case.visitor().come_in(case.person)
    pages.post(f"/account/sessions/{begun[-1]}/end", {}, status=303)
    assert case.visitor().client.get(second).status_code == 404
