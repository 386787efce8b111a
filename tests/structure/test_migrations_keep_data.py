"""Migrations lose nothing: rows of every table are the same after each step up and down.

The tables of SQLite are rebuilt where a constraint changes; while they are, rows that refer to them
must stay, and afterwards the database guards references as before.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op
from flask import Flask

from tests import factories
from tests.databases import close, make_app, reading, writing
from tests.structure.test_migrations import described, downgrade, engine_of, upgrade
from tests.webapp.authorities.test_authorities_moved import AGREED, Case, release, released_for
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.db import alembic
from webapp.core.record import audit
from webapp.core.roles import Role
from webapp.core.schema import migrating
from webapp.core.words.search import folded
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.models import ClosedJurisdiction, Expert, UnavailablePeriod
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.messages import queries
from webapp.messages import sweep as messages_sweep

Rows = dict[str, list[dict[str, Any]]]

pytestmark = [pytest.mark.both_databases, pytest.mark.thorough]


@pytest.fixture
def empty_app(instance: Path, empty_database_url: str) -> Iterator[Flask]:
    """Return the application on a database without tables."""
    app = make_app(instance, empty_database_url)
    yield app
    close(app)


def upgrade_to(app: Flask, revision: str) -> None:
    """Bring the tables to one revision and no further."""
    with app.app_context():
        alembic.upgrade(revision)


def stored(app: Flask) -> Rows:
    """Return all rows as the database itself has them, by table and column."""
    engine, tables = engine_of(app), sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in connection.execute(table.select()).mappings()), key=repr
            )
            for table in tables.sorted_tables
            if table.name != "alembic_version"
        }


# Of a revision before second factors nobody has one before their next sign-in (decision 208).
NOBODY_HAS_SIGNED_IN = "request 1 waits for a side (administrator) where nobody can act"


def give_second_factors(app: Flask) -> None:
    """Let everybody have what their next sign-in would ask for."""
    with writing(app) as session:
        session.execute(sa.update(Account).values(tf_primary_method="authenticator"))


# Columns whose texts have moved to rows of their own.
MOVED = {("match", "reason"), ("deployment", "reason")}


def columns_of(before: Rows, after: Rows) -> Rows:
    """Return the rows of `after` with those columns alone that `before` has and that stay."""
    return {
        table: sorted(
            (
                {name: row[name] for name in rows[0] if (table, name) not in MOVED}
                for row in after[table]
            ),
            key=repr,
        )
        for table, rows in before.items()
    }


@pytest.fixture
def at_first_revision(empty_app: Flask) -> Flask:
    """Return an application whose database has rows in every table of the first revision."""
    upgrade_to(empty_app, "0001")
    tables = described(engine_of(empty_app))
    upgrade(empty_app)
    with writing(empty_app) as session:
        expert = factories.expert(
            session,
            closed_jurisdictions=[ClosedJurisdiction(code="SRB")],
            unavailable=[UnavailablePeriod(start=date(2030, 2, 1), end=date(2030, 2, 3))],
        )
        request = factories.request(session, RequestState.ACCEPTED, excluded=("ALB",))
        factories.match(session, MatchState.SELECTED, request=request, expert=expert)
    downgrade(empty_app, "0001")
    assert described(engine_of(empty_app)) == tables
    return empty_app


def test_an_upgrade_keeps_every_row_and_a_downgrade_too(at_first_revision: Flask) -> None:
    app = at_first_revision
    before = stored(app)
    assert all(before.values()), [table for table in before if not before[table]]
    upgrade(app)
    after = stored(app)
    assert columns_of(before, after) == columns_of(before, before)
    with reading(app) as session:
        assert invariants.run(session) == [NOBODY_HAS_SIGNED_IN]
        assert audit.verify(session) == []
    give_second_factors(app)
    with reading(app) as session:
        assert invariants.run(session) == []
    downgrade(app, "0001")
    assert stored(app) == before
    upgrade(app)
    assert stored(app) == after


def test_texts_that_were_there_can_be_found_after_the_upgrade(at_first_revision: Flask) -> None:
    upgrade(at_first_revision)
    for table, names in {
        "account": ("name", "institution"),
        "expert": ("name", "institution", "post"),
        "expertise_request": ("title", "place"),
    }.items():
        for row in stored(at_first_revision)[table]:
            assert row["search_text"] == folded("\n".join(row[name] for name in names))
            assert row["search_text"].strip()


def test_what_stands_in_a_profile_can_be_found_after_the_upgrade(empty_app: Flask) -> None:
    upgrade(empty_app)
    with writing(empty_app) as session:
        expert = factories.expert(session, entity="Kanton Sarajevo")
        expert.evidence[0].place = "Labasa"
    before = stored(empty_app)
    downgrade(empty_app, "0079")
    upgrade(empty_app)
    assert stored(empty_app) == before
    assert all(f" {word}" in before["expert"][0]["search_words"] for word in ("kanton", "labasa"))


def test_references_are_guarded_after_an_upgrade(at_first_revision: Flask) -> None:
    upgrade(at_first_revision)
    with (
        pytest.raises(sa.exc.IntegrityError),
        engine_of(at_first_revision).begin() as connection,
    ):
        connection.execute(sa.text("DELETE FROM account"))


def test_a_row_in_a_state_that_goes_stops_the_upgrade_and_nothing_changes(
    at_first_revision: Flask,
) -> None:
    app = at_first_revision
    with engine_of(app).begin() as connection:
        connection.execute(sa.text("UPDATE expert SET state = 'dormant' WHERE id = 1"))
    before, tables = stored(app), described(engine_of(app))
    with pytest.raises(sa.exc.IntegrityError, match="ck_expert_state"):
        upgrade(app)
    assert (stored(app), described(engine_of(app))) == (before, tables)
    with pytest.raises(sa.exc.IntegrityError), engine_of(app).begin() as connection:
        connection.execute(sa.text("DELETE FROM expert"))
    with engine_of(app).begin() as connection:
        connection.execute(sa.text("UPDATE expert SET state = 'active' WHERE id = 1"))
    upgrade(app)
    with reading(app) as session:
        assert session.get(Expert, 1) is not None


def test_a_migration_that_breaks_a_reference_is_undone(
    at_first_revision: Flask, monkeypatch: pytest.MonkeyPatch, database_kind: str
) -> None:
    if database_kind == "postgresql":
        return  # PostgreSQL never lets go of references.
    app, rebuild = at_first_revision, migrating.rebuild
    before = stored(app)

    def careless(table: str, *arguments: Any) -> None:
        rebuild(table, *arguments)
        op.execute(sa.table(table).delete())

    monkeypatch.setattr(migrating, "rebuild", careless)
    with pytest.raises(RuntimeError, match="references lead nowhere"):
        upgrade(app)
    assert stored(app) == before


def test_a_table_is_rebuilt_only_while_foreign_keys_are_off(app: Flask, database_kind: str) -> None:
    """Otherwise dropping the old table would take what refers to its rows."""
    if database_kind == "postgresql":
        return
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    with (
        engine_of(app).begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
        pytest.raises(RuntimeError, match="foreign keys must be off"),
    ):
        migrating.rebuild("expert", str)


def test_an_account_without_an_address_gets_one_that_nobody_owns(empty_app: Flask) -> None:
    upgrade(empty_app)
    with writing(empty_app) as session:
        number = factories.account(session, Role.REQUESTER).id
    emptied = sa.text("UPDATE account SET email = ''")
    with pytest.raises(sa.exc.IntegrityError), engine_of(empty_app).begin() as connection:
        connection.execute(emptied)
    downgrade(empty_app, "0079")
    with engine_of(empty_app).begin() as connection:
        connection.execute(emptied)
    upgrade(empty_app)
    (kept,) = stored(empty_app)["account"]
    assert kept["email"] == f"without-address-{number}@none.invalid"


def test_reasons_in_words_become_rows_that_can_be_emptied_and_come_back(empty_app: Flask) -> None:
    upgrade(empty_app)
    with writing(empty_app) as session:
        match = factories.match(session, MatchState.CANCELLED)
        expert = match.expert
        request = factories.request(session, RequestState.ACCEPTED)
        factories.match(session, MatchState.INVITED, request=request)
        work = factories.work(session, request.requester)
        requests.take(work, request, RequestStep.WITHDRAW, factories.grounds(text="Postponed."))
    downgrade(empty_app, "0014")
    before = stored(empty_app)
    texts = {row["id"]: row["reason"] for row in before["match"]}
    assert texts == {1: factories.grounds().text, 2: "Postponed."}
    told = [
        json.loads(row["words"]) if isinstance(row["words"], str) else row["words"]
        for row in before["notice"]
    ]
    assert "Postponed." in [words["reason"] for words in told]
    # A log of that time holds the texts themselves.
    with engine_of(empty_app).begin() as connection:
        number = connection.execute(sa.text("SELECT max(id) FROM audit_event")).scalar_one()
        insert = audit_line(number, expert.id, factories.grounds().text)
        connection.execute(sa.text(insert))
    before = stored(empty_app)
    upgrade(empty_app)
    after = stored(empty_app)
    kept = {row["id"]: row for row in after["reason"]}
    found = kept[next(row["reason_id"] for row in after["match"] if row["id"] == 1)]
    assert (found["kind"], found["text"]) == ("other", factories.grounds().text)
    assert (found["person_table"], found["person_id"], found["written_by"]) == ("expert", 1, 77)
    assert "Postponed." not in repr(after["notice"])
    assert {kept[row["reason_id"]]["text"] for row in after["notice"] if row["reason_id"]} == set(
        texts.values()
    )
    downgrade(empty_app, "0014")
    assert {row["id"]: row["reason"] for row in stored(empty_app)["match"]} == texts
    assert stored(empty_app)["deployment"] == before["deployment"]


def test_whom_notices_name_is_noted_of_all_that_there_are(empty_app: Flask) -> None:
    upgrade(empty_app)
    with writing(empty_app) as session:
        factories.account(session, Role.COORDINATOR)
        match = factories.match(session, MatchState.INVITED)
        matches.take(factories.work(session, match.expert.account), match, MatchStep.ACCEPT)
    before = stored(empty_app)["notice_person"]
    assert {(row["person_table"], row["person_id"]) for row in before} > {("expert", 1)}
    downgrade(empty_app, "0071")
    # More than a batch; the last of them alone names somebody else.
    with engine_of(empty_app).begin() as connection:
        found = sa.Table("notice", sa.MetaData(), autoload_with=connection)
        row = dict(connection.execute(found.select().limit(1)).mappings().one())
        number = connection.scalar(sa.select(sa.func.max(found.c.id)))
        row["words"] = {"about": [{"name": "Somebody", "person": ["account", 99]}], "text": "x"}
        more = [row | {"id": number + step, "words": {}} for step in range(1, 2100)]
        connection.execute(found.insert(), [*more, row | {"id": number + 2100}])
    upgrade(empty_app)
    assert stored(empty_app)["notice_person"] == []
    with reading(empty_app) as session:
        assert invariants.run(session) == []
    with empty_app.app_context():
        messages_sweep.note_people()
    last = {"notice_id": number + 2100, "person_table": "account", "person_id": 99}
    assert stored(empty_app)["notice_person"] == sorted([*before, last], key=repr)
    with reading(empty_app) as session:
        assert invariants.run(session) == []
        assert not queries.is_any_unnoted(session, clock.now())


def audit_line(after: int, expert_id: int, reason: str) -> str:
    """Return the statement that writes an event with a text as its reason."""
    return (
        "INSERT INTO audit_event (id, at, actor_id, role, action, subject, subject_id, reason,"  # noqa: S608
        f" details, previous, hash) VALUES ({after + 1}, '2026-01-01 00:00:00+00:00', 77,"
        f" 'coordinator', 'match: cancel', 'match', 1, '{reason}',"
        f" '{{\"expert_id\": {expert_id}}}', 'x', 'y')"
    )


def test_a_release_is_for_the_days_in_the_log_and_awaits_an_answer_only_if_one_was_asked_for(
    empty_app: Flask,
) -> None:
    upgrade(empty_app)
    cases = (Case(empty_app), Case(empty_app))
    asked, answered = (release(case, case.consider(MatchState.RELEASE_ASKED)) for case in cases)
    cases[0].move()
    downgrade(empty_app, "0110")
    with engine_of(empty_app).begin() as connection:
        connection.execute(sa.text("UPDATE match SET reply_by = '2031-01-01'"))
    upgrade(empty_app)
    for case, match, awaits in (*cases[:1], asked, True), (*cases[1:], answered, False):
        assert released_for(case, match) == AGREED
        with reading(empty_app) as session:
            assert (session.get_one(Match, match.id).reply_by is not None) is awaits


def test_a_letter_is_for_the_days_of_the_release_that_it_gave(empty_app: Flask) -> None:
    upgrade(empty_app)
    noted, given = Case(empty_app), Case(empty_app)
    for case in (noted, given):
        match = release(case, case.consider(MatchState.RELEASE_ASKED))
        case.move()
        if case is given:
            continue
        with writing(empty_app) as session:
            found, step = session.get_one(Match, match.id), MatchStep.RECORD_RELEASE
            work = factories.work(session, case.office)
            matches.take(work, found, step, factories.requests.RELEASED)
    before = stored(empty_app)["release_letter"]
    downgrade(empty_app, "0112")
    upgrade(empty_app)
    after = stored(empty_app)["release_letter"]
    assert after == before
    assert {(str(one["released_start"]), str(one["released_end"])) for one in after} == {
        ("2031-05-05", "2031-05-09")
    }
