"""A mission that was moved is filled for its own days: whoever follows is ranked, asked and booked
for them, and no more for those of before."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import clock, invariants
from webapp.core.roles import Role
from webapp.core.words.formats import period_name
from webapp.deployments import moving, operations, queries
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import UnavailablePeriod
from webapp.matches import operations as matches
from webapp.matches import remarks
from webapp.matches.models import Match, MatchState
from webapp.matches.ranking.matcher_records import request_record
from webapp.matches.workflow import MatchStep

DAY = timedelta(days=1)
S = MatchState


class Case:
    """Two experts who are to go for three days in a month, of three who are wanted."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.office = factories.account(session, Role.COORDINATOR)
        self.start = clock.today() + 30 * DAY
        self.later = self.start + 20 * DAY, self.start + 24 * DAY
        self.request = self.ask(self.start)
        self.team = [factories.missions.planned(session, request=self.request) for _one in range(2)]

    def ask(self, start: date) -> ExpertiseRequest:
        return factories.request(
            self.session, RequestState.ACCEPTED, start=start, end=start + 2 * DAY,
            coordinator=self.office, experts_needed=3,
        )  # fmt: skip

    def consider(self, state: MatchState, **facts: Any) -> Match:
        return factories.match(
            self.session, state, request=self.request, coordinator=self.office, **facts
        )

    def brought_to(self, session: Session) -> "Case":
        self.session = session
        self.office, self.request = session.merge(self.office), session.merge(self.request)
        self.team = [session.merge(one) for one in self.team]
        return self

    def move(self) -> None:
        work = factories.work(self.session, self.office)
        found = moving.look(self.session, work.actor, self.team, *self.later, work.now)
        moving.move(work, self.request, *self.later, seen=moving.marks_of(found))

    def days(self, match: Match) -> tuple[date, date] | None:
        self.session.refresh(match, ["booked_days"])
        held = [row.day for row in match.booked_days]
        return (held[0], held[-1]) if held else None

    def is_sound(self) -> bool:
        self.session.flush()
        return invariants.run(self.session) == []


@pytest.mark.both_databases
def test_whoever_comes_in_for_a_team_that_was_moved_goes_on_its_days(session: Session) -> None:
    case = Case(session)
    case.move()
    follower = case.consider(S.SELECTED)
    mission = queries.find_of_match(session, follower.id)
    assert mission
    assert (mission.start, mission.end) == case.later == case.days(follower)
    assert (case.request.start, case.request.end) == (case.start, case.start + 2 * DAY)
    assert case.is_sound()


def test_the_ranking_and_the_remarks_go_by_the_days_of_a_mission_that_was_moved(
    session: Session,
) -> None:
    case = Case(session)
    case.move()
    asked = request_record(case.request)
    assert (asked.start, asked.end, asked.days_needed) == (*case.later, None)
    busy = case.consider(S.INVITED)
    busy.expert.unavailable.append(UnavailablePeriod(start=case.later[0], end=case.later[0]))
    session.flush()
    office = factories.actor(case.office)
    told = remarks.list_remarks(session, office, case.request, [busy.expert], clock.now())
    assert remarks.RemarkKind.UNAVAILABLE in {one.kind for one in told[busy.expert_id]}


def test_whoever_is_held_is_held_for_the_days_of_the_mission_or_falls_out(
    session: Session,
) -> None:
    case = Case(session)
    kept, taken = case.consider(S.APPROVED), case.consider(S.PROPOSED)
    elsewhere = case.ask(case.later[0])
    factories.match(
        session, S.SELECTED, request=elsewhere, expert=taken.expert, coordinator=case.office
    )
    case.move()
    assert case.days(kept) == case.later
    assert (taken.state, case.days(taken)) == (S.CANCELLED, None)
    assert case.is_sound()


def test_whoever_said_yes_is_asked_anew_for_other_days(session: Session) -> None:
    case = Case(session)
    willing, released = case.consider(S.AVAILABLE), case.consider(S.RELEASED)
    case.move()
    assert (willing.state, released.state) == (S.INVITED, S.RELEASED)


def test_one_of_a_team_who_is_moved_alone_moves_nobody_else(session: Session) -> None:
    case = Case(session)
    alone = case.team[0]
    operations.move(
        factories.work(session, case.office), alone, *case.later, seen_version=alone.version
    )
    assert not case.request.is_moved
    other = case.team[1]
    operations.move(
        factories.work(session, case.office), other, *case.later, seen_version=other.version
    )
    assert case.request.mission_days == case.later
    assert case.is_sound()


def test_moved_back_it_has_the_days_that_were_agreed(session: Session) -> None:
    case = Case(session)
    case.move()
    case.later = case.start, case.start + 2 * DAY
    case.move()
    assert not case.request.is_moved
    assert case.request.mission_days == case.later


def test_whoever_is_asked_reads_the_days_of_the_mission_and_whoever_has_declined_does_not(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        case = Case(session)
        asked, gone = case.consider(S.INVITED), case.consider(S.DECLINED)
        case.move()
        people = [asked.expert.account, gone.expert.account]
        numbers = [asked.id, gone.id]
    with app.app_context(), app.test_request_context():
        days = period_name(*case.later)
    texts = [
        visitor().come_in(person).get(f"/invitations/{number}").text
        for person, number in zip(people, numbers, strict=True)
    ]
    assert days in texts[0]
    assert "Days of the mission now" in texts[0]
    assert days not in texts[1]
    with reading(app) as session:
        mission = session.query(Deployment).first()
        assert mission
        assert (mission.start, mission.end) == case.later


def test_a_yes_to_the_days_of_an_older_page_is_none_to_those_of_the_mission(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        case = Case(session)
        asked = case.consider(S.INVITED)
        person, number = asked.expert.account, asked.id
    older = visitor().come_in(person).get(f"/invitations/{number}/accept")
    with writing(app) as session:
        case.brought_to(session).move()
    refused = older.submit("Yes, I am available", status=409)
    assert "after you opened the page" in refused.text
    with reading(app) as session:
        assert session.get_one(Match, number).state is S.INVITED


def test_a_mission_of_one_that_was_moved_is_offered_for_its_days_to_whoever_follows(
    session: Session,
) -> None:
    case = Case(session)
    case.move()
    matches.take(
        factories.work(session, case.office), case.team[0].match, MatchStep.TAKE_BACK,
        factories.grounds(),
    )  # fmt: skip
    assert case.request.mission_days == case.later
    assert case.days(case.consider(S.APPROVED)) == case.later
    assert case.is_sound()
