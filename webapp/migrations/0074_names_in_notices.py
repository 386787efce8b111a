"""Notices beside which something else stood than a name are read once more by the job worker.

A fact of a text that was called "person" was taken for a name. SQLite kept it; PostgreSQL did not.
"""

from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

_NO_NAMES = "FROM notice_person WHERE person_table = 'name'"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.execute(
        f"UPDATE notice SET people_noted = false WHERE id IN (SELECT notice_id {_NO_NAMES})"  # noqa: S608 - No input.
    )
    op.execute(f"DELETE {_NO_NAMES}")


def downgrade() -> None:
    """Bring the tables back to the revision before, which is the same."""
