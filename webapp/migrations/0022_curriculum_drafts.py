"""Drafts of profiles that were read in curricula."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "curriculum_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_curriculum_draft_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curriculum_draft")),
        sa.UniqueConstraint("expert_id", name=op.f("uq_curriculum_draft_expert_id")),
    )
    op.create_index(op.f("ix_curriculum_draft_read_at"), "curriculum_draft", ["read_at"])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("curriculum_draft")
