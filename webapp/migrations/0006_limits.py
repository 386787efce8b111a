"""Counters of how often somebody tried something."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "limit_counter",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_counter")),
    )
    op.create_index(op.f("ix_limit_counter_expires_at"), "limit_counter", ["expires_at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("limit_counter")
