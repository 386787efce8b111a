"""Briefing packs of missions are made by the job worker."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import one_of

revision = "0052"
down_revision = "0050"
branch_labels = None
depends_on = None

STATES = ("waiting", "at work", "ready", "failed")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "briefing_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(one_of("state", STATES), name=op.f("ck_briefing_pack_state")),
        sa.CheckConstraint(
            "(content IS NOT NULL) = (state = 'ready')", name=op.f("ck_briefing_pack_made")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
            name=op.f("fk_briefing_pack_deployment_id_deployment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_pack")),
        sa.UniqueConstraint(
            "deployment_id", "asked_by", name=op.f("uq_briefing_pack_deployment_id_asked_by")
        ),
    )
    for column in ("asked_by", "asked_at", "state"):
        op.create_index(op.f(f"ix_briefing_pack_{column}"), "briefing_pack", [column])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("briefing_pack")
