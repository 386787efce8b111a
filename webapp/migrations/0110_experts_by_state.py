"""What the work queue asks of the roster is found by the state, without all profiles."""

from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_index("ix_expert_state_account_id", "expert", ["state", "account_id"])
    op.create_index("ix_expert_state_approved_until", "expert", ["state", "approved_until"])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index("ix_expert_state_approved_until", "expert")
    op.drop_index("ix_expert_state_account_id", "expert")
