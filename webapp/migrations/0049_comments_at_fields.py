"""What SEESAC writes to requesters: comments at fields, summaries of experts in their language."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

CHECKS = {"ck_match_summary_in_a_language": "summary_written = '' OR summary_language IS NOT NULL"}


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
    op.add_column(
        "match",
        sa.Column("summary_written", sa.Text(), server_default=sa.text("''"), nullable=False),
    )
    op.add_column("match", sa.Column("summary_language", sa.String(length=8), nullable=True))
    add_checks("match", CHECKS)


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    drop_checks("match", list(CHECKS))
    op.drop_column("match", "summary_language")
    op.drop_column("match", "summary_written")
    op.drop_table("field_comment")
