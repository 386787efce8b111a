"""Matches say why their expert was approved without a release, for what their mission needs."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_reference, drop_reference

revision = "0058"
down_revision = "0054"
branch_labels = None
depends_on = None

COLUMN = "unreleased_reason_id"
APPROVALS = sa.text(
    "SELECT subject_id, details FROM audit_event"
    " WHERE subject = 'match' AND action = 'match: approve' ORDER BY id"
)
# A reason that was erased since is not there any more.
SET = sa.text(
    f"UPDATE match SET {COLUMN} = :reason WHERE id = :match"  # noqa: S608 - no input.
    " AND EXISTS (SELECT 1 FROM reason WHERE reason.id = :reason)"
)


def upgrade() -> None:
    """Bring the tables to this revision; the audit log knows the reasons of former approvals."""
    add_reference("match", COLUMN, "reason", ondelete="RESTRICT")
    last = {row.subject_id: _reason_in(row.details) for row in op.get_bind().execute(APPROVALS)}
    for match, reason in last.items():
        if reason is not None:
            op.get_bind().execute(SET, {"match": match, "reason": reason})


def _reason_in(details: Any) -> int | None:
    """Return the number of the reason in an event; before there were numbers it had none."""
    read = json.loads(details) if isinstance(details, str) else details
    number = (read or {}).get("reason_id")
    return int(number) if number is not None else None


def downgrade() -> None:
    """Bring the tables back; the audit log still knows the reasons."""
    drop_reference("match", COLUMN, "reason", ondelete="RESTRICT")
