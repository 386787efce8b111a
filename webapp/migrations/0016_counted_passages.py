"""Passages of requests that coordinators have taken back into the ranking."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "counted_passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_counted_passage_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_passage")),
        sa.UniqueConstraint(
            "request_id", "digest", name=op.f("uq_counted_passage_request_id_digest")
        ),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("counted_passage")
