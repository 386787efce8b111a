"""Imports of a roster that was kept elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

STATES = (
    "read", "to check", "checked", "to store", "done", "undone", "dropped", "failed",
)  # fmt: skip


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "column_choice",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_column_choice")),
    )
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="state", native_enum=False, length=32,
                                   create_constraint=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("header_row", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("twins", sa.Enum("leave", "fill", name="twins", native_enum=False, length=32,
                                   create_constraint=True), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(stored_at IS NOT NULL) = (state IN ('done', 'undone'))",
            name=op.f("ck_roster_import_stored"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["organisation.id"], ondelete="RESTRICT",
            name=op.f("fk_roster_import_authority_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )  # fmt: skip
    for column in ("state", "sent_by", "authority_id"):
        op.create_index(op.f(f"ix_roster_import_{column}"), "roster_import", [column])
    op.create_table(
        "imported_table",
        sa.Column("import_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_import.id"], ondelete="CASCADE",
            name=op.f("fk_imported_table_import_id_roster_import"),
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_imported_table")),
    )  # fmt: skip
    op.create_table(
        "imported_expert",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("was_added", sa.Boolean(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_import.id"], ondelete="CASCADE",
            name=op.f("fk_imported_expert_import_id_roster_import"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["expert.id"], ondelete="CASCADE",
            name=op.f("fk_imported_expert_expert_id_expert"),
        ),
        sa.PrimaryKeyConstraint("import_id", "expert_id", name=op.f("pk_imported_expert")),
    )  # fmt: skip
    op.create_index(op.f("ix_imported_expert_expert_id"), "imported_expert", ["expert_id"])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    for name in ("imported_expert", "imported_table", "roster_import", "column_choice"):
        op.drop_table(name)
