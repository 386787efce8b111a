"""A match keeps the days for which the authority has released its expert."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

CHECKS = {
    "ck_match_released": (
        "(released_start IS NULL) = (released_end IS NULL)"
        " AND (released_start IS NULL OR released_end >= released_start)"
    )
}


def upgrade() -> None:
    """Bring the tables to this revision: a release that stands is for the days that the mission had
    when it was given, which the log tells."""
    op.add_column("match", sa.Column("released_start", sa.Date(), nullable=True))
    op.add_column("match", sa.Column("released_end", sa.Date(), nullable=True))
    add_checks("match", CHECKS)
    connection = op.get_bind()
    for number, first, last in _released(connection):
        connection.execute(
            sa.text(
                "UPDATE match SET released_start = :first, released_end = :last WHERE id = :number"
            ).bindparams(
                sa.bindparam("first", date.fromisoformat(str(first)), sa.Date()),
                sa.bindparam("last", date.fromisoformat(str(last)), sa.Date()),
                number=number,
            )
        )


def _released(connection: sa.Connection) -> Iterator[tuple[int, Any, Any]]:
    """Yield each match that was released, and for which days."""
    rows = connection.execute(
        sa.text(
            'SELECT m.id, m.request_id, r.start AS first, r."end" AS last, r.moved_start,'
            " r.moved_end, (SELECT max(e.id) FROM audit_event e WHERE e.subject = 'match'"
            " AND e.subject_id = m.id AND e.action IN ('match: release',"
            " 'match: record the release')) AS released"
            " FROM match m JOIN expertise_request r ON r.id = m.request_id"
            " WHERE m.unreleased_reason_id IS NULL AND m.state IN ('released', 'approved',"
            " 'proposed', 'selected', 'alternate') AND r.start IS NOT NULL"
            ' AND r."end" IS NOT NULL'
        )
    ).all()
    moves = connection.execute(
        sa.text(
            "SELECT id, request_id, details FROM audit_event WHERE action = 'request moved'"
            " ORDER BY id"
        )
    ).all()
    for row in rows:
        if row.released is None:
            continue
        later = [one for one in moves if one.request_id == row.request_id and one.id > row.released]
        if later:
            details = later[0].details
            said = details if isinstance(details, dict) else json.loads(details)
            first, last = said["before"].split(" to ")
        else:
            first, last = row.moved_start or row.first, row.moved_end or row.last
        yield row.id, first, last


def downgrade() -> None:
    """Bring the tables back to the revision before, where a release has no days."""
    drop_checks("match", list(CHECKS))
    op.drop_column("match", "released_end")
    op.drop_column("match", "released_start")
