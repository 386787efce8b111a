"""The work queue, and what the job worker does each minute, look at those of whom something is due.

What looks at every profile is not seen on a small roster. SQLite chooses its plans without knowing
how many rows there are, so those of a small one are those of a large one.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import listening, reading, writing
from tests.pages import Pages
from tests.webapp.roster.pairs import seek
from webapp.accounts import queries as accounts
from webapp.core import clock
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.experts.models import ExpertState
from webapp.experts.standing_queries import list_calls, list_shut_out
from webapp.matches.models import MatchState
from webapp.matches.unanswered import list_unreleased
from webapp.upkeep.queries import list_beginning

# Steps that go through all of a table, be it under another name or by an index that has all of it.
ALL_PROFILES = re.compile(r"SCAN expert(?: |$)").match
ALL_ACCOUNTS = re.compile(
    r"SCAN account(?:_role)?(?:_\d+)?(?: |$)(?!USING (?:COVERING )?INDEX ix_account_closed)"
).match
ALL_ACTIVE = re.compile(r"SEARCH expert USING .*\(state=\?\)").match
ALL_CALLS = re.compile(r"SCAN phone_call(?: |$)(?!USING INDEX ix_phone_call_waiting)").match


@contextmanager
def planned(app: Flask) -> Iterator[list[tuple[str, list[str]]]]:
    """Collect what is selected, with how SQLite does it, step by step."""
    found: list[tuple[str, list[str]]] = []

    def explain(_connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            found.append((statement, [row[3] for row in rows]))

    with app.app_context():
        engine = db.engine
    with ExitStack() as stack:
        stack.enter_context(listening(engine, "before_cursor_execute", explain))
        yield found


@pytest.mark.parametrize("address", ["/queue", "/queue?see=mine"])
def test_the_work_queue_looks_at_no_more_profiles_than_wait(
    app: Flask, sign_in_as: Callable[..., Pages], address: str
) -> None:
    with writing(app) as session:
        factories.expert(session)
        factories.expert(session, state=ExpertState.NOMINATED)
    pages = sign_in_as(Role.COORDINATOR)
    with planned(app) as found:
        pages.get(address)
    assert [statement for statement, steps in found if any(map(ALL_PROFILES, steps))] == []
    assert len(found) > 30


def test_the_list_of_pairs_reads_no_profiles_but_theirs(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        for name in ("Jelena Zgled", "Zgled, Jelena", "Somebody Else"):
            factories.expert(session, name=name, jurisdiction="MNE")
    seek(app)
    pages = sign_in_as(Role.COORDINATOR)
    with planned(app) as found:
        assert "1 pair." in pages.get("/roster/duplicates").text
    assert [statement for statement, steps in found if any(map(ALL_PROFILES, steps))] == []


@pytest.mark.parametrize("find", [accounts.list_able, accounts.list_told, accounts.list_ids])
def test_who_has_a_role_is_found_without_all_accounts(app: Flask, find: Callable[..., Any]) -> None:
    with writing(app) as session:
        office, _expert = (
            factories.account(session, role) for role in (Role.COORDINATOR, Role.EXPERT)
        )
    with reading(app) as session, planned(app) as found:
        (only,) = find(session, Role.COORDINATOR)
        assert getattr(only, "id", only) == office.id
    assert [step for _, steps in found for step in steps if ALL_ACCOUNTS(step)] == []


def test_whoever_opens_a_page_is_let_in_without_the_roles_of_all(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    pages = sign_in_as(Role.EXPERT)
    with planned(app) as found:
        pages.get("/account")
    assert [steps for _, steps in found if any(map(ALL_ACCOUNTS, steps))] == []


def test_who_is_shut_out_is_found_without_all_who_are_let_in(app: Flask) -> None:
    with reading(app) as session, planned(app) as found:
        list_shut_out(session)
    ((_statement, steps),) = found
    assert [step for step in steps if ALL_ACCOUNTS(step) or ALL_ACTIVE(step)] == []


def test_calls_that_wait_are_found_without_those_that_were_made(app: Flask) -> None:
    with reading(app) as session, planned(app) as found:
        list_calls(session)
    ((_statement, steps),) = found
    assert [step for step in steps if ALL_CALLS(step)] == []


def test_an_approval_that_begins_is_looked_for_once_and_not_for_each_expert(app: Flask) -> None:
    with reading(app) as session, planned(app) as found:
        list_beginning(session, clock.today())
    ((_statement, steps),) = found
    assert [step for step in steps if "CORRELATED" in step or ALL_PROFILES(step)] == []


def test_of_a_release_nothing_is_loaded_once_the_days_of_the_mission_are_past(
    app: Flask, request: pytest.FixtureRequest
) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.SELECTED)
        first = match.booked_days[0].day
        match.released_start = match.released_end = first - timedelta(days=1)
        match.reply_by = first

    def list_all() -> tuple[int, int]:
        with reading(app) as session, planned(app) as found:
            return len(list_unreleased(session, factories.FOR_YEARS)), len(found)

    waiting, statements = list_all()
    assert (waiting, statements > 2) == (1, True)
    request.getfixturevalue("clock").move_to(
        datetime.combine(first, time(), UTC) + timedelta(days=365)
    )
    assert list_all() == (0, 2)
