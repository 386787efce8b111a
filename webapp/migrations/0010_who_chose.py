"""Matches say who chose their expert, so that somebody else can be asked to approve."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; the audit log knows who chose in matches that exist."""
    op.add_column("match", sa.Column("put_forward_by", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE match SET put_forward_by = (SELECT audit_event.actor_id FROM audit_event"
        " WHERE audit_event.subject = 'match' AND audit_event.subject_id = match.id"
        " AND audit_event.action IN ('match: shortlist', 'match: reconsider')"
        " ORDER BY audit_event.id DESC LIMIT 1)"
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("match", "put_forward_by")
