"""What a file with people of the roster is for: further kinds of reasons."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import change_checks, one_of

revision = "0092"
down_revision = "0099"
branch_labels = None
depends_on = None

KINDS = (
    "dates", "language", "subject", "not then", "conflict of interest", "superior", "personal",
    "needed at home", "no means", "another expert", "not needed", "by telephone", "in writing",
    "in person", "no release needed", "released before", "free again", "released after all",
    "mistake", "says too little", "knows place", "asked for", "for team", "can be settled",
    "outside", "asked twice", "too late", "need gone", "found elsewhere", "put off",
    "nobody fits", "nobody free", "nobody chosen", "owner away", "owner left", "agreed", "own wish",
    "left service", "to be checked", "not confirmed", "no official", "has account", "filled",
    "left roster", "comment", "other",
)  # fmt: skip
# They stand where the list of the model has them.
AT = KINDS.index("filled")
PURPOSES = ("report", "preparing", "letters", "authorities", "upkeep")


def upgrade() -> None:
    """Bring the tables to this revision; the former code asks for no purpose."""
    kinds = (*KINDS[:AT], *PURPOSES, *KINDS[AT:])
    change_checks("reason", {"ck_reason_kind": one_of("kind", kinds)})


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.execute(
        sa.text("UPDATE reason SET kind = 'other' WHERE kind IN :kinds").bindparams(
            sa.bindparam("kinds", PURPOSES, expanding=True)
        )
    )
    change_checks("reason", {"ck_reason_kind": one_of("kind", KINDS)})
