"""What was made ready for a mission stands as long as its days, its terms and its release do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.mission_checklists.test_checklists_readers import Case
from webapp.accounts.models import Account
from webapp.amendments import operations as amendments
from webapp.amendments.workflow import AmendmentStep
from webapp.core import clock, invariants
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests.content import get_content
from webapp.matches import operations as matches
from webapp.matches import releases
from webapp.matches.models import ReleaseLetter
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice
from webapp.mission_checklists import queries
from webapp.mission_checklists.models import Item, ItemFile, ItemState, NeedKind

K = NeedKind
S = DeploymentState
WHY = Grounds(ReasonKind.COMMENT, "The hall has moved.")
SLIP = Grounds(ReasonKind.MISTAKE, "A slip of the hand.")


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


def settle(case: Case, *kinds: NeedKind) -> None:
    """Let these things, or all, be seen to."""
    with writing(case.app) as session:
        factories.settle(session, session.get_one(Deployment, case.number), *kinds)


def agree(case: Case, **changes: Any) -> None:
    """Let the requester propose a change of the terms of reference, and SEESAC agree to it."""
    with writing(case.app) as session:
        request = session.get_one(Deployment, case.number).match.request
        content = replace(get_content(request), **changes)
        asks, answers = (
            factories.work(session, session.merge(person))
            for person in (case.requester, case.office)
        )
        made = amendments.propose(asks, request, content, WHY, seen_version=request.tor_version)
        amendments.take(answers, made, AmendmentStep.AGREE)


def select_again(case: Case, days_later: int = 0) -> None:
    """Take the selection back and select the expert again, perhaps for later days."""
    with writing(case.app) as session:
        match = session.get_one(Deployment, case.number).match
        work = factories.work(session, session.merge(case.requester))
        matches.take(work, match, MatchStep.TAKE_BACK_SELECTION, SLIP)
        for name in ("start", "end"):
            day = getattr(match.request, name)
            setattr(match.request, name, day + timedelta(days=days_later))
        session.flush()
        matches.take(work, match, MatchStep.SELECT)


def release(case: Case, hours_ago: int) -> None:
    """Let the authority write its letter so many hours ago, or ahead where they are negative."""
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        written_at = clock.now() - timedelta(hours=hours_ago)
        mission.match.invited_at = min(mission.match.invited_at or written_at, written_at)
        session.add(
            ReleaseLetter(
                match_id=mission.match_id, number="5/31", dated=mission.start, conditions="",
                written_at=written_at,
                written_by=case.authority.id,
            )
        )  # fmt: skip


def standing(case: Case) -> tuple[DeploymentState, set[NeedKind]]:
    """Return where the mission stands, and what of it is open."""
    with reading(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        entries = queries.entries_of(session, mission)
        return mission.state, {one.need.kind for one in entries if one.is_open}


@pytest.mark.both_databases
@pytest.mark.parametrize("cleared", [False, True])
def test_who_consented_to_other_terms_is_asked_again_before_the_mission_is_cleared(
    app: Flask, visitor: Callable[[], Pages], *, cleared: bool
) -> None:
    case = Case(app, visitor)
    settle(case)
    if cleared:
        case.mission(Role.COORDINATOR).submit("Clear for departure")
    agree(case, place="Osh")
    assert standing(case) == (S.PLANNED, {K.CONSENT})
    assert "Nobody is sent without: consent" in case.mission(Role.COORDINATOR).text
    page = case.mission(Role.EXPERT).follow("Read and sign: consent to the risk")
    assert "It was signed on" in page.text
    assert "is open again since" in page.text
    assert "The terms of reference have changed." in page.text
    page = page.submit("Sign", {"agree": "y"})
    assert "is open again since" not in page.text
    case.mission(Role.COORDINATOR).submit("Clear for departure")
    assert standing(case) == (S.CLEARED, set())
    with reading(app) as session:
        assert invariants.run(session) == []


def test_a_change_of_the_title_alone_asks_nobody_again(case: Case) -> None:
    settle(case)
    case.mission(Role.COORDINATOR).submit("Clear for departure")
    agree(case, title="Tracing of firearms")
    assert standing(case) == (S.CLEARED, set())


def test_a_mission_that_is_planned_again_on_the_same_days_keeps_what_was_made_ready(
    case: Case,
) -> None:
    settle(case)
    with reading(case.app) as session:
        before = session.query(ItemFile).count()
    select_again(case)
    assert standing(case) == (S.PLANNED, set())
    with reading(case.app) as session:
        assert session.query(ItemFile).count() == before > 0


def test_a_mission_that_is_planned_again_on_other_days_is_made_ready_anew(case: Case) -> None:
    settle(case, K.CONSENT, K.INSURANCE)
    release(case, hours_ago=1)
    assert standing(case)[1].isdisjoint({K.CONSENT, K.INSURANCE, K.RELEASE})
    select_again(case, days_later=7)
    assert standing(case)[1] >= {K.CONSENT, K.INSURANCE, K.RELEASE}
    with reading(case.app) as session:
        rows = session.scalars(sa.select(Item)).all()
        assert {(row.state, row.file is None) for row in rows} == {(ItemState.OPEN, True)}


def test_a_letter_that_came_after_the_former_mission_ended_releases_for_the_new_days(
    case: Case,
) -> None:
    settle(case, K.INSURANCE)
    release(case, hours_ago=-1)
    select_again(case, days_later=7)
    assert K.INSURANCE in standing(case)[1]
    assert K.RELEASE not in standing(case)[1]


def test_who_is_selected_again_after_the_terms_changed_consents_again(case: Case) -> None:
    settle(case)
    with writing(case.app) as session:
        match = session.get_one(Deployment, case.number).match
        work = factories.work(session, session.merge(case.requester))
        matches.take(work, match, MatchStep.TAKE_BACK_SELECTION, SLIP)
    agree(case, place="Osh")
    with writing(case.app) as session:
        match = session.get_one(Deployment, case.number).match
        work = factories.work(session, session.merge(case.requester))
        matches.take(work, match, MatchStep.SELECT)
    assert standing(case) == (S.PLANNED, {K.CONSENT})


def move(case: Case) -> None:
    """Let SEESAC give the mission other days."""
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        later = (day + timedelta(days=60) for day in (mission.start, mission.end))
        office = factories.work(session, session.merge(case.office))
        missions.move(office, mission, *later, seen_version=mission.version)


@pytest.mark.parametrize("terms", [False, True])
def test_nobody_signs_on_a_page_from_before_the_mission_was_changed(
    case: Case, *, terms: bool
) -> None:
    page = case.mission(Role.EXPERT).follow("Read and sign: consent to the risk")
    if terms:
        agree(case, place="Osh")
    else:
        move(case)
    refused = page.submit("Sign", {"agree": "y"}, status=409)
    assert "The mission was changed since you opened this page" in refused.text
    assert K.CONSENT in standing(case)[1]
    refused.submit("Sign", {"agree": "y"}, status=302)
    assert K.CONSENT not in standing(case)[1]


def test_nobody_ticks_off_what_was_for_the_mission_before_it_was_changed(case: Case) -> None:
    office = case.pages[Role.COORDINATOR]
    visa, host = case.mission(Role.EXPERT), case.mission(Role.REQUESTER)
    leave_out = office.get(f"{case.address}/{K.VISA}")
    move(case)
    visa.submit("It is done: visa", status=409)
    host.submit("It is done: rooms and reception", status=409)
    said = "There is no visa between the two."
    refused = leave_out.submit("Not needed", {"Why the mission does not need it": said}, status=409)
    assert said in refused.text, "nothing typed is lost"
    assert standing(case)[1] >= {K.VISA, K.HOST}
    with reading(case.app) as session:
        assert session.scalars(sa.select(Item)).all() == []


def test_an_expert_takes_the_consent_back_until_the_mission_begins(case: Case, clock: Any) -> None:
    settle(case)
    case.mission(Role.COORDINATOR).submit("Clear for departure")
    case.pages[Role.COORDINATOR].get(f"{case.address}/{K.CONSENT}")
    case.post(Role.COORDINATOR, f"{K.CONSENT}/open", status=409)
    page = case.pages[Role.EXPERT].get(f"{case.address}/{K.CONSENT}")
    page.submit("Take my consent back", status=302)
    assert standing(case) == (S.PLANNED, {K.CONSENT})
    for person in (case.office, case.requester):
        assert newest_notice(case, person).endswith(("taken back", "not cleared any more"))
    page = case.pages[Role.EXPERT].get(f"{case.address}/{K.CONSENT}")
    page.submit("Sign", {"agree": "y"})
    case.mission(Role.COORDINATOR).submit("Clear for departure")
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        clock.move_to(datetime.combine(mission.start, time(12), UTC))
        office = factories.work(session, session.merge(case.office))
        missions.take(office, mission, DeploymentStep.DEPART)
    case.pages[Role.EXPERT].come_in(case.expert)
    case.post(Role.EXPERT, f"{K.CONSENT}/open", status=409)
    assert standing(case) == (S.DEPLOYED, set())


def newest_notice(case: Case, person: Account) -> str:
    with reading(case.app) as session:
        found = session.scalars(
            sa.select(Notice).where(Notice.account_id == person.id).order_by(Notice.id.desc())
        ).first()
        assert found
        return str(found.words["subject"]["text"])


def fall_out_and_be_released_anew(case: Case, *, by_letter: bool = True) -> None:
    """Let the expert fall out, and be asked, released and selected once more."""
    with writing(case.app) as session:
        match = session.get_one(Deployment, case.number).match
        office, expert, asks, authority = (
            factories.work(session, session.merge(person))
            for person in (case.office, match.expert.account, case.requester, case.authority)
        )
        matches.take(expert, match, MatchStep.FALL_OUT, Grounds(ReasonKind.PERSONAL))
        matches.take(office, match, MatchStep.RECONSIDER, Grounds(ReasonKind.FREE_AGAIN))
        matches.take(office, match, MatchStep.INVITE)
        matches.take(expert, match, MatchStep.ACCEPT)
        matches.take(office, match, MatchStep.ASK_RELEASE)
        if by_letter:
            releases.release(authority, match, releases.LetterContent("6/31", clock.today()))
        else:
            matches.take(office, match, MatchStep.RECORD_RELEASE, factories.requests.RELEASED)
        matches.take(office, match, MatchStep.APPROVE)
        matches.propose(office, match.request)
        matches.take(asks, match, MatchStep.SELECT)


@pytest.mark.both_databases
def test_a_newer_letter_settles_what_other_days_had_opened_again(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    case = Case(app, visitor)
    settle(case, K.RELEASE)
    select_again(case, days_later=7)
    assert K.RELEASE in standing(case)[1]
    clock.shift(timedelta(minutes=5))
    fall_out_and_be_released_anew(case)
    assert K.RELEASE not in standing(case)[1]
    # Who opens it again, such as for a letter that names other days, is asked for another.
    clock.shift(timedelta(minutes=5))
    case.pages[Role.COORDINATOR].get(f"{case.address}/{K.RELEASE}").submit("Open it again")
    assert K.RELEASE in standing(case)[1]


def test_the_letter_of_a_release_that_has_ended_counts_for_no_later_one(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    case = Case(app, visitor)
    fall_out_and_be_released_anew(case)
    assert K.RELEASE not in standing(case)[1]
    clock.shift(timedelta(minutes=5))
    fall_out_and_be_released_anew(case, by_letter=False)
    assert K.RELEASE in standing(case)[1]
