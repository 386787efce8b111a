"""All documents of missions are made by the job worker, as briefing packs were.

Their table stays for the code before; packs that are kept there are asked for anew.
"""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import one_of

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

KINDS = (
    "terms-of-reference", "nomination-letter", "briefing-pack", "certificate",
    "thanks-to-expert", "thanks-to-authority",
)  # fmt: skip
STATES = ("waiting", "at work", "ready", "failed")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "mission_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_mission_document_kind")),
        sa.CheckConstraint(one_of("state", STATES), name=op.f("ck_mission_document_state")),
        sa.CheckConstraint(
            "(content IS NOT NULL) = (state = 'ready')", name=op.f("ck_mission_document_made")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_mission_document_match_id_match"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_document")),
        sa.UniqueConstraint(
            "match_id", "kind", "language", "asked_by",
            name=op.f("uq_mission_document_match_id_kind_language_asked_by"),
        ),
        sqlite_autoincrement=True,
    )  # fmt: skip
    for column in ("asked_by", "asked_at", "state"):
        op.create_index(op.f(f"ix_mission_document_{column}"), "mission_document", [column])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("mission_document")
