"""What is overdue stands in the queue, and those whose it is are reminded before and after."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.accounts.operations import change_roles
from webapp.core import clock as today_is
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState
from webapp.messages.models import Notice
from webapp.mission_checklists import queries, reminders, rules, tasks
from webapp.mission_checklists.models import NeedKind

DAY = timedelta(days=1)


class Case:
    """A mission that begins in sixty days, with an authority of two members."""

    def __init__(self, app: Flask) -> None:
        self.app, self.start = app, today_is.today() + 60 * DAY
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            authority = factories.organisation(session)
            members = [factories.account(session, Role.NOMINATING_AUTHORITY) for _ in range(2)]
            for member in members:
                member.organisation_id = authority.id
            asked = factories.request(
                session, RequestState.ACCEPTED, start=self.start, end=self.start + DAY
            )
            match = factories.match(
                session, MatchState.SELECTED, request=asked, coordinator=self.office
            )
            factories.make_official(session, match.expert, authority.id)
            self.number = session.query(Deployment).one().id
            self.expert, self.requester = match.expert.account_id, asked.requester_id
            self.members, self.name = [one.id for one in members], match.expert.name

    def reminded(self, day: date) -> list[tuple[int | None, str]]:
        with reading(self.app) as session:
            return [(one.account_id, one.letter.path) for one in reminders.find_open(session, day)]

    def lines(self, day: date) -> list[str]:
        with reading(self.app) as session:
            return [str(line.what) for line in tasks.list_lines(session, day)]


def test_each_side_is_reminded_the_day_before_and_after_of_what_is_its_own(app: Flask) -> None:
    case = Case(app)
    page, official = f"/deployments/{case.number}", f"/officials/missions/{case.number}"
    invitation, release = case.start - 28 * DAY, case.start - 21 * DAY
    asked, both = (case.requester, page), [(one, official) for one in case.members]
    assert case.reminded(invitation - 2 * DAY) == []
    assert case.reminded(invitation - DAY) == [asked]
    assert case.reminded(release - 2 * DAY) == [asked]
    assert sorted(case.reminded(release)) == sorted([asked, *both])
    consent = case.start - 14 * DAY
    # Consent and fitness are due on one day, and said in one notice.
    assert case.reminded(consent).count((case.expert, page)) == 1
    with writing(app) as session:
        mission = session.get_one(Deployment, case.number)
        factories.settle(session, mission, NeedKind.INVITATION, NeedKind.RELEASE)
    assert case.reminded(release) == []


def test_the_release_letter_is_seen_to_by_us_where_the_authority_has_the_expert_alone(
    app: Flask,
) -> None:
    case = Case(app)
    with writing(app) as session:
        expert, colleague = (session.get_one(Account, one) for one in case.members)
        change_roles(factories.work(session), expert, {Role.EXPERT, Role.NOMINATING_AUTHORITY})
        session.get_one(Deployment, case.number).match.expert.account = expert
    release, official = case.start - 21 * DAY, f"/officials/missions/{case.number}"
    assert [who for who, path in case.reminded(release) if path == official] == [colleague.id]
    with writing(app) as session:
        session.get_one(Account, colleague.id).active = False
    assert official not in {path for _who, path in case.reminded(release)}
    with reading(app) as session:
        mission = session.get_one(Deployment, case.number)
        entry = queries.find_entry(session, mission, NeedKind.RELEASE)
        assert rules.can_act(factories.actor(case.office), entry)
        assert not rules.can_act(expert.as_actor(), entry)


def test_a_reminder_is_said_once_before_and_once_after(app: Flask, clock: Any) -> None:
    from webapp.messages.reminders import send_due

    case = Case(app)
    due = case.start - 28 * DAY
    for day, told in ((due, 1), (due, 1), (due + DAY, 2), (due + 2 * DAY, 2)):
        clock.move_to(day)
        with app.app_context():
            send_due()
        with reading(app) as session:
            notices = session.query(Notice).filter_by(account_id=case.requester)
            found = [one for one in notices if "needs something" in one.words["subject"]["text"]]
            assert len(found) == told, day


def test_of_much_that_is_overdue_the_queue_names_the_first_and_how_many_more(app: Flask) -> None:
    case = Case(app)
    (line,) = case.lines(case.start)
    assert line.startswith(f"Overdue for the mission of {case.name}: ")
    assert line.count(", ") == 2
    assert re.search(r" and \d more$", line)


def test_what_is_overdue_is_one_line_of_the_queue_that_leads_to_the_mission(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    case = Case(app)
    due = case.start - 14 * DAY
    assert case.lines(case.start - 28 * DAY) == []
    with writing(app) as session:
        mission = session.get_one(Deployment, case.number)
        factories.settle(session, mission, NeedKind.INVITATION, NeedKind.RELEASE)
    assert case.lines(due) == []
    words = (
        f"Overdue for the mission of {case.name}: consent to the risk, insurance, fitness to travel"
    )
    assert case.lines(due + DAY) == [words]
    clock.move_to(due + DAY)
    page = visitor().come_in(case.office).get("/queue").follow(words)
    assert "overdue since" in page.text
