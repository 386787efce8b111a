"""Reasons are rows of their own: a kind for the record, and a text that can be removed.

Texts that stand in the audit log stay there, for nobody can write its chain anew; those of matches,
deployments, changes of who an expert is and notices move.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import (
    add_checks,
    add_reference,
    drop_checks,
    drop_reference,
    fill,
    one_of,
    rebuild,
)

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KINDS = (
    "dates", "language", "subject", "conflict of interest", "superior", "personal",
    "needed at home", "no means", "another expert", "not needed", "by telephone", "in writing",
    "in person", "no release needed", "released before", "free again", "released after all",
    "mistake", "outside", "asked twice", "too late", "need gone", "found elsewhere", "put off",
    "nobody fits", "nobody free", "nobody chosen", "owner away", "owner left", "agreed", "own wish",
    "left service", "to be checked", "not confirmed", "filled", "left roster", "comment", "other",
)  # fmt: skip
# What the platform gave as a reason was stored as a text, too.
GIVEN = {
    "The request has been filled.": "filled",
    "The profile is not active on the roster at present.": "left roster",
}
ENDED = {
    "match": (
        "ended_with_reason",
        "state NOT IN ('declined', 'refused', 'not selected', 'cancelled')",
    ),
    "deployment": ("ended_with_reason", "state <> 'cancelled'"),
    "identity_change": ("refused_with_reason", "state <> 'refused'"),
}
REASON = sa.table(
    "reason",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("text", sa.Text),
    sa.column("written_at", sa.DateTime(timezone=True)),
    sa.column("written_by", sa.Integer),
    sa.column("person_table", sa.String),
    sa.column("person_id", sa.Integer),
)
EVENT = sa.table(
    "audit_event",
    sa.column("reason", sa.Text),
    sa.column("actor_id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("details", sa.JSON),
)
# Of whom the row of each table tells, as the number of an expert.
EXPERTS = {
    "match": "SELECT id, reason, expert_id, state_since FROM match",
    "deployment": (
        "SELECT d.id, d.reason, m.expert_id, d.state_since"
        " FROM deployment d JOIN match m ON m.id = d.match_id"
    ),
    "identity_change": "SELECT id, reason, expert_id, state_since FROM identity_change",
}


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("person_table", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_reason_kind")),
        sa.CheckConstraint("text = '' OR removed_at IS NULL", name=op.f("ck_reason_removed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason")),
    )
    op.create_index(op.f("ix_reason_written_by"), "reason", ["written_by"])
    op.create_index(
        op.f("ix_reason_person_table_person_id"), "reason", ["person_table", "person_id"]
    )
    for table in (*ENDED, "notice"):
        add_reference(table, "reason_id", "reason", ondelete="RESTRICT")
    _move_texts()
    for table, (check, others) in ENDED.items():
        drop_checks(table, [f"ck_{table}_{check}"])
        op.drop_column(table, "reason")
        add_checks(table, {f"ck_{table}_{check}": f"reason_id IS NOT NULL OR {others}"})


def _move_texts() -> None:
    """Give each text a row, and each row that has one the number of that."""
    writers = _writers()
    for table, select in EXPERTS.items():
        rows = op.get_bind().execute(sa.text(select)).all()
        _refer(table, ((row.id, row.reason, ("expert", row.expert_id)) for row in rows), writers)
    _refer("notice", _of_notices(writers), writers)
    fill("notice", "words", lambda row: json.dumps(_without_reason(_read(row.words))))


def _writers() -> dict[str, sa.Row[Any]]:
    """Return the events of the log that hold a text as their reason, by the text."""
    events = op.get_bind().execute(sa.select(EVENT).where(EVENT.c.reason != ""))
    return {event.reason: event for event in events}


def _of_notices(writers: dict[str, sa.Row[Any]]) -> Iterator[tuple[int, str, tuple[str, int]]]:
    """Yield the notices that give a reason, each with the text and the person it is about.

    That is the expert of whom the log tells with the same text, or else the reader.
    """
    for row in op.get_bind().execute(sa.text("SELECT id, account_id, words FROM notice")).all():
        given = _read(row.words).get("reason") or ""
        text = given["text"] if isinstance(given, dict) else given
        expert = writers[text].details.get("expert_id") if text in writers else None
        yield row.id, text, ("expert", expert) if expert else ("account", row.account_id)


def _refer(
    table: str,
    texts: Iterable[tuple[int, str, tuple[str, int]]],
    writers: dict[str, sa.Row[Any]],
) -> None:
    connection = op.get_bind()
    known = {
        (row.text, row.kind, row.person_table, row.person_id): row.id
        for row in connection.execute(sa.select(REASON))
    }
    refer = sa.text(f'UPDATE "{table}" SET reason_id = :reason WHERE id = :id')  # noqa: S608
    for number, text, person in texts:
        if not text:
            continue
        kind = GIVEN.get(text, "other")
        left = "" if text in GIVEN else text
        key = (left, kind, *person)
        if key not in known:
            known[key] = _insert(left, kind, person, writers.get(text))
        connection.execute(refer, {"reason": known[key], "id": number})


def _insert(text: str, kind: str, person: tuple[str, int], event: sa.Row[Any] | None) -> int:
    """Write a reason and return its number; who wrote it and when the log has to know."""
    connection = op.get_bind()
    at = event.at if event else sa.func.current_timestamp()
    connection.execute(
        sa.insert(REASON).values(
            kind=kind,
            text=text,
            written_at=at,
            written_by=event.actor_id if event else None,
            person_table=person[0],
            person_id=person[1],
        )
    )
    newest: int = connection.execute(sa.select(sa.func.max(REASON.c.id))).scalar_one()
    return newest


def _read(stored: Any) -> dict[str, Any]:
    """Return a JSON column's value, which SQLite gives as text."""
    found: dict[str, Any] = json.loads(stored) if isinstance(stored, str) else stored
    return found


def _without_reason(words: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in words.items() if name != "reason"}


def downgrade() -> None:
    """Take this revision back: kinds are written out where there is no text."""
    sentences = {kind: text for text, kind in GIVEN.items()}
    texts = {
        row.id: row.text or sentences.get(row.kind, row.kind)
        for row in op.get_bind().execute(sa.select(REASON))
    }
    fill(
        "notice",
        "words",
        lambda row: json.dumps({**_read(row.words), "reason": texts.get(row.reason_id, "")}),
    )
    for table, (check, others) in ENDED.items():
        op.add_column(
            table, sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
        fill(table, "reason", lambda row: texts.get(row.reason_id, ""))
        _drop_default(table)
        drop_checks(table, [f"ck_{table}_{check}"])
        add_checks(table, {f"ck_{table}_{check}": f"reason <> '' OR {others}"})
    for table in (*ENDED, "notice"):
        drop_reference(table, "reason_id", "reason", ondelete="RESTRICT")
    op.drop_table("reason")


def _drop_default(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        rebuild(
            table, lambda definition: definition.replace("reason TEXT DEFAULT ''", "reason TEXT")
        )
    else:
        op.alter_column(table, "reason", server_default=None)
