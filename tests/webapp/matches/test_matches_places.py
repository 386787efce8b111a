"""Where experts stood on a ranking when a coordinator last saw it, and why they stand elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.amendments import operations as amendments
from webapp.amendments.workflow import AmendmentStep
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts import revisions
from webapp.experts.models import Expert, ExpertState, UnavailablePeriod
from webapp.matches.models import RankingLook, SeenPlace
from webapp.matches.ranking import looks
from webapp.matches.ranking.choices import ignore_considerations
from webapp.matches.ranking.looks import PAUSE, PLACES
from webapp.my_data import operations as my_data

LATER = PAUSE + timedelta(minutes=1)
GONE = "1 expert of the first places then does not stand there now"
STRONG = "Trains investigators in firearms tracing: traces a seized firearm to its legal owner."


class Case:
    """A coordinator, a request, and two experts: the first fits better."""

    def __init__(self, app: Flask, pages: Pages, clock: Any) -> None:
        self.app, self.pages, self.clock = app, pages, clock
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            self.request = factories.request(
                session, RequestState.ACCEPTED, coordinator=self.office
            )
            self.first = factories.expert(session, summary=STRONG)
            self.second = factories.expert(session, summary="Head of a unit.", evidence=[])
        pages.come_in(self.office)

    def look(self, more: str = "") -> Page:
        return self.pages.get(f"/requests/{self.request.id}/matches{more}")

    def look_later(self, more: str = "") -> Page:
        self.clock.shift(LATER)
        return self.look(more)

    def change(self, expert: Expert, **values: Any) -> None:
        self.clock.shift(timedelta(minutes=1))
        with writing(self.app) as session:
            row = session.get_one(Expert, expert.id)
            for name, value in values.items():
                setattr(row, name, value)
            revisions.touch(session, row)
            audit.record(factories.work(session, row.account), Action.PROFILE_EDITED, row)

    def count(self, table: type[Any]) -> int:
        with reading(self.app) as session:
            return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages], clock: Any) -> Case:
    return Case(app, visitor(), clock)


@pytest.mark.both_databases
def test_a_changed_profile_tells_what_its_place_was_and_others_that_it_stands_before(
    case: Case,
) -> None:
    case.look()
    case.change(case.first, summary="Head of a unit.", evidence=[], themes=[])
    page = case.look_later()
    assert "Was at place 1, is at 2: the profile was changed." in page.text
    assert "Was at place 2, is at 1: others have fallen behind." in page.text


def test_a_place_that_is_the_same_is_not_told(case: Case) -> None:
    case.look()
    assert "Was at place" not in case.look_later().text


def test_who_left_the_roster_is_named_and_moves_the_others(case: Case) -> None:
    case.look()
    case.change(case.first, state=ExpertState.SUSPENDED)
    page = case.look_later()
    assert GONE in page.text
    assert case.first.name in page.text
    assert "is “suspended” on the roster now" in page.text
    told = "Was at place 2, is at 1: somebody who stood before is not on the list any more."
    assert told in page.text


def test_who_is_ruled_out_by_now_is_named_with_the_reason(case: Case) -> None:
    case.look()
    away = UnavailablePeriod(start=date(2031, 5, 1), end=date(2031, 5, 30))
    case.change(case.first, unavailable=[away])
    page = case.look_later()
    assert GONE in page.text
    assert page.text.count("Not available") == 2, "below among those ruled out, and above"


def test_without_names_whoever_is_gone_has_none(case: Case) -> None:
    case.look()
    case.change(case.first, state=ExpertState.SUSPENDED)
    page = case.look_later("?blind=yes")
    assert "Expert who was at place 1" in page.text
    assert case.first.name not in page.text


def test_changed_terms_are_the_reason_where_they_were_agreed_in_between(case: Case) -> None:
    case.look()
    case.clock.shift(timedelta(minutes=1))
    with writing(case.app) as session:
        row = session.get_one(ExpertiseRequest, case.request.id)
        changed = replace(get_content(row), place="Osh")
        why = Grounds(ReasonKind.COMMENT, "The hall has moved.")
        asker = factories.work(session, row.requester)
        made = amendments.propose(asker, row, changed, why, seen_version=row.tor_version)
        amendments.take(factories.work(session, case.office), made, AmendmentStep.AGREE)
    assert "these have changed the places: the terms of reference were changed." in (
        case.look_later().text
    )


def test_what_counts_is_the_reason_also_where_one_has_changed_it_oneself(case: Case) -> None:
    case.look()
    case.clock.shift(timedelta(minutes=1))
    with writing(case.app) as session:
        row = session.get_one(ExpertiseRequest, case.request.id)
        work = factories.work(session, case.office)
        ignore_considerations(work, row, {"recency"}, seen=frozenset())
    assert "you have changed what counts" in case.look_later().text


def test_two_looks_are_kept_at_most_however_often_somebody_comes(case: Case) -> None:
    for number in range(4):
        case.change(case.second, summary=f"Head of unit {number}.")
        case.look()
        case.look_later()
    assert case.count(RankingLook) == 2


def test_within_one_visit_the_newest_order_takes_the_place_of_the_one_before(case: Case) -> None:
    case.look()
    case.change(case.first, state=ExpertState.SUSPENDED)
    case.look()
    assert case.count(RankingLook) == 1
    assert case.count(SeenPlace) == 1


def test_only_the_first_places_are_kept(session: Session) -> None:
    office = factories.account(session, Role.COORDINATOR)
    request = factories.request(session, RequestState.ACCEPTED, coordinator=office)
    people = [factories.expert(session, signs_in=False).id for _number in range(PLACES + 1)]
    looks.keep(factories.work(session, office), request.id, people)
    session.flush()
    kept = session.scalars(sa.select(SeenPlace.expert_id).order_by(SeenPlace.place)).all()
    assert kept == people[:PLACES]


def test_what_was_seen_ends_with_the_request(case: Case) -> None:
    case.look()
    with writing(case.app) as session:
        row = session.get_one(ExpertiseRequest, case.request.id)
        factories.requests.advance(session, row, RequestStep.LEAVE_UNFILLED, case.office)
    assert case.count(SeenPlace) == 0
    case.look_later()
    assert case.count(SeenPlace) == 0, "nobody chooses from the list of a request that has ended"


def test_who_is_erased_leaves_what_was_seen(case: Case) -> None:
    case.look()
    with writing(case.app) as session:
        row = session.get_one(Expert, case.first.id)
        my_data.erase(factories.work(session, row.account), row)
    assert case.first.name not in case.look_later().text
    with reading(case.app) as session:
        left = sa.select(SeenPlace).where(SeenPlace.expert_id == case.first.id)
        assert session.scalars(left).all() == []


def test_nobody_is_compared_with_the_look_of_a_colleague(
    case: Case, visitor: Callable[[], Pages]
) -> None:
    case.look()
    case.change(case.first, state=ExpertState.SUSPENDED)
    case.clock.shift(LATER)
    with writing(case.app) as session:
        colleague: Account = factories.account(session, Role.COORDINATOR)
    page = visitor().come_in(colleague).get(f"/requests/{case.request.id}/matches")
    assert "Was at place" not in page.text
    assert GONE not in page.text
