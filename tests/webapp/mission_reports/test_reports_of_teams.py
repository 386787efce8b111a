"""To its requester the mission of a team is one: one report, one follow-up, each asked for once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import clock as now
from webapp.core import invariants
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import reasons
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments import operations as missions
from webapp.deployments import tasks
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import FOLLOW_UP_FROM, REPORT_WITHIN
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests.models import RequestState
from webapp.kept_texts import operations as kept_texts
from webapp.kept_texts.models import KeptText
from webapp.messages import reminders
from webapp.messages.models import Notice
from webapp.mission_reports import follow_ups, lessons, operations, queries, rules
from webapp.mission_reports.content import Afterwards, Judged, LessonContent
from webapp.mission_reports.forms import ReportForm
from webapp.mission_reports.models import Again, FollowUp, Judgement, MissionReport, Side
from webapp.mission_reports.reminders import find_follow_ups, find_reports
from webapp.my_data import operations as my_data

EXPERT, REQUESTER = Side
SAID = Afterwards("The curriculum is taught.")


def notices(app: Flask, number: int, words: str) -> int:
    """Count the notices of somebody with these words in the subject."""
    with reading(app) as session:
        found = session.scalars(sa.select(Notice).where(Notice.account_id == number))
        return sum(words in one.words["subject"]["text"] for one in found)


def move_to(clock: Any, day: date) -> None:
    """Let it be noon of a day."""
    clock.move_to(datetime.combine(day, time(12), UTC))


def reported_team(session: Session, clock: Any) -> list[Deployment]:
    """Make a team of which all reports have come."""
    team = factories.returned_team(session, clock)
    for made in team:
        factories.report(session, made, EXPERT)
    factories.report(session, team[1], REQUESTER)
    return team


@pytest.mark.both_databases
def test_the_requester_reports_once_on_all_who_went_and_judges_each(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        team = factories.returned_team(session, clock)
        factories.report(session, team[0], EXPERT)
        factories.report(session, team[1], REQUESTER)
        states = [one.state for one in team]
        assert states == [DeploymentState.REPORTED, *[DeploymentState.RETURNED] * 2]
        for made in team[1:]:
            factories.report(session, made, EXPERT)
        assert {one.state for one in team} == {DeploymentState.REPORTED}
        assert {queries.find(session, one, REQUESTER) for one in team} == {
            session.scalars(sa.select(MissionReport).where(MissionReport.side == REQUESTER)).one()
        }
        judged = session.scalars(sa.select(Judgement).order_by(Judgement.deployment_id)).all()
        assert [row.deployment_id for row in judged] == [one.id for one in team]
        assert {(row.rating, row.again) for row in judged} == {(4, Again.YES)}
        assert invariants.run(session) == []
        with pytest.raises(ConflictError, match="was sent and stays"):
            factories.report(session, team[2], REQUESTER)


def test_the_report_of_a_requester_lacks_who_was_not_judged(session: Session, clock: Any) -> None:
    team = factories.returned_team(session, clock)
    told = replace(factories.ANSWERS, rating=None, again=None)
    work = factories.work(session, factories.missions.writer_of(team[0], REQUESTER))
    said = replace(told, judged=tuple(Judged(one.id, 5, Again.NO) for one in team[1:]))
    report = operations.save(work, team[0], REQUESTER, said, seen_version=0)
    with pytest.raises(ConflictError, match="what you say of each expert"):
        operations.send(work, team[0], REQUESTER, seen_version=report.version)


def test_of_somebody_of_another_team_nothing_is_said(session: Session, clock: Any) -> None:
    foreign = factories.returned_mission(session, clock)
    (made,) = factories.returned_team(session, clock, 1)
    work = factories.work(session, factories.missions.writer_of(made, REQUESTER))
    said = replace(factories.ANSWERS, judged=(Judged(foreign.id, 1, Again.NO),))
    operations.save(work, made, REQUESTER, said, seen_version=0)
    assert session.scalars(sa.select(Judgement)).all() == []


def test_a_report_on_a_team_is_asked_for_and_sent_when_all_are_back(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        asked = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
        requester = asked.requester_id
        team = [factories.missions.planned(session, request=asked) for _number in range(2)]
        factories.missions.go_and_return(session, clock, team[0])
        assert notices(app, requester, "how was it?") == 0
        due = team[0].end + REPORT_WITHIN
        assert [one.key for one in find_reports(session, due) if "requester" in one.key] == []
        factories.report(session, team[0], REQUESTER, sent=False)
        with pytest.raises(ConflictError, match="the return of all who went"):
            factories.report(session, team[0], REQUESTER)
        factories.missions.go_and_return(session, clock, team[1])
        assert len([one for one in find_reports(session, due) if "requester" in one.key]) == 1
        factories.report(session, team[0], REQUESTER)
    assert notices(app, requester, "how was it?") == 1


def test_of_a_team_the_requester_is_reminded_once_and_seesac_has_one_task(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        team = factories.returned_team(session, clock)
        for made in team:
            factories.report(session, made, EXPERT)
        requester = team[0].match.request.requester_id
        lines = list(tasks.list_lines(session, now.today()))
        assert [str(line.what) for line in lines] == ["See that the reports of the team come"]
    with app.app_context():
        clock.shift(REPORT_WITHIN)
        reminders.send_due()
    assert notices(app, requester, "your report on the mission is awaited") == 1


@pytest.mark.both_databases
def test_what_became_of_a_mission_is_asked_and_answered_once(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        team = factories.returned_team(session, clock)
        for made in team[:2]:
            factories.report(session, made, EXPERT)
        factories.report(session, team[0], REQUESTER)
        last = team[0].end + FOLLOW_UP_FROM
        assert len(list(find_follow_ups(session, last))) == 1
        lines = list(tasks.list_lines(session, last))
        assert "Ask what became of the mission of the team" in [str(line.what) for line in lines]
        move_to(clock, last)
        by = factories.work(session, factories.missions.writer_of(team[0], REQUESTER))
        follow_ups.answer(by, team[1], SAID)
        assert [one.state for one in team] == [
            *[DeploymentState.FOLLOWED_UP] * 2, DeploymentState.RETURNED
        ]  # fmt: skip
        assert list(find_follow_ups(session, last)) == []
        # Whoever reports late is followed up by what was said of the whole team.
        factories.report(session, team[2], EXPERT)
        assert team[2].state is DeploymentState.FOLLOWED_UP
        assert session.scalars(sa.select(FollowUp.request_id)).all() == [by_request(team)]
        assert invariants.run(session) == []


def by_request(team: list[Deployment]) -> int:
    """Return for which request a team went."""
    return team[0].match.request_id


def test_what_was_said_of_the_months_after_is_not_said_twice(session: Session, clock: Any) -> None:
    team = factories.returned_team(session, clock)
    for made in team[:2]:
        factories.report(session, made, EXPERT)
    factories.report(session, team[0], REQUESTER)
    move_to(clock, team[0].end + FOLLOW_UP_FROM)
    by = factories.work(session, factories.missions.writer_of(team[0], REQUESTER))
    follow_ups.answer(by, team[0], SAID)
    office = factories.work(session, factories.account(session, Role.COORDINATOR))
    why = Grounds(ReasonKind.COMMENT, "By letter.")
    missions.take(office, team[2], DeploymentStep.REPORT, why)
    with pytest.raises(ConflictError, match="It has been said already"):
        follow_ups.answer(by, team[2], SAID)


def test_what_is_said_of_each_is_its_writers_and_seesacs_to_read(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        team = reported_team(session, clock)
        office = factories.account(session, Role.COORDINATOR)
        people = [factories.missions.writer_of(one, EXPERT) for one in team]
        names = [one.match.expert.name for one in team]
        requester = factories.missions.writer_of(team[0], REQUESTER)
        own = {person.id: one.id for person, one in zip(people, team, strict=True)}
    for reader in (office, requester):
        page = visitor().come_in(reader).get(f"/deployments/{team[2].id}/reports").text
        assert all(name in page for name in names)
        assert page.count("Would you ask for this expert again?") == len(team)
    for person in people:
        page = visitor().come_in(person).get(f"/deployments/{own[person.id]}/reports").text
        assert factories.ANSWERS.lacking in page
        assert "Would you ask for this expert again?" not in page


def test_a_coordinator_who_went_reads_no_judgement_and_gives_no_report_back(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        both: Account = factories.account(session, Role.EXPERT, Role.COORDINATOR)
        asked = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
        team = [
            factories.missions.planned(session, request=asked, expert=person)
            for person in (factories.expert(session, person=both), factories.expert(session))
        ]
        factories.missions.go_and_return(session, clock, *team)
        factories.report(session, team[1], REQUESTER)
        with pytest.raises(ConflictError, match="cannot be given back"):
            operations.give_back(factories.work(session, both), team[1], REQUESTER)
        office = factories.work(session, factories.account(session, Role.COORDINATOR))
        lessons.add(office, team[0], LessonContent("Bring a second interpreter."))
        own_lesson = LessonContent("The team was excellent.")
        for made in team:
            with pytest.raises(ForbiddenError):
                lessons.add(factories.work(session, both), made, own_lesson)
    pages = visitor().come_in(both)
    for made in team:
        page = pages.get(f"/deployments/{made.id}/reports").text
        assert factories.ANSWERS.lacking in page
        assert "Would you ask for this expert again?" not in page
        assert "second interpreter." not in page.replace(factories.ANSWERS.lacking, "")


def test_whoever_went_does_not_report_for_the_requester(session: Session, clock: Any) -> None:
    team = factories.returned_team(session, clock)
    own = factories.missions.writer_of(team[0], EXPERT)
    own.roles.append(factories.account(session, Role.REQUESTER).roles[0])
    team[1].match.request.requester = own
    session.flush()
    with pytest.raises(ForbiddenError):
        factories.report(session, team[1], REQUESTER, by=own)


def test_whoever_fell_out_reads_nothing_of_the_mission_of_the_others(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        team = reported_team(session, clock)
        person = factories.missions.writer_of(team[2], EXPERT)
        why = Grounds(ReasonKind.OTHER, "Ill.")
        about = team[2].match.expert.tells_of
        team[2].reason = reasons.keep(factories.work(session, person), why, about)
        team[2].state = DeploymentState.CANCELLED
    page = visitor().come_in(person).get(f"/deployments/{team[2].id}/reports").text
    # Their own report says so, and that of the requester is not there.
    assert page.count(factories.ANSWERS.lacking) == 1


def test_the_team_reads_of_the_report_each_on_their_own_page(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        team = reported_team(session, clock)
        people = {factories.missions.writer_of(one, EXPERT).id: one.id for one in team}
    with reading(app) as session:
        told = sa.select(Notice).where(Notice.account_id.in_([*people, office.id]))
        words = "The requester has reported on the mission for"
        paths = {
            notice.account_id: notice.path
            for notice in session.scalars(told)
            if words in str(notice.words)
        }
    own = {person: f"/deployments/{number}/reports" for person, number in people.items()}
    assert {key: paths[key] for key in own} == own
    assert notices(app, office.id, "a report on a mission") == len(team) + 1


def test_the_story_of_a_request_tells_of_one_report_on_the_team(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        team = reported_team(session, clock)
        requester = factories.missions.writer_of(team[0], REQUESTER)
        number = by_request(team)
    text = visitor().come_in(requester).get(f"/requests/{number}").text
    assert text.count("Sent the report on the mission of the team") == 1


def test_whoever_was_erased_is_judged_no_more_and_the_others_are(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        team = factories.returned_team(session, clock)
        report = factories.report(session, team[0], REQUESTER, sent=False)
        person = factories.missions.writer_of(team[0], EXPERT)
        my_data.erase(factories.work(session, person), team[0].match.expert)
        session.refresh(report)
        assert report.done == ""
        clock.shift(timedelta(days=1))
        with pytest.raises(ConflictError, match="was erased"):
            factories.report(session, team[0], REQUESTER)
        factories.report(session, team[1], REQUESTER)
        assert report.sent_at is not None


@pytest.mark.parametrize("sent", [False, True], ids=["a draft", "a report"])
def test_a_draft_whose_words_went_with_one_of_the_team_is_asked_for_them_anew(
    sent: bool, app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        state = RequestState.ACCEPTED
        request = factories.request(session, state, experts_needed=2, tasks="Teach.")
        team = [factories.missions.planned(session, request=request) for _number in range(2)]
        factories.missions.go_and_return(session, clock, *team)
        report = factories.report(session, team[0], REQUESTER, sent=sent)
        my_data.erase(factories.work(session), team[1].match.expert)
    with reading(app) as session:
        report = session.merge(report)
        asked = [one.asked for one in rules.points_of(report.deployment, report)]
    assert asked == ([""] if sent else ["Teach."])


def test_a_report_that_was_given_back_is_awaited_though_its_expert_is_erased(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        team = reported_team(session, clock)
        office = factories.account(session, Role.COORDINATOR)
        operations.give_back(factories.work(session, office), team[0], REQUESTER)
        report = queries.find(session, team[0], REQUESTER)
        assert report
        my_data.erase(factories.work(session), report.deployment.match.expert)
        assert [side for _one, side in queries.list_awaiting(session)] == [REQUESTER]


def test_rows_of_a_form_that_are_of_nobody_who_is_judged_are_left_out(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        team = factories.returned_team(session, clock)
        sent = MultiDict({f"judgements-{at}-deployment_id": f"x{at}" for at in range(60)})
        sent["judgements-3-deployment_id"] = sent["judgements-4-deployment_id"] = str(team[1].id)
        with app.test_request_context():
            form = ReportForm(REQUESTER, team, [], formdata=sent)
            assert [made for made, _row in form.of_each()] == team
            assert len(form.judgements) == len(team)


def test_what_a_requester_typed_of_a_team_goes_with_whoever_of_it_is_erased(
    app: Flask, clock: Any
) -> None:
    how: dict[str, Any] = {"secrets": [app.config["SECRET_KEY"]], "now": now.now()}
    with writing(app) as session:
        team = factories.returned_team(session, clock)
        requester = factories.missions.writer_of(team[0], REQUESTER)
        pages = [f"/deployments/{team[1].id}/reports/{page}" for page in ("requester", "expert")]
        for path in pages:
            kept_texts.keep(session, requester.id, path, [("done", "Some words.")], **how)
        person = factories.missions.writer_of(team[0], EXPERT)
        my_data.erase(factories.work(session, person), team[0].match.expert)
        assert session.scalars(sa.select(KeptText.path)).all() == pages[1:]


def test_a_form_of_a_team_has_fields_for_each_and_keeps_what_was_typed(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        team = factories.returned_team(session, clock)
        requester = factories.missions.writer_of(team[0], REQUESTER)
    url = f"/deployments/{team[0].id}/reports/requester"
    form = visitor().come_in(requester).get(url)
    # What was done is said once, of all tasks, and again at the one there is.
    assert form.text.count("(needed before you send it)") == 2 + 2 * len(team)
    each = {f"judgements-{place}-rating": str(5 - place) for place in range(len(team))}
    refused = form.submit("Save the draft", {**each, "women": "many"}, status=400)
    assert refused.form("Save the draft").values["judgements-2-rating"] == ["3"]
    refused.submit("Save the draft", {"women": "4"})
    with reading(app) as session:
        chosen = sa.select(Judgement.rating).order_by(Judgement.deployment_id)
        assert session.scalars(chosen).all() == [5, 4, 3]
