"""What professionals expect in a profile, and who confirms a piece of evidence."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks, one_of

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
NATO_RANKS = (*(f"OF-{number}" for number in range(1, 11)), *(f"OR-{n}" for n in range(1, 10)))
# The columns that hold one of some words, with the words.
WORDS = {
    ("expert", "nato_rank"): NATO_RANKS,
    ("expert", "service"): ("serving", "retired", "left"),
    ("expert_theme", "level"): ("familiar", "experienced", "leading"),
    ("language_skill", "listening"): LEVELS,
    ("language_skill", "speaking"): LEVELS,
    ("language_skill", "reading"): LEVELS,
    ("language_skill", "writing"): LEVELS,
}
TRAININGS = ("course", "certificate", "instructor", "degree", "clearance")
NUMBERS = {
    "service_since": "service_since IS NULL OR service_since BETWEEN 1950 AND 2100",
    "most_missions": "most_missions IS NULL OR most_missions BETWEEN 1 AND 12",
}
# The columns that hold a text, with its longest.
TEXTS = {
    ("expert", "entity"): 100,
    ("expert", "unit"): 200,
    ("expert", "ways"): 200,
    ("expert", "english_summary"): None,
    ("evidence", "place"): 200,
    ("evidence", "role"): 200,
    ("evidence", "ways"): 200,
    ("language_skill", "stanag"): 11,
}


def upgrade() -> None:
    """Bring the tables to this revision."""
    for (table, column), longest in TEXTS.items():
        kind = sa.Text() if longest is None else sa.String(length=longest)
        op.add_column(table, sa.Column(column, kind, server_default=sa.text("''"), nullable=False))
    for table, column in WORDS:
        op.add_column(table, sa.Column(column, sa.String(length=32), nullable=True))
    for column in NUMBERS:
        op.add_column("expert", sa.Column(column, sa.Integer(), nullable=True))
    op.add_column(
        "evidence",
        sa.Column("kept_out", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "training",
        sa.Column("kind", sa.String(length=32), server_default=sa.text("'course'"), nullable=False),
    )
    for table, checks in _checks().items():
        add_checks(table, checks)
    _create_tables()


def _checks() -> dict[str, dict[str, str]]:
    checks: dict[str, dict[str, str]] = {
        "expert": {f"ck_expert_{name}": rule for name, rule in NUMBERS.items()},
        "training": {"ck_training_kind": one_of("kind", TRAININGS)},
    }
    for (table, column), words in WORDS.items():
        checks.setdefault(table, {})[f"ck_{table}_{column}"] = one_of(column, words)
    return checks


def _create_tables() -> None:
    op.create_table(
        "evidence_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            one_of("state", ("asked", "confirmed", "refused", "changed")),
            name=op.f("ck_evidence_confirmation_state"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_evidence_confirmation_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name=op.f("fk_evidence_confirmation_evidence_id_evidence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_confirmation")),
        sa.UniqueConstraint("evidence_id", name=op.f("uq_evidence_confirmation_evidence_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_evidence_confirmation_token_hash")),
    )
    op.create_index(
        op.f("ix_evidence_confirmation_expert_id"), "evidence_confirmation", ["expert_id"]
    )
    op.create_table(
        "jurisdiction_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            one_of("kind", ("sensitive", "known")), name=op.f("ck_jurisdiction_note_kind")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_jurisdiction_note_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jurisdiction_note")),
        sa.UniqueConstraint(
            "expert_id", "code", "kind", name=op.f("uq_jurisdiction_note_expert_id_code_kind")
        ),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("jurisdiction_note")
    op.drop_table("evidence_confirmation")
    for table, checks in _checks().items():
        drop_checks(table, list(checks))
    op.drop_column("training", "kind")
    op.drop_column("evidence", "kept_out")
    for column in NUMBERS:
        op.drop_column("expert", column)
    for table, column in (*WORDS, *TEXTS):
        op.drop_column(table, column)
