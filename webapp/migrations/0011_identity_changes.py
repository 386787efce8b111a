"""Changes of who an expert is wait for a coordinator; matches keep who the expert was."""

import json

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import fill, one_of, rebuild

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATES = ("pending", "confirmed", "refused", "withdrawn")
PENDING = sa.text("state = 'pending'")
FIELDS = ("name", "post", "rank", "institution", "jurisdiction")


def upgrade() -> None:
    """Bring the tables to this revision; matches that exist keep who their expert is now."""
    op.create_table(
        "identity_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.String(length=100), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("jurisdiction", sa.String(length=3), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(one_of("state", STATES), name=op.f("ck_identity_change_state")),
        sa.CheckConstraint(
            "reason <> '' OR state <> 'refused'",
            name=op.f("ck_identity_change_refused_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_identity_change_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_change")),
    )
    op.create_index(op.f("ix_identity_change_expert_id"), "identity_change", ["expert_id"])
    op.create_index(
        "uq_identity_change_pending",
        "identity_change",
        ["expert_id"],
        unique=True,
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
    empty = sa.text("'{}'")
    op.add_column("match", sa.Column("identity", sa.JSON(), server_default=empty, nullable=False))
    experts = {
        row.id: {name: getattr(row, name) for name in FIELDS}
        for row in op.get_bind().execute(sa.text("SELECT * FROM expert"))
    }
    fill("match", "identity", lambda row: json.dumps(experts[row.expert_id]))
    _drop_default()


def _drop_default() -> None:
    """Let every further match say by itself who its expert is."""
    if op.get_bind().dialect.name == "sqlite":
        rebuild("match", lambda definition: definition.replace("JSON DEFAULT '{}'", "JSON"))
    else:
        op.alter_column("match", "identity", server_default=None)


def downgrade() -> None:
    """Take this revision back: changes that nobody has confirmed are gone."""
    op.drop_column("match", "identity")
    op.drop_table("identity_change")
