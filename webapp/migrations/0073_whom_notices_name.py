"""Beside each notice stands whom it names; who wrote to a request or added a file is found by it."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0071"
branch_labels = None
depends_on = None

_BATCH = 1000
NOTICE = sa.table(
    "notice", sa.column("id"), sa.column("words", sa.JSON), sa.column("people_noted", sa.Boolean)
)
NAMED = sa.table(
    "notice_person", sa.column("notice_id"), sa.column("person_table"), sa.column("person_id")
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column(
        "notice",
        sa.Column("people_noted", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "notice_person",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("person_table", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notice.id"],
            name=op.f("fk_notice_person_notice_id_notice"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "notice_id", "person_table", "person_id", name=op.f("pk_notice_person")
        ),
    )
    _note_all()
    op.create_index(
        op.f("ix_notice_person_person_table_person_id"),
        "notice_person",
        ["person_table", "person_id"],
    )
    op.create_index(
        "ix_notice_people_not_noted",
        "notice",
        ["id"],
        sqlite_where=sa.text("people_noted = 0"),
        postgresql_where=sa.text("NOT people_noted"),
    )
    op.create_index(op.f("ix_request_message_written_by"), "request_message", ["written_by"])
    op.create_index(op.f("ix_request_file_added_by"), "request_file", ["added_by"])


def _note_all() -> None:
    """Note whom the notices name that there are; a batch at a time, for there may be many."""
    run = op.get_bind().execute
    chosen = sa.select(NOTICE.c.id, NOTICE.c.words).order_by(NOTICE.c.id).limit(_BATCH)
    last = 0
    while rows := run(chosen.where(NOTICE.c.id > last)).all():
        named = [
            {"notice_id": row.id, "person_table": table, "person_id": number}
            for row in rows
            for table, number in sorted(set(_people_in(row.words)))
        ]
        if named:
            run(sa.insert(NAMED), named)
        last = rows[-1].id
    run(sa.update(NOTICE).values(people_noted=True))


def _people_in(stored: Any) -> Iterator[tuple[str, int]]:
    """Yield whom a stored text names, as they are stored at this revision."""
    if isinstance(stored, dict) and "person" in stored:
        table, number = stored["person"]
        yield table, number
    elif isinstance(stored, dict | list):
        for one in stored.values() if isinstance(stored, dict) else stored:
            yield from _people_in(one)


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index(op.f("ix_request_file_added_by"), table_name="request_file")
    op.drop_index(op.f("ix_request_message_written_by"), table_name="request_message")
    op.drop_index("ix_notice_people_not_noted", table_name="notice")
    op.drop_table("notice_person")
    op.drop_column("notice", "people_noted")
