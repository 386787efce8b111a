"""What somebody has done lately is found in the log without all that they have ever done."""

from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_index("ix_audit_event_actor_id_at", "audit_event", ["actor_id", "at"])
    op.drop_index("ix_audit_event_actor_id", "audit_event")


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.create_index("ix_audit_event_actor_id", "audit_event", ["actor_id"])
    op.drop_index("ix_audit_event_actor_id_at", "audit_event")
