"""SEESAC comments at single fields of a request that it returns."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "field_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_field_comment_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_comment")),
        sa.UniqueConstraint(
            "request_id",
            "written_at",
            "field",
            name=op.f("uq_field_comment_request_id_written_at_field"),
        ),
    )
    for column in ("request_id", "written_by"):
        op.create_index(op.f(f"ix_field_comment_{column}"), "field_comment", [column])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("field_comment")
