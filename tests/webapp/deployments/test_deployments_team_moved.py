"""One form moves a whole team: who can go is shown before, and who cannot stays named."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import listening, reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.errors import ForbiddenError
from webapp.core.roles import Role
from webapp.deployments import moving, tasks
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import ExpertiseRequest, RequestState, Urgency
from webapp.experts.models import Expert, UnavailablePeriod
from webapp.experts.standing_tables import PhoneCall
from webapp.matches.models import BookedDay, MatchState
from webapp.matches.work_queue.lines import Line
from webapp.matches.work_queue.waiting import LEAD
from webapp.messages.models import Notice

CANNOT_GO = "cannot go on the days of the team: see who goes instead, or go on with fewer"
DAY = timedelta(days=1)
LATER = 20 * DAY
MOVE_ALL, MOVE_TWO = "Change the days of 3 experts", "Change the days of 2 experts"


class Case:
    """Three experts who are to go for three days in a month, and who moves them."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        self.app = app
        self.start = clock.today() + 30 * DAY
        self.later = self.start + LATER, self.start + LATER + 4 * DAY
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            asked = self.ask(session, self.start, experts_needed=3)
            team = [factories.missions.planned(session, request=asked) for _number in range(3)]
            self.request_id, self.requester = asked.id, asked.requester
            self.numbers = [one.id for one in team]
            self.experts = [one.match.expert_id for one in team]
            self.names = [one.match.expert.name for one in team]
            self.people = [one.match.expert.account for one in team]
        self.pages = visitor().come_in(self.office)
        self.mission = f"/deployments/{self.numbers[0]}"
        self.address = f"{self.mission}/team-days"

    def ask(self, session: Session, start: date, experts_needed: int = 1) -> ExpertiseRequest:
        return factories.request(
            session, RequestState.ACCEPTED, start=start, end=start + 2 * DAY,
            coordinator=self.office, experts_needed=experts_needed,
        )  # fmt: skip

    def send_elsewhere(self, number: int, start: date) -> str:
        """Let one of the team go for another request too, and return its reference."""
        with writing(self.app) as session:
            asked = self.ask(session, start)
            expert = session.get_one(Expert, self.experts[number])
            factories.match(
                session, MatchState.SELECTED, request=asked, expert=expert, coordinator=self.office
            )
            return asked.reference

    def be_away(self, number: int, start: date) -> None:
        """Let one of the team have said that they are not available on a day."""
        with writing(self.app) as session:
            expert = session.get_one(Expert, self.experts[number])
            expert.unavailable.append(UnavailablePeriod(start=start, end=start))

    def look(self, start: date | None = None, end: date | None = None) -> Page:
        """Return the page on which it is seen who can go."""
        asked = {
            "First day": (start or self.later[0]).isoformat(),
            "Last day": (end or self.later[1]).isoformat(),
        }
        return self.pages.get(self.address).submit("See who can go", asked)

    def periods(self) -> list[tuple[date, date]]:
        """Return the days of the missions."""
        with reading(self.app) as session:
            team = session.scalars(
                sa.select(Deployment).where(Deployment.id.in_(self.numbers)).order_by(Deployment.id)
            )
            return [(one.start, one.end) for one in team]

    def is_sound(self) -> bool:
        """Tell whether the experts hold the days of their missions and no others."""
        with reading(self.app) as session:
            return invariants.run(session) == []

    def heard(self, person: Account | None) -> list[str]:
        """Return what somebody was told of other days."""
        with reading(self.app) as session:
            rows = session.query(Notice).filter_by(account_id=person.id if person else 0)
            told = [row.words["subject"]["text"].partition(": ")[2] for row in rows]
        return [words for words in told if "other days" in words]

    @property
    def former(self) -> tuple[date, date]:
        """Return the days of before."""
        return self.start, self.start + 2 * DAY


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    """Return a team that is to go, and its coordinator's pages."""
    return Case(app, visitor)


@pytest.mark.both_databases
def test_one_form_moves_the_whole_team_and_each_is_told_once(case: Case) -> None:
    page = case.pages.get(case.mission).follow("Change the days of the whole team")
    assert all(name in page.text for name in case.names)
    assert case.periods() == [case.former] * 3
    case.look().submit(MOVE_ALL)
    assert case.periods() == [case.later] * 3
    assert case.is_sound()
    assert [case.heard(one) for one in case.people] == [["your mission has other days"]] * 3
    assert case.heard(case.requester) == ["the mission has other days"]


@pytest.mark.both_databases
def test_whoever_cannot_go_is_named_with_the_reason_before_and_after_and_keeps_their_days(
    case: Case,
) -> None:
    reference = case.send_elsewhere(1, case.later[1])
    page = case.look()
    assert "Cannot go, and keeps the days of now" in page.text
    assert f"On the mission for {reference}" in page.text
    page.submit(MOVE_TWO)
    assert case.periods() == [case.later, case.former, case.later]
    assert case.is_sound()
    for address in (
        case.mission,
        f"/requests/{case.request_id}",
        f"/deployments/{case.numbers[1]}",
    ):
        text = case.pages.get(address).text
        assert text.count("Cannot go on the days of the team") == 1, address
        assert f"On the mission for {reference}" in text
    assert case.heard(case.people[1]) == ["the others of your team have other days"]
    assert case.heard(case.requester) == ["the mission has other days"]


@pytest.mark.both_databases
def test_whoever_stays_behind_is_a_task_until_they_can_go_or_go_no_more(
    app: Flask, case: Case
) -> None:
    def behind() -> list[Line]:
        with reading(app) as session:
            return list(tasks.list_behind(session, clock.today()))

    case.be_away(1, case.later[0])
    assert behind() == []
    case.look().submit(MOVE_TWO)
    (line,) = behind()
    assert line.due == min(clock.today() + 7 * DAY, case.later[0] - LEAD)
    page = case.pages.get("/queue").follow(f"{case.names[1]} {CANNOT_GO}")
    assert page.url == f"/deployments/{case.numbers[1]}"
    for act, button in (
        ("End this match", "End this match and tell the requester"),
        ("Change the days of this mission", "See what follows"),
    ):
        page.follow(act).form(button)
    assert page.follow("Look for somebody else").url == f"/requests/{case.request_id}/matches"
    assert "End this match" not in case.pages.get(case.mission).text
    with writing(app) as session:
        session.get_one(ExpertiseRequest, case.request_id).urgency = Urgency.URGENT
    assert [one.due for one in behind()] == [clock.today() + DAY]
    with writing(app) as session:
        session.query(UnavailablePeriod).delete()
    assert behind() == []
    case.be_away(1, case.later[0])
    assert behind()
    with writing(app) as session:
        session.get_one(Deployment, case.numbers[1]).state = DeploymentState.RETURNED
    assert behind() == []


def test_going_with_fewer_is_proposed_where_the_number_of_experts_can_still_change(
    app: Flask, case: Case
) -> None:
    case.be_away(1, case.later[0])
    case.look().submit(MOVE_TWO)
    address = f"/deployments/{case.numbers[1]}"
    fewer, first = "Propose to go with fewer", "To go with fewer, end this match first"

    def stand(state: RequestState, mission: DeploymentState = DeploymentState.PLANNED) -> Page:
        with writing(app) as session:
            session.get_one(ExpertiseRequest, case.request_id).state = state
            session.get_one(Deployment, case.numbers[1]).state = mission
        return case.pages.get(address)

    page = stand(RequestState.CONFIRMED)
    assert first in page.text
    assert fewer not in page.text
    assert first not in stand(RequestState.CONFIRMED, DeploymentState.DEPLOYED).text
    page = stand(RequestState.PROPOSED)
    assert first not in page.text
    assert "experts_needed" in page.follow(fewer).form("Propose the change").values


def test_days_off_and_an_approval_that_ends_are_reasons_not_to_be_moved(
    app: Flask, case: Case
) -> None:
    case.be_away(0, case.later[0])
    with writing(app) as session:
        session.get_one(Expert, case.experts[2]).approved_until = case.later[1] - DAY
    page = case.look()
    assert "Not available on days of this mission" in page.text
    assert f"The approval of {case.names[2]} ends" in page.text
    page.submit("Change the days of 1 expert")
    assert case.periods() == [case.former, case.later, case.former]


def test_what_is_no_reason_is_remarked_and_they_go(case: Case) -> None:
    case.be_away(0, case.later[1] + 2 * DAY)
    page = case.look()
    assert "Not available within a week" in page.text
    page.submit(MOVE_ALL)
    assert case.periods() == [case.later] * 3


def test_a_clash_since_it_was_seen_moves_nobody_and_is_shown_with_the_days_that_were_typed(
    case: Case,
) -> None:
    page = case.look()
    case.send_elsewhere(2, case.later[0])
    again = page.submit(MOVE_ALL, status=409)
    assert "has changed meanwhile" in again.text
    assert case.periods() == [case.former] * 3
    again.submit(MOVE_TWO)
    assert case.periods() == [case.later, case.later, case.former]


def test_where_nobody_can_go_nothing_can_be_sent(case: Case) -> None:
    for number in range(3):
        case.be_away(number, case.later[0])
    page = case.look()
    assert "Nobody of the team can get these days." in page.text
    assert "Change the days of" not in page.text


def test_whoever_has_the_days_already_is_told_nothing(case: Case) -> None:
    case.look().submit(MOVE_ALL)
    page = case.look()
    assert page.text.count("Has these days already.") == 3
    assert "Change the days of" not in page.text
    assert "Cannot go on the days of the team" not in case.pages.get(case.mission).text


def test_whoever_has_the_days_already_does_not_stay_behind_though_a_day_off_was_noted(
    case: Case,
) -> None:
    case.look().submit(MOVE_ALL)
    case.be_away(0, case.later[0])
    assert case.look().text.count("Has these days already.") == 3
    assert "Cannot go on the days of the team" not in case.pages.get(case.mission).text


def test_of_whoever_has_left_the_last_day_alone_moves(app: Flask, case: Case) -> None:
    with writing(app) as session:
        session.get_one(Deployment, case.numbers[0]).state = DeploymentState.DEPLOYED
    page = case.look(case.start + DAY, case.start + 4 * DAY)
    assert "the last day alone changes" in page.text
    page.submit(MOVE_ALL)
    moved = case.start + DAY, case.start + 4 * DAY
    assert case.periods() == [(case.start, moved[1]), moved, moved]
    with writing(app) as session:
        for one in session.query(Deployment):
            one.state = DeploymentState.DEPLOYED
    page = case.pages.get(case.address)
    assert "First day" not in page.text
    last = {"Last day": (case.start + 5 * DAY).isoformat()}
    page.submit("See who can go", last).submit(MOVE_ALL)
    assert [end for _start, end in case.periods()] == [case.start + 5 * DAY] * 3


@pytest.mark.parametrize(
    ("start", "end", "field"), [(-1, 3, "start"), (40, 39, "end"), (40, 840, "end")]
)
def test_days_that_can_only_be_slips_are_told_at_their_field(
    case: Case, start: int, end: int, field: str
) -> None:
    today = clock.today()
    page = case.look(today + start * DAY, today + end * DAY)
    assert field in page.errors
    assert "Change the days of" not in page.text
    sent = {"start": (today + start * DAY).isoformat(), "end": (today + end * DAY).isoformat()}
    refused = case.pages.post(case.address, {**sent, "seen": ""}, status=400)
    assert field in refused.errors
    assert case.periods() == [case.former] * 3


def test_nobody_who_is_of_it_moves_a_team_and_one_alone_is_none(app: Flask, case: Case) -> None:
    with writing(app) as session:
        session.get_one(Expert, case.experts[2]).account_id = case.office.id
        team = moving.team_of(session, session.get_one(ExpertiseRequest, case.request_id))
        work = factories.work(session, session.merge(case.office))
        seen = moving.marks_of(moving.look(session, work.actor, team, *case.later, work.now))
        with pytest.raises(ForbiddenError, match="nobody who is of it"):
            moving.move(work, team[0].match.request, *case.later, seen=seen)
    assert "whole team" not in case.pages.get(case.mission).text
    assert case.pages.get(case.address).heading == f"Mission of {case.names[0]} planned"
    with writing(app) as session:
        session.get_one(Expert, case.experts[2]).account_id = None
        for number in case.numbers[1:]:
            session.get_one(Deployment, number).state = DeploymentState.RETURNED
    assert "whole team" not in case.pages.get(case.mission).text


def test_who_cannot_be_written_to_is_called(app: Flask, case: Case) -> None:
    with writing(app) as session:
        session.get_one(Expert, case.experts[1]).account_id = None
    case.look().submit(MOVE_ALL)
    with reading(app) as session:
        calls = session.scalars(
            sa.select(PhoneCall).where(PhoneCall.expert_id == case.experts[1])
        ).all()
        assert sum("other days" in str(call.words) for call in calls) == 1


@pytest.mark.both_databases
def test_a_team_of_eight_is_looked_at_with_as_many_queries_as_one_of_two(session: Session) -> None:
    office = factories.account(session, Role.COORDINATOR)
    later = clock.today() + 50 * DAY
    counts = []
    for size in (2, 8):
        asked = factories.request(
            session, RequestState.ACCEPTED, coordinator=office, experts_needed=size
        )
        for _number in range(size):
            made = factories.missions.planned(session, request=asked)
            other = factories.request(
                session, RequestState.ACCEPTED, start=later, end=later, coordinator=office
            )
            factories.match(
                session, MatchState.SELECTED, request=other, expert=made.match.expert,
                coordinator=office,
            )  # fmt: skip
        session.flush()
        session.expire_all()
        actor = factories.actor(office)
        run: list[str] = []

        def note(*arguments: Any, run: list[str] = run) -> None:
            run.append(arguments[2])

        with listening(session.get_bind(), "before_cursor_execute", note):
            team = moving.team_of(session, asked)
            members = moving.look(session, actor, team, later, later, clock.now())
        assert all("On the mission for" in str(one.obstacles[0]) for one in members)
        counts.append(len(run))
    assert counts[0] == counts[1]


def test_all_days_are_booked_anew_or_none(
    app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = case.look()
    monkeypatch.setattr(moving, "_why_taken", lambda *_facts: [])
    case.send_elsewhere(2, case.later[0])
    page.submit(MOVE_ALL, status=409)
    with reading(app) as session:
        held = session.query(BookedDay).filter(BookedDay.expert_id == case.experts[0])
        assert [row.day for row in held.order_by(BookedDay.day)] == [
            case.start + number * DAY for number in range(3)
        ]


def test_what_is_sent_for_a_team_that_is_one_no_more_is_refused_in_words(case: Case) -> None:
    form = case.look().form(MOVE_ALL)
    with writing(case.app) as session:
        for number in case.numbers[1:]:
            session.get_one(Deployment, number).state = DeploymentState.RETURNED
    page = case.pages.post(form.action, form.filled({}), token=None, status=409)
    assert "This was no team any more when you sent it" in page.text
    assert case.pages.get(case.address).url == case.mission
