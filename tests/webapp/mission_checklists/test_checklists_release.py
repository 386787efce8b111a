"""Whom nobody has to release needs no letter of release, unless somebody says otherwise."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core import clock, invariants
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.matches import operations
from webapp.matches.models import MatchState, ReleaseLetter
from webapp.matches.workflow import MatchStep
from webapp.mission_checklists import queries, reminders, tasks
from webapp.mission_checklists.models import ItemState, NeedKind

K, Kind = NeedKind, ReasonKind


class Case:
    """A mission whose expert was approved without a release, or after one that was noted."""

    def __init__(self, app: Flask, *, why: ReasonKind | None, has_authority: bool) -> None:
        self.app = app
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            asked = factories.request(session, RequestState.ACCEPTED, coordinator=self.office)
            state = MatchState.AVAILABLE if why else MatchState.RELEASED
            match = factories.match(session, state, request=asked, coordinator=self.office)
            if has_authority:
                member = factories.account(session, Role.NOMINATING_AUTHORITY)
                member.organisation_id = factories.organisation(session).id
                factories.make_official(session, match.expert, member.organisation_id)
                session.flush()
            work = factories.work(session, self.office)
            grounds = Grounds(why, "It is so." if why is Kind.OTHER else "") if why else None
            operations.take(work, match, MatchStep.APPROVE, grounds)
            operations.propose(work, asked)
            operations.take(factories.work(session, asked.requester), match, MatchStep.SELECT)
            self.number = session.query(Deployment).one().id
            self.match = match.id

    def state(self) -> ItemState:
        with reading(self.app) as session:
            mission = session.get_one(Deployment, self.number)
            return queries.find_entry(session, mission, K.RELEASE).state

    def open(self, pages: Pages) -> Page:
        return pages.get(f"/deployments/{self.number}/checklist/{K.RELEASE}")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("why", "has_authority", "state"),
    [
        (Kind.NO_RELEASE_NEEDED, True, ItemState.NOT_NEEDED),
        (Kind.NO_RELEASE_NEEDED, False, ItemState.NOT_NEEDED),
        (Kind.OTHER, False, ItemState.NOT_NEEDED),
        # The authority has agreed, or is to: its letter is kept.
        (Kind.RELEASED_BEFORE, True, ItemState.OPEN),
        (Kind.RELEASED_BEFORE, False, ItemState.OPEN),
        (Kind.OTHER, True, ItemState.OPEN),
        (None, True, ItemState.OPEN),
        (None, False, ItemState.OPEN),
    ],
)
def test_the_letter_is_asked_of_an_authority_that_has_to_release(
    app: Flask, *, why: ReasonKind | None, has_authority: bool, state: ItemState
) -> None:
    assert Case(app, why=why, has_authority=has_authority).state() is state


def test_a_mission_is_cleared_without_a_letter_that_nobody_has_to_write(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, why=Kind.NO_RELEASE_NEEDED, has_authority=True)
    pages = visitor().come_in(case.office)
    assert "nobody has to release this expert" in pages.get(f"/deployments/{case.number}").text
    page = case.open(pages)
    assert "The authority need not release this expert" in page.text
    with writing(app) as session:
        factories.settle(session, session.get_one(Deployment, case.number))
    pages.get(f"/deployments/{case.number}").submit("Clear for departure")
    with reading(app) as session:
        assert invariants.run(session) == []


def test_nobody_is_reminded_of_a_letter_that_is_not_needed(app: Flask) -> None:
    case = Case(app, why=Kind.NO_RELEASE_NEEDED, has_authority=True)
    with reading(app) as session:
        mission = session.get_one(Deployment, case.number)
        told = [
            str(words)
            for one in reminders.find_open(session, mission.start)
            for words in one.letter.about
        ]
        lines = [str(line.what) for line in tasks.list_lines(session, mission.start)]
    assert "consent to the risk" in " ".join(told)
    assert "release letter" not in " ".join([*told, *lines])


def test_seesac_asks_for_the_letter_all_the_same_and_takes_that_back(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, why=Kind.NO_RELEASE_NEEDED, has_authority=True)
    pages = visitor().come_in(case.office)
    case.open(pages).submit("Open it again")
    assert case.state() is ItemState.OPEN
    case.open(pages).submit("Not needed", {"Why the mission does not need it": "She has retired."})
    assert case.state() is ItemState.NOT_NEEDED


def test_an_expert_who_is_approved_anew_after_a_release_is_not_free_any_more(app: Flask) -> None:
    case = Case(app, why=Kind.NO_RELEASE_NEEDED, has_authority=True)
    with writing(app) as session:
        match = session.get_one(Deployment, case.number).match
        office = factories.work(session, session.merge(case.office))
        expert = factories.work(session, match.expert.account)
        operations.take(expert, match, MatchStep.FALL_OUT, Grounds(Kind.PERSONAL))
        operations.take(office, match, MatchStep.RECONSIDER, Grounds(Kind.FREE_AGAIN))
        operations.take(office, match, MatchStep.INVITE)
        operations.take(expert, match, MatchStep.ACCEPT)
        operations.take(office, match, MatchStep.ASK_RELEASE)
        operations.take(office, match, MatchStep.RECORD_RELEASE, factories.requests.RELEASED)
        operations.take(office, match, MatchStep.APPROVE)
        operations.propose(office, match.request)
        asks = factories.work(session, match.request.requester)
        operations.take(asks, match, MatchStep.SELECT)
    assert case.state() is ItemState.OPEN


def test_a_letter_that_is_there_all_the_same_counts(app: Flask) -> None:
    case = Case(app, why=Kind.NO_RELEASE_NEEDED, has_authority=True)
    with writing(app) as session:
        session.add(
            ReleaseLetter(
                match_id=case.match, number="5/31", dated=clock.today(), conditions="",
                written_at=clock.now(), written_by=None,
            )
        )  # fmt: skip
    assert case.state() is ItemState.DONE
