"""Reports on missions have files."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import one_of

revision = "0054"
down_revision = "0052"
branch_labels = None
depends_on = None

KINDS = ("pdf", "docx", "odt", "jpg", "png")
SIZE = "length(content) = size AND size BETWEEN 1 AND 5000000"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "mission_report_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_mission_report_file_kind")),
        sa.CheckConstraint(SIZE, name=op.f("ck_mission_report_file_size")),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["mission_report.id"],
            name=op.f("fk_mission_report_file_report_id_mission_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_report_file")),
    )
    for column in ("report_id", "added_by"):
        op.create_index(op.f(f"ix_mission_report_file_{column}"), "mission_report_file", [column])


def downgrade() -> None:
    """Bring the tables back to the revision before; the files are lost."""
    op.drop_table("mission_report_file")
