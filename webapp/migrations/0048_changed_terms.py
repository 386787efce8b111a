"""Terms of reference that were accepted can change, when the other side agrees."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import one_of

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

STATES = ("with SEESAC", "with requester", "agreed", "refused", "taken back")
OPEN = sa.text("state IN ('with SEESAC', 'with requester')")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("into_version", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(one_of("state", STATES), name=op.f("ck_amendment_state")),
        sa.CheckConstraint(
            "(into_version IS NOT NULL) = (state = 'agreed')",
            name=op.f("ck_amendment_agreed_makes_version"),
        ),
        sa.CheckConstraint("into_version > from_version", name=op.f("ck_amendment_versions_rise")),
        sa.CheckConstraint(
            "answer_id IS NOT NULL OR state <> 'refused'",
            name=op.f("ck_amendment_refused_in_words"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_amendment_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"],
            ["reason.id"],
            name=op.f("fk_amendment_reason_id_reason"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["reason.id"],
            name=op.f("fk_amendment_answer_id_reason"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint(
            "request_id", "into_version", name=op.f("uq_amendment_request_id_into_version")
        ),
    )
    for column in ("request_id", "proposed_by", "reason_id", "answer_id"):
        op.create_index(op.f(f"ix_amendment_{column}"), "amendment", [column])
    op.create_index(
        "uq_amendment_open",
        "amendment",
        ["request_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Bring the tables back to the revision before; what was agreed stays a version."""
    op.drop_table("amendment")
