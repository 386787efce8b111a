"""Considerations that do not count in the ranking of a request."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "ignored_consideration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_ignored_consideration_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ignored_consideration")),
        sa.UniqueConstraint(
            "request_id", "name", name=op.f("uq_ignored_consideration_request_id_name")
        ),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("ignored_consideration")
