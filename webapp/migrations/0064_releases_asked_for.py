"""When an authority was asked to release somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; the log knows who was asked since the last invitation."""
    op.add_column("match", sa.Column("release_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE match SET release_asked_at = (SELECT max(audit_event.at) FROM audit_event"
        " WHERE audit_event.subject = 'match' AND audit_event.subject_id = match.id"
        " AND audit_event.action = 'match: ask for release'"
        " AND audit_event.at >= match.invited_at)"
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("match", "release_asked_at")
