"""What is not kept any longer: people are told a month before, then it is erased, once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import content, reading, writing
from tests.pages import Pages
from tests.webapp.my_data.sweeping import mails, put, run, state, told
from webapp.accounts.models import Account, MailChoice
from webapp.core import clock, invariants
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Grounds, Reason, ReasonKind
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests import correspondence
from webapp.expertise_requests.models import ExpertiseRequest, RequestMessage, RequestState
from webapp.experts.models import Evidence, Expert, ExpertState
from webapp.experts.standing_tables import PhoneCall
from webapp.matches.models import Match, MatchState
from webapp.messages.models import OutboxMessage
from webapp.mission_checklists import operations as checklists
from webapp.mission_checklists.models import NeedKind
from webapp.mission_reports.models import MissionReport, Side
from webapp.platform_settings.queries import get_settings
from webapp.roster import operations as notes

BEGIN = datetime(2031, 1, 1, 9, tzinfo=UTC)
YEAR = timedelta(days=365)
pytestmark = pytest.mark.both_databases


@pytest.fixture
def days() -> Any:
    """Return a clock that stands still until it is moved."""
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def app(app: Flask, days: Any) -> Flask:
    """Return a platform that keeps what rests for a year."""
    with writing(app) as session:
        get_settings(session).retention_months = 12
    return app


@pytest.mark.thorough
@pytest.mark.parametrize(
    "resting",
    [ExpertState.NOMINATED, ExpertState.SCREENING, ExpertState.DORMANT, ExpertState.WITHDRAWN],
)
def test_a_profile_that_rests_is_told_of_and_erased_a_month_later(
    app: Flask, days: Any, resting: ExpertState
) -> None:
    expert = put(app, state=resting)
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR).id
        session.get_one(Account, expert.account_id).mail_choice = MailChoice.NEVER
    days.shift(YEAR - timedelta(days=31))
    assert run(app) == 0
    days.shift(timedelta(days=1))
    assert (run(app), run(app)) == (1, 0)
    assert told(app, expert.account_id) == ["Your profile will soon be erased"]
    assert mails(app, expert.account_id) == ["Your profile will soon be erased"]
    assert "A profile that rests will soon be erased" in told(app, coordinator)
    days.shift(timedelta(days=29))
    assert run(app) == 0
    assert state(app, expert.id) is resting
    days.shift(timedelta(days=1))
    assert (run(app), run(app)) == (1, 0)
    assert state(app, expert.id) is ExpertState.ERASED
    with reading(app) as session:
        assert not session.scalars(sa.select(Evidence)).all()
        account = session.get_one(Account, expert.account_id)
        assert account.is_erased
        assert invariants.run(session) == []
        done = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert done.index("retention told") < done.index("person erased")


def test_nobody_is_erased_whom_nobody_told(app: Flask, days: Any) -> None:
    """The job was away for two years: people are told first, and have their month."""
    expert = put(app, state=ExpertState.WITHDRAWN)
    days.shift(3 * YEAR)
    assert run(app) == 1
    assert state(app, expert.id) is ExpertState.WITHDRAWN
    days.shift(timedelta(days=30))
    run(app)
    assert state(app, expert.id) is ExpertState.ERASED


@pytest.mark.parametrize("using", ["sign in", "note"])
def test_whoever_uses_a_profile_keeps_it(
    app: Flask, days: Any, visitor: Callable[[], Pages], using: str
) -> None:
    expert = put(app, state=ExpertState.DORMANT)
    with reading(app) as session:
        person = session.get_one(Account, expert.account_id)
        session.expunge(person)
    days.shift(YEAR - timedelta(days=20))
    assert run(app) == 1
    if using == "sign in":
        visitor().sign_in(person)
    else:
        with writing(app) as session:
            work = factories.work(session, factories.account(session, Role.COORDINATOR))
            notes.write_note(work, session.get_one(Expert, expert.id), "Comes back in May.")
    days.shift(timedelta(days=40))
    run(app)
    assert state(app, expert.id) is ExpertState.DORMANT


@pytest.mark.parametrize("used", [ExpertState.ACTIVE, ExpertState.SUSPENDED])
def test_a_profile_in_use_or_stopped_by_a_decision_is_kept(
    app: Flask, days: Any, used: ExpertState
) -> None:
    expert = put(app, state=used)
    for _ in range(3):
        days.shift(YEAR)
        run(app)
    assert state(app, expert.id) is used


def test_who_has_no_account_is_told_by_telephone(app: Flask, days: Any) -> None:
    expert = put(app, state=ExpertState.NOMINATED, signs_in=False)
    days.shift(YEAR)
    run(app)
    with reading(app) as session:
        assert session.scalars(sa.select(PhoneCall.expert_id)).all() == [expert.id]


def test_an_account_that_acts_in_another_role_stays(app: Flask, days: Any) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT, Role.REQUESTER)
        expert = factories.expert(session, person=person, state=ExpertState.WITHDRAWN)
    days.shift(YEAR)
    run(app)
    days.shift(timedelta(days=30))
    run(app)
    assert state(app, expert.id) is ExpertState.ERASED
    with reading(app) as session:
        kept = session.get_one(Account, person.id)
        assert (kept.active, kept.is_erased) == (True, False)


def test_an_account_that_nobody_entered_is_erased(app: Flask, days: Any) -> None:
    with writing(app) as session:
        never = factories.account(session, Role.REQUESTER)
        never.joined_at = None
        used = factories.account(session, Role.REQUESTER)
    days.shift(YEAR)
    run(app)
    days.shift(timedelta(days=30))
    run(app)
    with reading(app) as session:
        assert session.get_one(Account, never.id).is_erased
        assert not session.get_one(Account, used.id).is_erased


@pytest.mark.thorough
@pytest.mark.parametrize("choice", [MailChoice.AT_ONCE, MailChoice.NEVER])
@pytest.mark.parametrize("comes_back", [False, True])
def test_an_account_with_which_nobody_signs_in_any_more_is_told_of_by_mail_and_erased(
    app: Flask, days: Any, visitor: Callable[[], Pages], choice: MailChoice, *, comes_back: bool
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
        person.mail_choice = choice
    days.shift(timedelta(days=100))
    visitor().sign_in(person)
    days.shift(YEAR - timedelta(days=31))
    assert run(app, person) == 0
    days.shift(timedelta(days=1))
    assert (run(app, person), run(app, person)) == (1, 0)
    with reading(app) as session:
        mails = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.due_at == clock.now()))
        (mail,) = [one for one in mails if one.account_id == person.id]
        assert mail.subject == "Your account will soon be erased"
        assert "sign in before that day" in " ".join(mail.body.split())
        assert person.name not in mail.body
    days.shift(timedelta(days=29))
    run(app, person)
    if comes_back:
        visitor().sign_in(person)
    days.shift(timedelta(days=1))
    run(app, person)
    with reading(app) as session:
        assert session.get_one(Account, person.id).is_erased is not comes_back
        assert invariants.run(session) == []


@pytest.mark.parametrize(
    ("action", "keeps"),
    [
        (Action.SIGN_IN_FAILED, False), (Action.SIGN_IN_LOCKED, False),
        (Action.PASSWORD_LINK_SENT, False), (Action.PASSWORD_LINK_NOT_SENT, False),
        (Action.ACCESS_REFUSED, False), (Action.SIGNED_IN, True), (Action.ACCOUNT_INVITED, True),
    ],
    ids=str,
)  # fmt: skip
def test_no_stranger_puts_the_erasure_of_an_account_off(
    app: Flask, days: Any, action: Action, *, keeps: bool
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
        person.joined_at = None
    days.shift(YEAR)
    assert run(app) == 1
    with writing(app) as session:
        audit.record(factories.work(session), action, session.get_one(Account, person.id))
    days.shift(timedelta(days=30))
    run(app)
    with reading(app) as session:
        assert session.get_one(Account, person.id).is_erased is not keeps


@pytest.mark.parametrize(
    ("action", "keeps"),
    [(Action.PROFILE_VIEWED, False), (Action.REMINDED, False), (Action.PROFILE_CONFIRMED, True)],
    ids=str,
)
def test_looking_at_a_profile_does_not_keep_it(
    app: Flask, days: Any, action: Action, *, keeps: bool
) -> None:
    expert = put(app, state=ExpertState.DORMANT)
    days.shift(YEAR)
    run(app)
    with writing(app) as session:
        audit.record(factories.work(session), action, session.get_one(Expert, expert.id))
    days.shift(timedelta(days=30))
    run(app)
    assert (state(app, expert.id) is ExpertState.DORMANT) is keeps


def test_an_ended_request_forgets_its_people_and_stays(app: Flask, days: Any) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.DECLINED)
        match.explanation = {
            "terms": [],
            "lacking": [],
            "entries": [
                {"kind": "summary", "title": "Leads", "text": "Leads a unit.", "start": 0,
                 "sentence": "Leads a unit.", "end": 5, "highlights": []}
            ],
        }  # fmt: skip
        reason = session.get_one(Reason, match.reason_id)
        reason.text = "Words about somebody."
        request = match.request
        request.focal_point = "Foko Osoba"
        match.said_to_requester = "Has led the unit since spring."
        message = RequestMessage(
            request_id=request.id, written_at=clock.now(), written_by=request.requester_id,
            from_office=False, text="Is Foko Osoba free?",
        )  # fmt: skip
        session.add(message)
        request.state, request.state_since = RequestState.UNFILLED, clock.now()
        name = match.identity["name"]
    days.shift(YEAR)
    assert run(app) == 1
    assert "Names in a request" in told(app, request.requester_id)[-1]
    days.shift(timedelta(days=30))
    assert (run(app), run(app)) == (1, 0)
    with reading(app) as session:
        kept = session.get_one(Match, match.id)
        assert name not in str(kept.identity)
        assert "Leads" not in str(kept.explanation)
        assert (kept.state, kept.score) == (MatchState.DECLINED, 0.5)
        assert session.get_one(Reason, match.reason_id).text == ""
        stored = session.get_one(ExpertiseRequest, request.id)
        assert (stored.focal_point, stored.title) == ("", request.title)
        assert stored.people_forgotten_at == clock.now()
        assert "Foko Osoba" not in str([terms.content for terms in stored.terms])
        assert kept.said_to_requester == ""
        assert session.get_one(RequestMessage, message.id).text == ""
    days.shift(timedelta(days=1))
    assert run(app) == 0


def test_what_is_written_into_a_request_that_has_forgotten_is_forgotten_as_well(
    app: Flask, days: Any
) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.DECLINED)
        request = match.request
        request.state, request.state_since = RequestState.UNFILLED, clock.now()
    days.shift(YEAR)
    run(app)
    days.shift(timedelta(days=30))
    run(app)
    days.shift(YEAR)
    assert run(app) == 0
    with writing(app) as session:
        row = session.get_one(ExpertiseRequest, request.id)
        writer = factories.work(session, session.get_one(Account, request.requester_id))
        correspondence.write(writer, row, "Was it Foko Osoba?")
    days.shift(YEAR)
    assert run(app) == 1
    days.shift(timedelta(days=30))
    assert (run(app), run(app)) == (1, 0)
    with reading(app) as session:
        assert session.scalars(sa.select(RequestMessage.text)).all() == [""]
    days.shift(YEAR + YEAR)
    assert run(app) == 0


def test_a_draft_of_a_report_is_forgotten_though_nobody_sends_it(app: Flask, days: Any) -> None:
    with writing(app) as session:
        mission = factories.returned_mission(session, days)
        request = mission.match.request
        request.state, request.state_since = RequestState.CLOSED, clock.now()
        factories.report(session, mission, Side.REQUESTER, sent=False)
    for wait in (YEAR, timedelta(days=30)):
        days.shift(wait)
        run(app)
    days.shift(YEAR)
    with writing(app) as session:
        row = session.get_one(Deployment, mission.id)
        assert row.match.request.people_forgotten_at is not None
        told = replace(factories.ANSWERS, done="Of Foko Osoba: came late.")
        factories.report(session, row, Side.REQUESTER, told, sent=False)
    for wait in (YEAR, timedelta(days=30)):
        days.shift(wait)
        run(app)
    with reading(app) as session:
        assert session.scalars(sa.select(MissionReport.done)).all() == [""]


@pytest.mark.parametrize("is_late", [False, True])
def test_why_a_mission_did_not_need_something_is_forgotten_with_it(
    app: Flask, days: Any, is_late: bool
) -> None:
    """Also where it is written down when the people of the request were forgotten already."""
    with writing(app) as session:
        match = factories.match(session, MatchState.SELECTED)
        mission = session.query(Deployment).filter_by(match_id=match.id).one()
        office = factories.work(session, factories.account(session, Role.COORDINATOR))
        request = match.request
        request.state, request.state_since = RequestState.CLOSED, clock.now()
        if not is_late:
            doubt(office, mission)
            mission.state = DeploymentState.FOLLOWED_UP
    forget(app, days)
    if is_late:
        days.shift(timedelta(days=1))
        with writing(app) as session:
            work = factories.work(session, office.actor)
            doubt(work, session.get_one(Deployment, mission.id))
        forget(app, days)
    with reading(app) as session:
        assert session.get_one(Deployment, mission.id).match.request.people_forgotten_at
        assert session.scalars(sa.select(Reason.text).where(Reason.text != "")).all() == []


def doubt(work: UnitOfWork, mission: Deployment) -> None:
    """Leave something of the checklist out, and open it again: the log alone keeps the reason."""
    said = Grounds(ReasonKind.OTHER, "Foko Osoba is ill, and insured at home.")
    checklists.leave_out(work, mission, NeedKind.INSURANCE, said, seen_version=mission.version)
    checklists.reopen(work, mission, NeedKind.INSURANCE)


def forget(app: Flask, days: Any) -> None:
    """Let the time pass after which an ended request says nothing of people any more."""
    for wait in (YEAR, timedelta(days=30)):
        days.shift(wait)
        run(app)


def test_a_dry_run_says_whom_and_what_and_changes_nothing(app: Flask, days: Any) -> None:
    expert = put(app, state=ExpertState.WITHDRAWN, name="Rada Miruje")
    days.shift(YEAR)
    runner, before = app.test_cli_runner(), content(app)
    said = runner.invoke(args=["retention", "--dry-run"])
    assert said.exit_code == 0, said.output
    assert f"expert {expert.id} (Rada Miruje), untouched since 2031-01-01" in said.output
    assert "1 evidence: deleted" in said.output
    assert "1 expert: emptied" in said.output
    assert content(app) == before
    assert "told" in runner.invoke(args=["retention"]).output
    days.shift(timedelta(days=30))
    assert "would be erased now" in runner.invoke(args=["retention", "--dry-run"]).output
    assert "erased (" in runner.invoke(args=["retention"]).output
    assert "0 in all" in runner.invoke(args=["retention", "--dry-run"]).output


def test_the_time_in_the_notice_is_that_of_the_settings(app: Flask, pages: Pages) -> None:
    assert "nothing has happened with them for 12 months" in pages.get("/privacy").text
