"""What coordinators note about experts."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "coordinator_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", moment, nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(changed_at IS NULL) = (changed_by IS NULL)",
            name=op.f("ck_coordinator_note_changed"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_coordinator_note_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordinator_note")),
    )
    op.create_index(op.f("ix_coordinator_note_expert_id"), "coordinator_note", ["expert_id"])


def downgrade() -> None:
    """Bring the tables back; the notes are gone."""
    op.drop_table("coordinator_note")
