"""The letter of a release keeps the days for which it was written."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None

CHECKS = {
    "ck_release_letter_released": (
        "(released_start IS NULL) = (released_end IS NULL)"
        " AND (released_start IS NULL OR released_end >= released_start)"
    )
}
# Whether SEESAC has noted an answer since the letter was written.
NOTED_SINCE = (
    "EXISTS (SELECT 1 FROM audit_event AS noted WHERE noted.subject = 'match'"
    " AND noted.subject_id = release_letter.match_id"
    " AND noted.action = 'match: record the release'"
    " AND noted.id > (SELECT max(written.id) FROM audit_event AS written"
    " WHERE written.subject = 'match' AND written.subject_id = release_letter.match_id"
    " AND written.action = 'match: release'))"
)


def upgrade() -> None:
    """Bring the tables to this revision: a letter is for the days of the release, or, where SEESAC
    has noted another answer since, for those that were agreed."""
    op.add_column("release_letter", sa.Column("released_start", sa.Date(), nullable=True))
    op.add_column("release_letter", sa.Column("released_end", sa.Date(), nullable=True))
    add_checks("release_letter", CHECKS)
    _fill(
        "SELECT m.released_start AS first, m.released_end AS last FROM match AS m"
        " WHERE m.id = release_letter.match_id",
        f"NOT {NOTED_SINCE}",
    )
    _fill(
        'SELECT r.start AS first, r."end" AS last FROM match AS m'
        " JOIN expertise_request AS r ON r.id = m.request_id"
        " WHERE m.id = release_letter.match_id"
        ' AND r.start IS NOT NULL AND r."end" IS NOT NULL',
        NOTED_SINCE,
    )


def _fill(days: str, which: str) -> None:
    op.execute(
        sa.text(
            f"UPDATE release_letter SET released_start = (SELECT first FROM ({days}) AS d),"  # noqa: S608
            f" released_end = (SELECT last FROM ({days}) AS d) WHERE {which}"
        )
    )


def downgrade() -> None:
    """Bring the tables back to the revision before, where a letter has no days."""
    drop_checks("release_letter", list(CHECKS))
    op.drop_column("release_letter", "released_end")
    op.drop_column("release_letter", "released_start")
