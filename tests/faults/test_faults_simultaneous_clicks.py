"""What is counted or concluded from other rows stays true when many people click at one moment.

Everybody has read before anybody writes: the barrier stands between the two. SQLite lets only one
transaction write at a time, so these run on PostgreSQL.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests import factories
from tests.databases import is_sound, reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.errors import DomainError
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Grounds
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import operations as experts
from webapp.experts.models import Evidence, Expert, ExpertState
from webapp.experts.workflow import ExpertStep
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.mission_reports import lessons
from webapp.mission_reports.content import LessonContent

pytestmark = [pytest.mark.attack, pytest.mark.postgres, pytest.mark.long]
MANY = 8
# What somebody does in a session: it reads at once, and returns what then writes.
Click = Callable[[Session], Callable[[], object]]


def at_once(app: Flask, *clicks: Click) -> list[str]:
    """Let all read, then all write; return what each was told, nothing where it was done."""
    barrier = Barrier(len(clicks))

    def run(click: Click) -> str:
        try:
            with writing(app) as session:
                write = click(session)
                barrier.wait(30)
                write()
        except (DomainError, StaleDataError) as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(len(clicks)) as pool:
        return list(pool.map(run, clicks))


def step(
    match_id: int, name: MatchStep, by: Account | None = None, why: Grounds | None = None
) -> Click:
    """Return a click on a step of a match, by its requester or by `by`."""

    def click(session: Session) -> Callable[[], object]:
        match = session.get_one(Match, match_id)
        assert match.expert.state is ExpertState.ACTIVE
        work = factories.work(session, by or match.request.requester)
        return lambda: matches.take(work, match, name, why)

    return click


def suspend(expert_id: int, by: Account) -> Click:
    """Return a click that suspends an expert."""

    def click(session: Session) -> Callable[[], object]:
        expert = session.get_one(Expert, expert_id)
        work = factories.work(session, by)
        return lambda: experts.take(work, expert, ExpertStep.SUSPEND, factories.grounds())

    return click


@pytest.mark.parametrize(("wanted", "proposed"), [(2, 8), (8, 8)])
def test_of_eight_selections_as_many_win_as_were_wanted_and_the_request_is_confirmed(
    app: Flask, wanted: int, proposed: int
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=wanted)
        made = [
            factories.match(session, MatchState.APPROVED, request=request) for _ in range(proposed)
        ]
        matches.propose(
            factories.work(session, factories.account(session, Role.COORDINATOR)), request
        )
        numbers = [match.id for match in made]
    told = at_once(app, *(step(number, MatchStep.SELECT) for number in numbers))
    assert told.count("") == wanted
    with reading(app) as session:
        stored = session.get_one(ExpertiseRequest, request.id)
        assert stored.state is RequestState.CONFIRMED
        chosen = sa.select(sa.func.count()).where(Match.state == MatchState.SELECTED)
        assert session.scalar(chosen) == wanted
    assert is_sound(app)


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (MatchState.RELEASED, MatchStep.APPROVE),
        (MatchState.SHORTLISTED, MatchStep.INVITE),
        (MatchState.PROPOSED, MatchStep.SELECT),
    ],
)
def test_somebody_suspended_at_the_same_moment_goes_no_further(
    app: Flask, state: MatchState, name: MatchStep
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session)
        made = [
            factories.match(session, state, expert=expert, request=_week(session, number))
            for number in range(4)
        ]
        numbers = [match.id for match in made]
    by = None if name is MatchStep.SELECT else coordinator
    clicks = [step(number, name, by) for number in numbers]
    at_once(app, suspend(expert.id, coordinator), *clicks)
    with reading(app) as session:
        assert session.get_one(Expert, expert.id).state is ExpertState.SUSPENDED
    assert is_sound(app)


def _week(session: Session, number: int) -> ExpertiseRequest:
    """Return a request of its own week."""
    start = date(2031, 5, 5) + timedelta(weeks=number)
    end = start + timedelta(days=3)
    return factories.request(session, RequestState.ACCEPTED, start=start, end=end)


def test_somebody_suspended_at_the_same_moment_is_not_put_on_a_shortlist(app: Flask) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session)
        wanted = [factories.request(session, RequestState.ACCEPTED) for _ in range(MANY)]

    def shortlist(request_id: int) -> Click:
        def click(session: Session) -> Callable[[], object]:
            request = session.get_one(ExpertiseRequest, request_id)
            chosen = session.get_one(Expert, expert.id)
            work = factories.work(session, coordinator)
            return lambda: matches.shortlist(work, request, chosen, factories.PLACING)

        return click

    at_once(app, suspend(expert.id, coordinator), *(shortlist(request.id) for request in wanted))
    assert is_sound(app)


def test_one_text_sent_with_eight_tokens_at_one_moment_is_one_draft(app: Flask) -> None:
    with writing(app) as session:
        requester = factories.account(session, Role.REQUESTER)

    def draft(number: int) -> Click:
        def click(session: Session) -> Callable[[], object]:
            work = factories.work(session, requester)
            token = f"token-{number}"
            return lambda: requests.start_draft(work, factories.content(), form_token=token)

        return click

    told = at_once(app, *(draft(number) for number in range(MANY)))
    assert told.count("") == 1
    assert all("before, as R-" in words for words in told if words)
    with reading(app) as session:
        assert session.query(ExpertiseRequest).count() == 1
    assert is_sound(app)


@pytest.fixture
def all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let eight removals or changes of an entry wait for each other before any of them writes."""
    barrier = Barrier(MANY)

    def wait_first(act: Callable[..., object]) -> Callable[..., object]:
        def together(*args: Any, **kwargs: Any) -> object:
            barrier.wait(30)
            return act(*args, **kwargs)

        return together

    monkeypatch.setattr(experts, "remove_entry", wait_first(experts.remove_entry))
    monkeypatch.setattr(experts, "change_entry", wait_first(experts.change_entry))


@pytest.mark.usefixtures("all_together")
@pytest.mark.parametrize("section", ["evidence", "training"])
def test_an_entry_that_is_removed_eight_times_at_once_is_removed_without_a_fault(
    app: Flask, section: str
) -> None:
    with writing(app) as session:
        owner = factories.account(session, Role.EXPERT)
        expert = factories.expert(session, person=owner)
        number = (expert.evidence if section == "evidence" else expert.trainings)[0].id
        version = expert.version
    visitors = [Pages(app) for _ in range(MANY)]
    for pages in visitors:
        pages.sign_in(owner.email)
    tokens = [pages.own_token() for pages in visitors]

    def remove(pages: Pages, token: str) -> int:
        data = {"csrf_token": token, "version": str(version)}
        return pages.client.post(f"/profile/{section}/{number}/remove", data=data).status_code

    with ThreadPoolExecutor(MANY) as pool:
        assert list(pool.map(remove, visitors, tokens)) == [302] * MANY
    assert is_sound(app)


@pytest.mark.usefixtures("all_together")
def test_what_was_typed_for_an_entry_that_is_removed_at_that_moment_is_not_lost(app: Flask) -> None:
    with writing(app) as session:
        owner = factories.account(session, Role.EXPERT)
        expert = factories.expert(session, person=owner)
        number, version = expert.evidence[0].id, expert.version
    visitors = [Pages(app) for _ in range(MANY)]
    for pages in visitors:
        pages.sign_in(owner.email)
    tokens = [pages.own_token() for pages in visitors]

    def send(n: int) -> tuple[int, str]:
        data = {"csrf_token": tokens[n], "version": str(version)}
        url = f"/profile/evidence/{number}"
        if n:
            url += "/remove"
        else:
            data |= {"kind": "mission", "title": "What I had typed in the meantime"}
        answer = visitors[n].client.post(url, data=data)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(MANY) as pool:
        (status, text), *removals = pool.map(send, range(MANY))
    with reading(app) as session:
        changed = session.get(Evidence, number)
    if changed is None:
        assert status == 409
        assert "What I had typed in the meantime" in text
        assert 'action="/profile/evidence/new"' in text
    else:
        assert [code for code, _text in removals] == [409] * (MANY - 1)
    assert is_sound(app)


def test_a_lesson_that_is_removed_eight_times_at_once_is_removed_once(app: Flask) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        match = factories.match(session, MatchState.SELECTED, coordinator=office)
        mission = session.scalars(sa.select(Deployment).where(Deployment.match == match)).one()
        work = factories.work(session, office)
        content = LessonContent(text="Interpreters are needed.", theme_code=None, jurisdiction=None)
        number, mission_id = lessons.add(work, mission, content).id, mission.id

    def remove(session: Session) -> Callable[[], object]:
        found = session.get_one(Deployment, mission_id)
        person = session.get_one(Account, office.id)
        return lambda: lessons.remove(factories.work(session, person), found, number)

    told = at_once(app, *[remove] * MANY)
    assert told.count("") == 1
    with reading(app) as session:
        removed = session.query(AuditEvent).filter_by(action=Action.LESSON_REMOVED).count()
    assert removed == 1
    assert is_sound(app)
