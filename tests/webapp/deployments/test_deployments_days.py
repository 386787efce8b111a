"""The days of a mission change: they are booked anew, and all sides are told."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments import operations
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert, UnavailablePeriod
from webapp.matches import operations as matches
from webapp.matches.models import BookedDay, MatchState
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice

DAY = timedelta(days=1)


class Case:
    """A mission of three days that begins in a month, and who may change it."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages], *steps: DeploymentStep) -> None:
        self.app = app
        self.start = clock.today() + timedelta(days=30)
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            mission = self.mission(session, self.start)
            self.number, self.expert_id = mission.id, mission.match.expert_id
            self.person = mission.match.expert.account
            self.requester = mission.match.request.requester
            for step in steps:
                factories.settle(session, mission)
                operations.take(factories.work(session, self.office), mission, step)
        self.pages = visitor().come_in(self.office)
        self.address = f"/deployments/{self.number}/days"

    def mission(self, session: Session, start: date, expert: Expert | None = None) -> Deployment:
        asked = factories.request(session, RequestState.ACCEPTED, start=start, end=start + 2 * DAY)
        match = factories.match(
            session, MatchState.SELECTED, request=asked, expert=expert, coordinator=self.office
        )
        return session.query(Deployment).filter_by(match_id=match.id).one()

    def look(self, start: date, end: date) -> Page:
        """Open what follows from other days, which changes nothing."""
        return self.pages.get(self.address).submit("See what follows", sent(start, end))

    def move(self, start: date, end: date) -> Page:
        return self.look(start, end).submit("Change the days")

    def days(self) -> list[date]:
        with reading(self.app) as session:
            rows = session.query(BookedDay).filter_by(expert_id=self.expert_id)
            return [row.day for row in rows.order_by(BookedDay.day)]

    def stored(self) -> tuple[date, date, DeploymentState]:
        with reading(self.app) as session:
            mission = session.get_one(Deployment, self.number)
            return mission.start, mission.end, mission.state

    def told(self, person: Account | None) -> int:
        with reading(self.app) as session:
            rows = session.query(Notice).filter_by(account_id=person.id if person else 0)
            return sum("other days" in row.words["subject"]["text"] for row in rows)


def sent(start: date, end: date) -> dict[str, str]:
    """Return the days as the form sends them."""
    return {"First day": start.isoformat(), "Last day": end.isoformat()}


@pytest.mark.both_databases
def test_a_moved_mission_holds_its_new_days_and_all_sides_are_told(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, DeploymentStep.CLEAR)
    start = case.start + 2 * DAY
    page = case.pages.get(case.address)
    assert "has to be cleared anew" in page.text
    case.move(start, start + 3 * DAY)
    assert case.stored() == (start, start + 3 * DAY, DeploymentState.PLANNED)
    assert case.days() == [start + number * DAY for number in range(4)]
    assert (case.told(case.person), case.told(case.requester)) == (1, 1)
    with writing(app) as session:
        assert invariants.run(session) == []


def test_a_mission_planned_again_after_it_was_moved_holds_the_days_to_which_it_was_moved(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    case.move(case.start + 9 * DAY, case.start + 9 * DAY)
    with writing(app) as session:
        match = session.get_one(Deployment, case.number).match
        work = factories.work(session, session.merge(case.requester))
        slip = Grounds(ReasonKind.MISTAKE, "A slip of the hand.")
        matches.take(work, match, MatchStep.TAKE_BACK_SELECTION, slip)
        matches.take(work, match, MatchStep.SELECT)
    later = case.start + 9 * DAY
    assert case.stored() == (later, later, DeploymentState.PLANNED)
    assert case.days() == [later]
    with writing(app) as session:
        assert invariants.run(session) == []


def test_the_queue_has_the_days_of_the_mission_and_not_those_of_the_request(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case, today = Case(app, visitor), clock.today()
    case.move(today + 9 * DAY, today + 9 * DAY)
    page = case.pages.get("/queue")
    assert "begins in 9 days" in page.text
    assert "begins in 30 days" not in page.text.split("Later")[0]


@pytest.mark.parametrize("state", [DeploymentState.PLANNED, DeploymentState.DEPLOYED])
def test_a_slip_of_years_in_the_last_day_is_refused_in_every_state(
    app: Flask, visitor: Callable[[], Pages], state: DeploymentState
) -> None:
    case = Case(app, visitor)
    with writing(app) as session:
        session.get_one(Deployment, case.number).state = state
    last = {"Last day": (case.start + 1000 * DAY).isoformat()}
    page = case.pages.get(case.address).submit("See what follows", last)
    assert "longer than two years" in page.errors["end"]
    typed = {"start": case.start.isoformat(), "end": last["Last day"], "version": "1"}
    assert "end" in case.pages.post(case.address, typed, status=400).errors
    assert len(case.days()) == 3


def test_days_of_another_mission_are_refused_in_words_and_nothing_changes(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    with writing(app) as session:
        other = case.mission(
            session, case.start + 10 * DAY, session.get_one(Expert, case.expert_id)
        )
        reference = other.match.request.reference
    before, last = case.days(), (case.start + 10 * DAY).isoformat()
    looked = case.look(case.start, case.start + 10 * DAY)
    assert reference in looked.text
    assert '/days" novalidate' not in looked.text, "there is nothing to press"
    sent_all_the_same = {"start": case.start.isoformat(), "end": last, "version": "1"}
    page = case.pages.post(case.address, sent_all_the_same, status=409)
    assert reference in page.text
    assert page.form("See what follows").values["end"] == [last], "what was typed stays"
    assert case.days() == before
    assert case.told(case.person) == 0


def test_of_a_mission_under_way_only_the_last_day_moves(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, DeploymentStep.CLEAR)
    with writing(app) as session:
        session.get_one(Deployment, case.number).state = DeploymentState.DEPLOYED
    page = case.pages.get(case.address)
    assert "First day" not in page.text
    last = {"Last day": (case.start + 5 * DAY).isoformat()}
    page.submit("See what follows", last).submit("Change the days")
    assert case.stored() == (case.start, case.start + 5 * DAY, DeploymentState.DEPLOYED)
    assert len(case.days()) == 6


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [(-1, 3, "start"), (40, 39, "end"), (40, 40 + 800, "end"), (1, None, "end")],
)
def test_days_that_can_only_be_slips_are_refused_at_their_field(
    app: Flask, visitor: Callable[[], Pages], start: int, end: int | None, field: str
) -> None:
    case, today = Case(app, visitor), clock.today()
    last = (today + end * DAY).isoformat() if end is not None else ""
    page = case.pages.get(case.address).submit(
        "See what follows", {"First day": (today + start * DAY).isoformat(), "Last day": last}
    )
    assert field in page.errors
    assert case.stored()[0] == case.start


def test_a_form_that_is_older_than_another_change_is_refused_once(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    old, new = case.look(case.start, case.start), case.look(case.start + DAY, case.start + 3 * DAY)
    new.submit("Change the days")
    page = old.submit("Change the days", status=409)
    assert "was changed meanwhile" in page.text
    assert case.stored()[0] == case.start + DAY
    page.submit("Change the days")
    assert case.days() == [case.start]


def test_nobody_changes_the_days_of_their_own_mission_or_of_one_that_is_over(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    assert "Change the days" in case.pages.get(f"/deployments/{case.number}").text
    with writing(app) as session:
        session.get_one(Expert, case.expert_id).account_id = case.office.id
    assert "Change the days" not in case.pages.get(f"/deployments/{case.number}").text
    form = {"start": case.start.isoformat(), "end": case.start.isoformat(), "version": "1"}
    case.pages.post(case.address, form, status=403)
    with writing(app) as session:
        session.get_one(Expert, case.expert_id).account_id = None
        session.get_one(Deployment, case.number).state = DeploymentState.RETURNED
    case.pages.post(case.address, form, status=409)
    assert case.days()[0] == case.start


def test_what_follows_from_other_days_is_shown_before_anything_changes(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    start, end = case.start + 40 * DAY, case.start + 60 * DAY
    with writing(app) as session:
        expert = session.get_one(Expert, case.expert_id)
        expert.max_days = 10
        expert.unavailable.append(UnavailablePeriod(start=start, end=start + DAY))
        other = factories.request(session, RequestState.ACCEPTED, start=end, end=end + DAY)
        factories.match(session, MatchState.INVITED, request=other, expert=expert)
        match = session.get_one(Deployment, case.number).match
        match.released_start, match.released_end = case.start, case.start + 2 * DAY
        match.request.state = RequestState.ACCEPTED
        kept = factories.match(session, MatchState.ALTERNATE, request=match.request)
        match.request.state = RequestState.CONFIRMED
        names = other.reference, kept.expert.name
    page = case.look(start, end)
    for words in (
        "takes 21 days then; the expert goes for 10 at most",
        "Not available",
        f"Considered for {names[0]}",
        "Agreed in version 1 of the terms of reference",
        "it is asked anew",
        f"{names[1]} (",
    ):
        assert words in page.text, words
    assert case.days()[0] == case.start
    assert case.told(case.person) == 0
    page.submit("Change the days")
    assert case.stored()[:2] == (start, end)


def test_of_several_places_those_that_are_open_stay_on_the_days_that_were_agreed(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    with writing(app) as session:
        asked = session.get_one(Deployment, case.number).match.request
        asked.experts_needed, number = 2, asked.id
    page = case.look(case.start + 9 * DAY, case.start + 9 * DAY)
    assert "1 other place of the request stays on" in page.text
    page.submit("Change the days")
    with reading(app) as session:
        asked = session.get_one(ExpertiseRequest, number)
        assert asked.mission_days == (case.start, case.start + 2 * DAY)
    assert "keep the agreed days" in case.pages.get(f"/requests/{number}/matches").text
