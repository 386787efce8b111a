"""Whatever is due at once, no job writes more in one transaction than a portion."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import listening, reading, writing
from webapp.accounts import sweep as accounts_sweep
from webapp.accounts.models import Account, MailChoice
from webapp.core import clock
from webapp.core.db import WRITING, db, writing_apart
from webapp.core.job_runs import Work, watched
from webapp.core.limits import LimitCounter
from webapp.core.portions import PORTION, ROWS
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.sweeps import do_in_portions
from webapp.core.unit_of_work import UnitOfWork
from webapp.matches.models import MatchState
from webapp.messages import digest, reminders
from webapp.messages import sweep as messages_sweep
from webapp.messages.models import Notice, SaidOnce
from webapp.upkeep import sweep as upkeep_sweep

pytestmark = pytest.mark.both_databases
MANY = 5_000
# What is written of each thing that a job does, and of nothing else.
DONE = (AuditEvent.__tablename__, SaidOnce.__tablename__)


@contextmanager
def counted(app: Flask, *tables: str) -> Iterator[list[int]]:
    """Count the rows of some tables that each writing transaction inserts or deletes."""
    written: list[int] = []

    def begin(connection: Any) -> None:
        if connection.get_execution_options().get(WRITING):
            written.append(0)

    def count(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        verb, *words = statement.replace("(", " ").split()
        if verb in {"INSERT", "DELETE"} and words[1] in tables:
            # Of what is returned as it is written no rows are known yet: that is one at a time.
            written[-1] += max(cursor.rowcount, 1)

    with app.app_context():
        engine = db.engine
    with ExitStack() as stack:
        stack.enter_context(listening(engine, "begin", begin))
        stack.enter_context(listening(engine, "after_cursor_execute", count))
        yield written


def run(app: Flask, work: Work) -> None:
    """Do the work of a job as the job worker does it."""
    with app.app_context():
        watched(work)


def fill(session: Session, table: type[Any], rows: list[dict[str, Any]]) -> None:
    """Write very many rows at once."""
    session.execute(sa.insert(table), rows)


def test_what_is_due_is_done_in_portions_between_which_others_write(app: Flask) -> None:
    """Somebody else may begin to write whenever a portion is done, and what fails takes nothing
    with it: neither the others of its portion, nor those behind it."""
    broken = PORTION + 1

    def others_write(number: int) -> None:
        with writing_apart() as connection:
            connection.execute(sa.insert(SaidOnce).values(key=f"other {number}", at=clock.now()))

    def act(number: int) -> Any:
        def do(work: UnitOfWork) -> int:
            work.session.add(SaidOnce(key=f"ours {number}", at=work.now))
            work.session.flush()
            if number == broken:
                raise RuntimeError("broken")
            return 1

        return do

    def acts() -> Iterator[Any]:
        for number in range(3 * PORTION):
            if number and number % PORTION == 0:
                others_write(number)
            yield act(number)

    with (
        app.app_context(),
        counted(app, SaidOnce.__tablename__) as written,
        pytest.raises(RuntimeError, match="broken"),
    ):
        do_in_portions("counting", acts())
    with reading(app) as session:
        kept = set(session.scalars(sa.select(SaidOnce.key)))
    assert {key for key in kept if key.startswith("ours")} == {
        f"ours {number}" for number in range(3 * PORTION) if number != broken
    }
    assert {f"other {PORTION}", f"other {2 * PORTION}"} <= kept
    assert max(written) <= PORTION


def test_where_the_database_itself_is_at_fault_nothing_more_is_tried(app: Flask) -> None:
    tried: list[int] = []

    def act(number: int) -> Any:
        def do(_work: UnitOfWork) -> int:
            tried.append(number)
            raise sa.exc.OperationalError("SELECT 1", {}, Exception("the disk is full"))

        return do

    with app.app_context(), pytest.raises(sa.exc.OperationalError):
        do_in_portions("counting", [act(number) for number in range(3 * PORTION)])
    assert tried == [0]


def test_thousands_of_old_rows_are_deleted_in_portions(app: Flask) -> None:
    old = clock.now() - timedelta(days=500)
    with writing(app) as session:
        account_id = factories.account(session, Role.EXPERT).id
        notice = {"account_id": account_id, "created_at": old, "path": "/", "words": {}}
        fill(session, Notice, [{**notice, "people_noted": True} for _ in range(MANY)])
        fill(session, SaidOnce, [{"key": f"k{one}", "at": old} for one in range(MANY)])
        counter = {"count": 1, "expires_at": old}
        fill(session, LimitCounter, [{"key": f"k{one}", **counter} for one in range(MANY)])
    for work, tables in (
        (messages_sweep.delete_due, (Notice.__tablename__, SaidOnce.__tablename__)),
        (accounts_sweep.delete_due, (LimitCounter.__tablename__,)),
    ):
        with counted(app, *tables) as written:
            run(app, work)
        assert sum(written) == MANY * len(tables)
        assert max(written) == ROWS * len(tables)


def test_daily_mails_and_questions_of_a_large_roster_are_written_in_portions(app: Flask) -> None:
    """After an import, or a long stop, all of it is due in one minute."""
    with writing(app) as session:
        for _number in range(4 * PORTION):
            expert = factories.expert(session)
            session.get_one(Account, expert.account_id).mail_choice = MailChoice.DAILY
    later = (clock.now() + timedelta(days=92)).replace(hour=9)
    with time_machine.travel(later, tick=False):
        for work in (upkeep_sweep.run_due, digest.send_due):
            with counted(app, *DONE) as written:
                run(app, work)
            assert sum(written) == 4 * PORTION
            assert max(written) == PORTION


def test_reminders_of_many_invitations_are_written_in_portions(app: Flask) -> None:
    with writing(app) as session:
        for _number in range(2 * PORTION):
            match = factories.match(session, MatchState.INVITED)
        assert match.reply_by
        day = match.reply_by - reminders.BEFORE
    later = clock.now().replace(year=day.year, month=day.month, day=day.day)
    with (
        time_machine.travel(later, tick=False),
        counted(app, AuditEvent.__tablename__) as written,
    ):
        run(app, reminders.send_due)
    assert sum(written) == 2 * PORTION
    assert max(written) == PORTION


def test_a_run_asks_and_reminds_no_more_than_so_many(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who are left are asked a minute later, and the approvals of all end on one day."""
    monkeypatch.setattr(upkeep_sweep, "AT_ONCE", 2)
    with writing(app) as session:
        home = factories.organisation(session).id
        for _number in range(3):
            expert = factories.expert(session, authority_id=home)
            expert.approved_until = clock.today() + timedelta(days=10)
    told = []
    for _minute in range(3):
        with counted(app, SaidOnce.__tablename__) as written:
            run(app, upkeep_sweep.run_due)
        told.append(sum(written))
    assert told == [2, 1, 0]
