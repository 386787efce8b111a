"""Who is asked has a day to answer by, is reminded once before it and once after, and no more."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account, MailChoice
from webapp.core import sweeps
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.messages import digest, operations, reminders, sweep
from webapp.messages.models import Notice, OutboxMessage
from webapp.messages.rules import DIGEST_HOUR, KEPT_NOTICES
from webapp.platform_settings.queries import get_settings

BEGIN = datetime(2031, 1, 1, 9, tzinfo=UTC)
REPLY_BY = date(2031, 1, 8)


@pytest.fixture
def days() -> Any:
    """Return a clock that stands at the day on which people are asked."""
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def run(app: Flask) -> int:
    """Do what the job worker does every minute."""
    with app.app_context():
        return reminders.send_due()


def last_subjects(app: Flask, account_id: int | None) -> list[str]:
    """Return what somebody was told by mail, oldest first."""
    with reading(app) as session:
        rows = session.query(OutboxMessage).filter_by(account_id=account_id)
        return [row.subject for row in rows.order_by(OutboxMessage.id)]


def invited(app: Flask) -> tuple[int, int, int]:
    """Invite somebody; return the ids of the match, the expert's account and a coordinator."""
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        match = factories.match(session, MatchState.INVITED, coordinator=coordinator)
        assert match.reply_by == REPLY_BY
        assert match.expert.account_id
        return match.id, match.expert.account_id, coordinator.id


def test_an_invitation_is_reminded_of_once_before_its_day_and_once_after(
    app: Flask, days: Any
) -> None:
    _match, expert, coordinator = invited(app)
    told = []
    for _day in range(20):
        for _minute in range(2):
            if run(app):
                told.append(days_since(BEGIN))
        days.shift(timedelta(days=1))
    assert told == [6, 8], "the day before, and the day after"
    assert last_subjects(app, expert) == [
        "R-0001: an invitation waits for you",
        "R-0001: the invitation still waits for your answer",
        "R-0001: the invitation has waited for your answer too long",
    ]
    assert last_subjects(app, coordinator).count("R-0001: there is no answer") == 1
    with reading(app) as session:
        assert session.query(AuditEvent).filter_by(action="reminded").count() == 2


def days_since(begin: datetime) -> int:
    """Return how many days have passed."""
    return (datetime.now(UTC) - begin).days


def test_whoever_has_answered_is_not_reminded(app: Flask, days: Any) -> None:
    number, expert, _coordinator = invited(app)
    with writing(app) as session:
        match = session.get_one(Match, number)
        work = factories.work(session, session.get_one(Account, expert))
        matches.take(work, match, MatchStep.ACCEPT)
    for _day in range(20):
        assert run(app) == 0
        days.shift(timedelta(days=1))


def test_the_days_to_answer_are_those_of_the_settings(app: Flask, days: Any) -> None:
    with writing(app) as session:
        get_settings(session).reply_by_days = 3
        assert factories.match(session, MatchState.INVITED).reply_by == date(2031, 1, 4)
        returned = factories.request(session, RequestState.RETURNED)
        assert returned.reply_by == date(2031, 1, 4)
        assert factories.request(session, RequestState.ACCEPTED).reply_by is None


@pytest.mark.parametrize("state", [RequestState.RETURNED, RequestState.PROPOSED])
def test_a_request_that_waits_for_its_writer_is_reminded_of(
    app: Flask, days: Any, state: RequestState
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        if state is RequestState.RETURNED:
            request = factories.request(session, state, coordinator=coordinator)
        else:
            match = factories.match(session, MatchState.PROPOSED, coordinator=coordinator)
            request = match.request
        session.flush()
        requester, before = request.requester_id, session.query(OutboxMessage).count()
    sent = 0
    for _day in range(20):
        sent += run(app)
        days.shift(timedelta(days=1))
    assert sent == 2
    with reading(app) as session:
        rows = session.query(OutboxMessage).order_by(OutboxMessage.id).offset(before)
        assert [(row.account_id, row.subject) for row in rows] == [
            (requester, "R-0001 still waits for you"),
            (requester, "R-0001 has waited for you too long"),
            (coordinator.id, "R-0001: there is no answer"),
        ]


def test_a_proposal_without_anybody_left_is_not_reminded_of(app: Flask, days: Any) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.NOT_SELECTED)
        assert match.request.state is RequestState.PROPOSED
    days.shift(timedelta(days=30))
    assert run(app) == 0


@pytest.mark.both_databases
def test_a_reminder_and_a_daily_mail_leave_once_whatever_number_of_workers(
    app: Flask, days: Any
) -> None:
    _match, expert, _coordinator = invited(app)
    with writing(app) as session:
        session.get_one(Account, expert).mail_choice = MailChoice.DAILY
    days.shift(timedelta(days=6))

    def work(_number: int) -> tuple[int, int]:
        with app.app_context():
            return reminders.send_due(), digest.send_due()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(4)))
    assert sum(sent for sent, _mails in done) == 1
    work(0)
    with reading(app) as session:
        daily = session.query(OutboxMessage).filter(OutboxMessage.subject.contains("new notice"))
        assert daily.count() == 1


def test_what_is_overdue_is_a_task_of_the_coordinators(
    app: Flask, days: Any, sign_in_as: Callable[..., Pages]
) -> None:
    number, _expert, _coordinator = invited(app)
    with writing(app) as session:
        name = session.get_one(Match, number).expert.name
        factories.request(session, RequestState.RETURNED)
    days.shift(timedelta(days=7))
    text = sign_in_as(Role.COORDINATOR).get("/queue").text
    assert "an answer is awaited by 8 January 2031" in text
    assert "has not answered" not in text
    days.shift(timedelta(days=1))
    pages = sign_in_as(Role.COORDINATOR)
    text = pages.get("/queue").text.partition("Waits for others")[0]
    assert f"{name} has not answered: ask them, or look for somebody else" in text
    assert "The requester has not corrected the request: ask them" in text
    assert "an answer was awaited by 8 January 2031" in text
    assert "an answer was awaited by 8 January 2031" in pages.get(f"/matches/{number}").text


def test_people_read_by_when_their_answer_is_awaited(
    app: Flask, days: Any, visitor: Callable[[], Pages]
) -> None:
    number, expert, _coordinator = invited(app)
    with writing(app) as session:
        person = session.get_one(Account, expert)
        request = factories.request(session, RequestState.RETURNED)
        requester = session.get_one(Account, request.requester_id)
        address = f"/requests/{session.get_one(ExpertiseRequest, request.id).id}"
    pages = visitor().come_in(person)
    for url in ("/invitations", f"/invitations/{number}", "/notices"):
        assert "Please answer by 8 January 2031." in pages.get(url).text
    assert "Please answer by 8 January 2031." in visitor().come_in(requester).get(address).text


def test_the_daily_mail_counts_what_is_new_and_comes_once_a_day(app: Flask, days: Any) -> None:
    number, expert, _coordinator = invited(app)
    with writing(app) as session:
        person = session.get_one(Account, expert)
        person.mail_choice, person.language = MailChoice.DAILY, "ru"
        session.query(OutboxMessage).delete()
        work = factories.work(session, None, Role.COORDINATOR)
        match = session.get_one(Match, number)
        matches.take(work, match, MatchStep.NOTE_YES, factories.grounds(text="By telephone."))
        matches.take(work, match, MatchStep.CANCEL, factories.grounds(text="No need."))
    days.move_to(datetime(2031, 1, 2, DIGEST_HOUR - 1, 59, tzinfo=UTC))
    assert daily(app) == 0, "not in the middle of the night"
    for hours, mails in ((1, 1), (1, 0), (24, 0)):
        days.shift(timedelta(hours=hours))
        assert daily(app) == mails
    (subject,) = last_subjects(app, expert)
    assert subject == "2 новых сообщения ждут вас на платформе"
    with reading(app) as session:
        body = session.query(OutboxMessage).filter_by(account_id=expert).one().body
    assert "/notices" in body


def test_daily_mails_written_after_midnight_are_those_of_the_day_before(
    app: Flask, days: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else that of the next day would leave in the night, and none in the morning."""
    number, expert, _coordinator = invited(app)
    with writing(app) as session:
        session.get_one(Account, expert).mail_choice = MailChoice.DAILY
        session.query(Notice).filter_by(account_id=expert).update({"for_digest": True})
    portions = sweeps.do_in_portions

    def over_midnight(work: str, acts: Any) -> int:
        days.move_to(datetime(2031, 1, 3, 0, 1, tzinfo=UTC))
        return portions(work, acts)

    days.move_to(datetime(2031, 1, 2, 23, 59, tzinfo=UTC))
    with monkeypatch.context() as patch:
        patch.setattr(digest, "do_in_portions", over_midnight)
        assert daily(app) == 1
    with writing(app) as session:
        work = factories.work(session, None, Role.COORDINATOR)
        grounds = factories.grounds(text="By telephone.")
        matches.take(work, session.get_one(Match, number), MatchStep.NOTE_YES, grounds)
    days.move_to(datetime(2031, 1, 3, DIGEST_HOUR, tzinfo=UTC))
    assert (daily(app), daily(app)) == (1, 0)


def daily(app: Flask) -> int:
    """Write the daily mails that are due."""
    with app.app_context():
        return digest.send_due()


def test_old_notices_and_mails_are_deleted(app: Flask, days: Any) -> None:
    invited(app)
    with writing(app) as session:
        for row in session.query(OutboxMessage):
            operations.mark_sent(row, BEGIN)
    for shift, left in ((KEPT_NOTICES - timedelta(days=1), True), (timedelta(days=1), False)):
        days.shift(shift)
        with app.app_context():
            sweep.delete_due()
        with reading(app) as session:
            assert bool(session.query(Notice).count()) is left
            assert bool(session.query(OutboxMessage).count()) is left
