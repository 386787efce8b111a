"""Themes that administrators keep, and their synonyms."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; all themes that are there came from the file."""
    op.add_column("theme", sa.Column("shipped_label", sa.String(length=120), nullable=True))
    op.add_column(
        "theme", sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute("UPDATE theme SET shipped_label = label")
    op.create_table(
        "theme_synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_code", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("wording", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_theme_synonym_theme_code_theme"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_synonym")),
        sa.UniqueConstraint("language", "folded", name=op.f("uq_theme_synonym_language_folded")),
    )  # fmt: skip
    op.create_index(op.f("ix_theme_synonym_theme_code"), "theme_synonym", ["theme_code"])
    revision_row = op.create_table(
        "themes_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_themes_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes_revision")),
    )
    op.bulk_insert(revision_row, [{"id": 1, "value": 1}])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("themes_revision")
    op.drop_table("theme_synonym")
    op.drop_column("theme", "retired")
    op.drop_column("theme", "shipped_label")
