"""Of a release that was answered no answer is awaited any more."""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the rows to this revision: the day is kept alone where an authority was asked anew, and
    has not answered since."""
    op.execute(
        sa.text(
            "UPDATE match SET reply_by = NULL WHERE released_start IS NOT NULL"
            " AND state IN ('released', 'approved', 'proposed', 'selected', 'alternate')"
            " AND NOT EXISTS (SELECT 1 FROM audit_event AS asked WHERE asked.subject = 'match'"
            " AND asked.subject_id = match.id"
            " AND asked.action = 'match: ask for release anew'"
            " AND NOT EXISTS (SELECT 1 FROM audit_event AS answered"
            " WHERE answered.subject = 'match' AND answered.subject_id = match.id"
            " AND answered.id > asked.id AND answered.action IN"
            " ('match: release', 'match: record the release')))"
        )
    )


def downgrade() -> None:
    """Leave the rows as they are: a day that has passed is not known any more, nor needed."""
