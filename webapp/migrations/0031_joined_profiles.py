"""Profiles of one person that were joined, and people who look alike and are two."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "profile_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", moment, nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("left_behind", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_profile_merge_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_merge")),
        sa.UniqueConstraint("gone_id", name=op.f("uq_profile_merge_gone_id")),
    )
    op.create_index(op.f("ix_profile_merge_expert_id"), "profile_merge", ["expert_id"])
    op.create_table(
        "different_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("said_at", moment, nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("expert_id < other_id", name=op.f("ck_different_people_in_order")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["expert.id"],
                name=op.f(f"fk_different_people_{column}_expert"),
                ondelete="CASCADE",
            )
            for column in ("expert_id", "other_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_different_people")),
        sa.UniqueConstraint(
            "expert_id", "other_id", name=op.f("uq_different_people_expert_id_other_id")
        ),
    )
    op.create_index(op.f("ix_different_people_other_id"), "different_people", ["other_id"])


def downgrade() -> None:
    """Bring the tables back; what was joined stays joined, and its old numbers lead nowhere."""
    op.drop_table("different_people")
    op.drop_table("profile_merge")
