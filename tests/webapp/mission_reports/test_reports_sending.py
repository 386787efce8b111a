"""Both sides report on a mission, each once, and with both the mission is reported by itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import invariants
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import FOLLOW_UP_FROM, REPORT_WITHIN
from webapp.deployments.tasks import duty_of
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests import taking_over
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState
from webapp.messages import reminders
from webapp.messages.models import Notice
from webapp.messages.reminders import BEFORE
from webapp.mission_reports import operations, queries
from webapp.mission_reports.content import Said
from webapp.mission_reports.models import MissionReport, PointKind, Side
from webapp.mission_reports.reminders import find_reports

EXPERT, REQUESTER = Side


def url_of(made: Deployment, side: Side | None = None) -> str:
    """Return the address of the reports on a mission, or of the form of one."""
    return f"/deployments/{made.id}/reports" + (f"/{side}" if side else "")


@pytest.mark.both_databases
def test_with_both_reports_the_mission_is_reported_by_itself(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        assert queries.reports_missing(session, made) == [EXPERT, REQUESTER]
        seen = []
        for side in (REQUESTER, EXPERT):
            factories.report(session, made, side)
            seen.append((made.state, queries.reports_missing(session, made)))
        assert seen == [(DeploymentState.RETURNED, [EXPERT]), (DeploymentState.REPORTED, [])]
        assert invariants.run(session) == []


def test_what_came_by_letter_is_noted_with_how_it_came(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        office = factories.work(session, factories.account(session, Role.COORDINATOR))
        with pytest.raises(ConflictError, match="needs a reason"):
            missions.take(office, made, DeploymentStep.REPORT)


def test_a_report_is_written_after_the_return_by_the_side_whose_it_is(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        ahead = factories.match(session, MatchState.SELECTED)
        planned = session.scalars(sa.select(Deployment)).one()
        with pytest.raises(ConflictError, match="after the return"):
            factories.report(session, planned, EXPERT)
        assert ahead.id == planned.match_id
        made = factories.returned_mission(session, clock)
        for stranger in (
            made.match.request.requester, factories.account(session, Role.EXPERT),
            factories.account(session, Role.COORDINATOR),
        ):  # fmt: skip
            with pytest.raises(ForbiddenError):
                factories.report(session, made, EXPERT, by=stranger)


def test_a_draft_may_lack_anything_and_a_report_may_not(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        unasked = (Said(PointKind.TASK, "Teach a course.", " "),)
        unfinished = replace(factories.ANSWERS, points=unasked, done=" ", rating=None)
        factories.report(session, made, EXPERT, unfinished, sent=False)
        with pytest.raises(ConflictError, match="task and output, How the mission was prepared"):
            factories.report(session, made, EXPERT, unfinished)


def test_a_report_that_was_sent_stays_until_it_is_given_back_which_happens_once(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        office = factories.work(session, factories.account(session, Role.COORDINATOR))
        factories.report(session, made, REQUESTER)
        with pytest.raises(ConflictError, match="was sent and stays"):
            factories.report(session, made, REQUESTER)
        operations.give_back(office, made, REQUESTER)
        assert queries.reports_missing(session, made) == [EXPERT, REQUESTER]
        factories.report(session, made, REQUESTER)
        with pytest.raises(ConflictError, match="given back before"):
            operations.give_back(office, made, REQUESTER)
        assert made.state is DeploymentState.RETURNED


def test_nobody_gives_back_a_report_on_a_mission_of_their_own(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        both = factories.account(session, Role.REQUESTER, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, requester=both)
        made = factories.returned_mission(session, clock, request=request)
        factories.report(session, made, REQUESTER)
        with pytest.raises(ConflictError):
            operations.give_back(factories.work(session, both), made, REQUESTER)


def test_a_coordinator_writes_for_a_side_that_cannot_and_that_is_said(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        office = factories.account(session, Role.COORDINATOR)
        made.match.expert.account = None
        session.flush()
        assert factories.report(session, made, EXPERT, by=office).by_office
    page = visitor().come_in(office).get(url_of(made))
    assert "Written down by SEESAC" in page.text


def test_a_stale_edit_is_shown_beside_what_is_stored(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        writer = factories.missions.writer_of(made, EXPERT)
    pages = visitor().come_in(writer)
    stale = pages.get(url_of(made, EXPERT))
    with writing(app) as session:
        factories.report(session, session.merge(made), EXPERT, sent=False)
    refused = stale.submit("Save the draft", {"What else was done": "Other words."}, status=409)
    assert factories.ANSWERS.done in refused.text
    refused.submit("Save the draft")
    with reading(app) as session:
        assert session.scalars(sa.select(MissionReport.done)).one() == "Other words."


def test_from_the_mission_to_the_report_that_is_sent(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        writer = factories.missions.writer_of(made, REQUESTER)
    pages = visitor().come_in(writer)
    form = (
        pages.get(f"/deployments/{made.id}")
        .follow("Reports on this mission")
        .follow("Write the report")
    )
    refused = form.submit("Save and check", {"Women taking part": "many"}, status=400)
    assert "women" in refused.errors
    check = refused.submit(
        "Save and check", {"Women taking part": "3", "What was done": "Two courses were held."}
    )
    assert "still missing: what you say of each expert" in check.text
    check = check.follow("Go on writing").submit(
        "Save and check",
        {"How useful the expert's help was": "5", "Would you ask for this expert again?": "no"},
    )
    sent = check.submit("Send the report")
    assert "Your report is sent" in sent.text
    pages.get(url_of(made, REQUESTER), status=302)
    with reading(app) as session:
        told = AuditEvent.action.startswith("report")
        actions = session.scalars(
            sa.select(AuditEvent.action).where(told).order_by(AuditEvent.id.desc())
        )
        assert list(actions)[:3] == ["report sent", "report saved", "report saved"]


def test_those_who_have_not_written_are_reminded_once_before_and_once_after_the_day(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        factories.report(session, made, EXPERT)
        asked, told = made.match.request.requester_id, factories.account(session, Role.COORDINATOR)

    def count(number: int, words: str) -> int:
        with reading(app) as session:
            notices = session.scalars(sa.select(Notice).where(Notice.account_id == number))
            return sum(words in notice.words["subject"]["text"] for notice in notices)

    with app.app_context():
        for days, before, after in ((12, 0, 0), (1, 1, 0), (2, 2, 1), (30, 2, 1)):
            clock.shift(timedelta(days=days))
            reminders.send_due()
            assert count(asked, "your report on the mission is awaited") == before
            assert count(told.id, "there is no answer") == after


def test_reports_are_due_by_one_rule_for_reminders_and_the_queue(app: Flask, clock: Any) -> None:
    """A return that is noted late gives nobody more time."""
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        due = made.end + REPORT_WITHIN
        made.state_since += timedelta(days=9)
        session.flush()
        before, on_time = due - BEFORE - timedelta(days=1), due - BEFORE
        assert list(find_reports(session, before)) == []
        assert len(list(find_reports(session, on_time))) == 2
        duty = duty_of(made)
        assert duty is not None
        assert duty.due == due


def test_a_report_that_was_given_back_is_awaited_and_sent_however_far_the_mission_has_got(
    session: Session, clock: Any
) -> None:
    made = factories.returned_mission(session, clock)
    office = factories.work(session, factories.account(session, Role.COORDINATOR))
    for side in (EXPERT, REQUESTER):
        factories.report(session, made, side)
    operations.give_back(office, made, REQUESTER)
    assert (made, REQUESTER) in queries.list_awaiting(session)
    clock.move_to(datetime.combine(made.end + FOLLOW_UP_FROM, time(12), UTC))
    later = factories.work(session, factories.account(session, Role.COORDINATOR))
    missions.take(later, made, DeploymentStep.FOLLOW_UP)
    row = factories.report(session, made, REQUESTER)
    assert row.sent_at is not None
    assert (made, REQUESTER) not in queries.list_awaiting(session)
    with pytest.raises(ConflictError, match="written after the return"):
        factories.report(session, made, REQUESTER)
    assert made.state is DeploymentState.FOLLOWED_UP


def test_both_reports_have_come_only_when_none_is_open(session: Session, clock: Any) -> None:
    made = factories.returned_mission(session, clock)
    office = factories.work(session, factories.account(session, Role.COORDINATOR))
    factories.report(session, made, REQUESTER)
    operations.give_back(office, made, REQUESTER)
    seen = []
    for side in (EXPERT, REQUESTER):
        factories.report(session, made, side)
        seen.append(made.state)
    assert seen == [DeploymentState.RETURNED, DeploymentState.REPORTED]


def test_a_report_is_given_back_to_whoever_owns_the_request_by_now(
    session: Session, clock: Any
) -> None:
    ministry = factories.organisation(session).id
    former, heir = (
        factories.account(session, Role.REQUESTER, organisation_id=ministry) for _ in range(2)
    )
    request = factories.request(session, RequestState.ACCEPTED, requester=former)
    made = factories.returned_mission(session, clock, request=request)
    factories.report(session, made, REQUESTER)
    why = Grounds(ReasonKind.OWNER_LEFT)
    taking_over.take_over(factories.work(session, heir), request, why, seen_version=request.version)
    office = factories.work(session, factories.account(session, Role.COORDINATOR))
    operations.give_back(office, made, REQUESTER)
    session.flush()
    told = session.scalars(sa.select(Notice).order_by(Notice.id.desc())).first()
    assert told
    assert told.account_id == heir.id
    assert "can be corrected" in str(told.words["subject"]["text"])
