"""The order in which a coordinator has seen a ranking is kept until they come back to it."""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "ranking_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_ranking_look_{column}_{table}"),
                ondelete="CASCADE",
            )
            for column, table in (("account_id", "account"), ("request_id", "expertise_request"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_look")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_ranking_look_account_id_request_id"), "ranking_look", ["account_id", "request_id"]
    )
    op.create_index(op.f("ix_ranking_look_request_id"), "ranking_look", ["request_id"])
    op.create_table(
        "seen_place",
        sa.Column("look_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("place > 0", name=op.f("ck_seen_place_place")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_seen_place_{column}_{table}"),
                ondelete="CASCADE",
            )
            for column, table in (("look_id", "ranking_look"), ("expert_id", "expert"))
        ),
        sa.PrimaryKeyConstraint("look_id", "expert_id", name=op.f("pk_seen_place")),
    )
    op.create_index(op.f("ix_seen_place_expert_id"), "seen_place", ["expert_id"])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("seen_place")
    op.drop_table("ranking_look")
