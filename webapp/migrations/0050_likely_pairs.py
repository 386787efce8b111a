"""Who may stand on the roster twice is pointed out, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "likely_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("expert_id < other_id", name=op.f("ck_likely_pair_in_order")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["expert.id"],
                name=op.f(f"fk_likely_pair_{column}_expert"),
                ondelete="CASCADE",
            )
            for column in ("expert_id", "other_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likely_pair")),
        sa.UniqueConstraint(
            "expert_id", "other_id", name=op.f("uq_likely_pair_expert_id_other_id")
        ),
    )
    op.create_index(op.f("ix_likely_pair_other_id"), "likely_pair", ["other_id"])
    op.create_table(
        "pairs_sought",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_pairs_sought_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairs_sought")),
    )
    op.bulk_insert(
        sa.table("pairs_sought", sa.column("id"), sa.column("revision")), [{"id": 1, "revision": 0}]
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("pairs_sought")
    op.drop_table("likely_pair")
