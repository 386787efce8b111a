"""A copy and an erasure look up what is one person's, and read no table that grows as a whole.

An erasure is one transaction, and on SQLite nobody else writes meanwhile.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import listening, reading, writing
from tests.structure.test_migrations import engine_of
from webapp.core.record import personal_data
from webapp.core.roles import Role
from webapp.experts import persons
from webapp.experts.models import Expert
from webapp.my_data import operations

# These are read as a whole, and why that may be.
AS_A_WHOLE = {
    "expertise_request": "Names stand anywhere in the words of a focal point.",
    "terms_of_reference": "They repeat those words.",
    "evidence_confirmation": "Their addresses are written as somebody typed them.",
    "outbox_message": "They are deleted by age, and some went to an address of no account.",
    "kept_text": "They go after two weeks, and anybody may have typed something of somebody.",
    "roster_import": "There are few, and all names of their files are forgotten.",
    "account_request": "They wait for an administrator, or are deleted.",
    "briefing_pack": "All are thrown away, for any may name somebody.",
    "mission_document": "All are thrown away, for any may name somebody.",
    "imported_table": "They wait to be confirmed, a day at most, and names stand in their cells.",
}
SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
# It holds those rows alone of which nobody has noted whom they name.
ALL_OF_IT_IS_WANTED = {"ix_notice_people_not_noted"}


@pytest.fixture
def expert_id(app: Flask) -> int:
    """Return the number of an expert among others of whom much is known."""
    with writing(app) as session:
        factories.world(session)
        return factories.expert(session, person=factories.account(session, Role.EXPERT)).id


@contextmanager
def scanned(app: Flask) -> Iterator[set[str]]:
    """Collect the tables of which SQLite says that it reads every row."""
    found: set[str] = set()
    tables = set(sa.inspect(engine_of(app)).get_table_names())

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if rest[-1] or not statement.startswith(("SELECT", "UPDATE", "DELETE")):
            return
        plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        for *_numbers, step in plan.fetchall():
            if (scan := SCAN.match(step)) and scan[2] not in ALL_OF_IT_IS_WANTED:
                found.update({scan[1]} & tables)

    with listening(engine_of(app), "before_cursor_execute", explain):
        yield found


def test_an_erasure_reads_no_table_as_a_whole(app: Flask, expert_id: int) -> None:
    with scanned(app) as found, writing(app) as session:
        expert = session.get_one(Expert, expert_id)
        operations.erase(factories.work(session, expert.account), expert)
    assert found <= set(AS_A_WHOLE)


@pytest.mark.thorough
@pytest.mark.parametrize("look", [personal_data.sections, personal_data.count])
def test_a_copy_and_its_page_read_no_table_as_a_whole(
    app: Flask, expert_id: int, look: Any
) -> None:
    with scanned(app) as found, reading(app) as session:
        who = persons.whose(session, session.get_one(Expert, expert_id))
        if look is personal_data.sections:
            list(personal_data.sections(session, who))
        else:
            for rule in personal_data.all_rules():
                personal_data.count(session, rule, who)
    assert found <= set(AS_A_WHOLE)
