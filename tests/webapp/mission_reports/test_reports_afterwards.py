"""Months after a mission one asks what has become of it, and lessons reach like requests."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest import mock

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import invariants
from webapp.core.errors import ConflictError, ForbiddenError, NotFoundError
from webapp.core.roles import Role
from webapp.deployments import rules as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import RequestState
from webapp.messages import reminders
from webapp.messages.models import Notice
from webapp.mission_reports import follow_ups, lessons, queries
from webapp.mission_reports.content import Afterwards, LessonContent
from webapp.mission_reports.models import FollowUp, Lesson, Side
from webapp.my_data import operations as my_data

SAID = Afterwards("The curriculum is taught.", "", "A second course.")


def reported_mission(session: Session, clock: Any, **facts: Any) -> Deployment:
    """Make a mission of which both reports have come."""
    made = factories.returned_mission(session, clock, **facts)
    for side in Side:
        factories.report(session, made, side)
    return made


def move_to(clock: Any, day: date) -> None:
    """Let it be noon of a day."""
    clock.move_to(datetime.combine(day, time(12), UTC))


@pytest.mark.both_databases
def test_with_the_answers_after_three_months_the_mission_is_followed_up(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        made = reported_mission(session, clock)
        requester = factories.missions.writer_of(made, Side.REQUESTER)
        with pytest.raises(ConflictError, match="is asked from"):
            follow_ups.answer(factories.work(session, requester), made, SAID)
        move_to(clock, made.end + missions.FOLLOW_UP_FROM)
        expert = factories.work(session, factories.missions.writer_of(made, Side.EXPERT))
        with pytest.raises(ForbiddenError):
            follow_ups.answer(expert, made, SAID)
        row = follow_ups.answer(factories.work(session, requester), made, SAID)
        assert (row.in_use, row.by_office) == (SAID.in_use, False)
        assert made.state is DeploymentState.FOLLOWED_UP
        assert invariants.run(session) == []
        with pytest.raises(ConflictError, match="comes after the reports"):
            follow_ups.answer(factories.work(session, requester), made, SAID)


def test_the_requester_is_asked_once_and_reminded_around_the_last_day(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        made = reported_mission(session, clock)
        asked = made.match.request.requester_id

    def count() -> int:
        with reading(app) as session:
            notices = session.scalars(sa.select(Notice).where(Notice.account_id == asked))
            return sum("become of the mission" in one.words["subject"]["text"] for one in notices)

    first, last = made.end + missions.FOLLOW_UP_FROM, made.end + missions.FOLLOW_UP_BY
    one = timedelta(days=1)
    with app.app_context():
        for day, said in (
            (first - one, 0), (first, 1), (first + one, 1), (last - one, 2), (last + one, 3),
            (last + 9 * one, 3),
        ):  # fmt: skip
            move_to(clock, day)
            reminders.send_due()
            assert count() == said, day


def test_a_requester_answers_on_a_page_and_nobody_else_reads_it_but_seesac(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = reported_mission(session, clock)
        people = {side: factories.missions.writer_of(made, side) for side in Side}
        office = factories.account(session, Role.COORDINATOR)
        stranger = factories.account(session, Role.REQUESTER)
    url = f"/deployments/{made.id}/reports"
    early = visitor().come_in(people[Side.REQUESTER]).get(f"{url}/follow-up")
    assert "is asked from" in early.text
    assert "Send the answers" not in early.text
    move_to(clock, made.end + missions.FOLLOW_UP_FROM)
    requester = visitor().come_in(people[Side.REQUESTER])
    form = requester.get(url).follow("Answer the questions")
    form.submit("Send the answers", {"What has changed by it?": "Much."}, status=400)
    page = form.submit("Send the answers", {"What of it is in use now?": SAID.in_use})
    assert SAID.in_use in page.text
    assert SAID.in_use in visitor().come_in(office).get(url).text
    expert = visitor().come_in(people[Side.EXPERT])
    assert SAID.in_use not in expert.get(url).text
    expert.get(f"{url}/follow-up", status=403)
    visitor().come_in(stranger).get(f"{url}/follow-up", status=404)
    form.submit("Send the answers", {"What of it is in use now?": "Again."}, status=409)
    with reading(app) as session:
        assert session.scalars(sa.select(FollowUp.in_use)).all() == [SAID.in_use]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "name",
    [
        "Marija", "Fikcija", "FIKCIA", "Jovović", "Marije", "Маријом", "Jovovića", "Јововићева",
        "Jovovic's", "Marijina",
    ],
)  # fmt: skip
def test_a_lesson_names_nobody_however_the_name_is_spelled(
    session: Session, clock: Any, name: str
) -> None:
    office = factories.account(session, Role.COORDINATOR)
    made = reported_mission(session, clock)
    made.match.expert.name = "Marija Fikcija-Jovović"
    with pytest.raises(ConflictError, match="names nobody"):
        lessons.add(factories.work(session, office), made, LessonContent(f"Ask {name} first."))


@pytest.mark.parametrize("words", ["Market first.", "A marina is near.", "The Mariners help."])
def test_a_lesson_may_hold_words_that_begin_as_a_name_does(
    session: Session, clock: Any, words: str
) -> None:
    office = factories.account(session, Role.COORDINATOR)
    made = reported_mission(session, clock)
    made.match.expert.name, made.match.request.requester.name = "Marko Maro", "Mari Marke"
    lessons.add(factories.work(session, office), made, LessonContent(words))


def test_a_lesson_names_nobody_of_the_team(session: Session, clock: Any) -> None:
    office = factories.account(session, Role.COORDINATOR)
    made = reported_mission(session, clock)
    assert queries.list_sent(session, made) == [made.match.expert.name]
    with (
        mock.patch.object(queries, "list_sent", return_value=["Zoran Petrov"]),
        pytest.raises(ConflictError, match="names nobody"),
    ):
        lessons.add(factories.work(session, office), made, LessonContent("Ask Petrova first."))


def test_of_whom_nothing_names_any_more_no_lesson_is_kept(session: Session, clock: Any) -> None:
    office = factories.account(session, Role.COORDINATOR)
    made = reported_mission(session, clock)
    my_data.erase(factories.work(session, office), made.match.expert)
    assert "was erased" in str(follow_ups.find_obstacle(made, made.end + missions.FOLLOW_UP_BY))
    with pytest.raises(ConflictError, match="was erased"):
        lessons.add(factories.work(session, office), made, LessonContent("Quillfeather was ill."))


def test_a_lesson_names_nobody_and_stands_beside_like_requests_for_coordinators(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        made = reported_mission(session, clock)
        like = factories.request(session, RequestState.SUBMITTED)
        own = made.match.request
        assert like.jurisdiction == own.jurisdiction
        people = [like.requester, made.match.expert.account]
        name = made.match.expert.name.split()[1]
    pages = visitor().come_in(office)
    reports = pages.get(f"/deployments/{made.id}/reports")
    refused = reports.submit("Keep the lesson", {"Lesson": f"Ask {name} first."}, status=409)
    assert "names nobody" in refused.text
    kept = refused.submit("Keep the lesson", {"Lesson": "Book two interpreters."})
    assert "Book two interpreters." in kept.text
    assert "Book two interpreters." in pages.get(f"/requests/{like.id}").text
    assert "Book two interpreters." not in pages.get(f"/requests/{own.id}").text
    asking, expert = (visitor().come_in(person) for person in people)
    assert "Book two" not in asking.get(f"/requests/{like.id}").text
    assert "Book two" not in expert.get(f"/deployments/{made.id}/reports").text
    kept.submit("Remove: Book two interpreters.")
    with reading(app) as session:
        assert session.scalars(sa.select(Lesson)).all() == []


def test_only_seesac_keeps_and_removes_lessons_and_of_their_own_mission(
    session: Session, clock: Any
) -> None:
    made, other = reported_mission(session, clock), factories.returned_mission(session, clock)
    work = factories.work(session, factories.account(session, Role.COORDINATOR))
    kept = lessons.add(work, made, LessonContent("Book two interpreters."))
    with pytest.raises(NotFoundError):
        lessons.remove(work, other, kept.id)
    own = factories.work(session, made.match.request.requester)
    with pytest.raises(ForbiddenError):
        lessons.add(own, made, LessonContent("Mine."))


def test_a_lesson_that_is_sent_twice_is_kept_once(session: Session, clock: Any) -> None:
    made = factories.returned_mission(session, clock)
    office = factories.work(session, factories.account(session, Role.COORDINATOR))
    said = LessonContent("Bring a second interpreter.", None, "KGZ")
    first = lessons.add(office, made, said)
    assert lessons.add(office, made, said) is first
    assert lessons.add(office, made, LessonContent(said.text)) is not first
