"""Whoever is chosen before others that fit better is chosen with a reason, which can be counted."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import (
    add_checks,
    add_reference,
    change_checks,
    drop_checks,
    drop_reference,
    one_of,
)

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KINDS = (
    "dates", "language", "subject", "not then", "conflict of interest", "superior", "personal",
    "needed at home", "no means", "another expert", "not needed", "by telephone", "in writing",
    "in person", "no release needed", "released before", "free again", "released after all",
    "mistake", "outside", "asked twice", "too late", "need gone", "found elsewhere", "put off",
    "nobody fits", "nobody free", "nobody chosen", "owner away", "owner left", "agreed", "own wish",
    "left service", "to be checked", "not confirmed", "filled", "left roster", "comment", "other",
)  # fmt: skip
# They stand where the list of the model has them.
AT = KINDS.index("outside")
OUT_OF_TURN = ("says too little", "knows place", "asked for", "for team", "can be settled")
MORE_KINDS = (*KINDS[:AT], *OUT_OF_TURN, *KINDS[AT:])
CHECKS = {
    "ck_match_out_of_turn": one_of("out_of_turn", ("far below", "ruled out", "nothing to go on")),
    "ck_match_out_of_turn_with_reason": "(out_of_turn IS NULL) = (choice_reason_id IS NULL)",
}


def upgrade() -> None:
    """Bring the tables to this revision; of what was chosen before, nobody gave a reason."""
    op.add_column("match", sa.Column("out_of_turn", sa.String(length=32), nullable=True))
    add_reference("match", "choice_reason_id", "reason", ondelete="RESTRICT")
    add_checks("match", CHECKS)
    change_checks("reason", {"ck_reason_kind": one_of("kind", MORE_KINDS)})


def downgrade() -> None:
    """Bring the tables back; the former code reads that there was another reason."""
    op.execute(
        sa.text("UPDATE reason SET kind = 'other' WHERE kind IN :kinds").bindparams(
            sa.bindparam("kinds", OUT_OF_TURN, expanding=True)
        )
    )
    change_checks("reason", {"ck_reason_kind": one_of("kind", KINDS)})
    drop_checks("match", list(CHECKS))
    drop_reference("match", "choice_reason_id", "reason", ondelete="RESTRICT")
    op.drop_column("match", "out_of_turn")
