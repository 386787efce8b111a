"""Requests have files, and a release its signed letter."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0036"
branch_labels = None
depends_on = None

KINDS = "kind IN ('pdf', 'docx', 'odt', 'jpg', 'png')"
SIZE = "length(content) = size AND size BETWEEN 1 AND 5000000"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "request_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("for_invited", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        *_columns(),
        sa.CheckConstraint(KINDS, name=op.f("ck_request_file_kind")),
        sa.CheckConstraint(SIZE, name=op.f("ck_request_file_size")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_request_file_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_file")),
    )
    op.create_index(op.f("ix_request_file_request_id"), "request_file", ["request_id"])
    op.create_table(
        "release_letter_file",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        *_columns(),
        sa.CheckConstraint(KINDS, name=op.f("ck_release_letter_file_kind")),
        sa.CheckConstraint(SIZE, name=op.f("ck_release_letter_file_size")),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["release_letter.id"],
            name=op.f("fk_release_letter_file_letter_id_release_letter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_release_letter_file")),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before; the files are lost."""
    op.drop_table("release_letter_file")
    op.drop_table("request_file")


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    ]
