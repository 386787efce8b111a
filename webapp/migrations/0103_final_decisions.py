"""A decision that keeps somebody off the roster can be final: a further kind of reason."""

from alembic import op

from webapp.core.schema.migrating import change_checks, one_of

revision = "0103"
down_revision = "0097"
branch_labels = None
depends_on = None

KINDS = (
    "dates", "language", "subject", "not then", "conflict of interest", "superior", "personal",
    "needed at home", "no means", "another expert", "not needed", "by telephone", "in writing",
    "in person", "no release needed", "released before", "free again", "released after all",
    "mistake", "says too little", "knows place", "asked for", "for team", "can be settled",
    "outside", "asked twice", "too late", "need gone", "found elsewhere", "put off",
    "nobody fits", "nobody free", "nobody chosen", "owner away", "owner left", "agreed", "own wish",
    "left service", "to be checked", "not confirmed", "no official", "has account", "report",
    "preparing", "letters", "authorities", "upkeep", "filled", "left roster", "comment", "other",
)  # fmt: skip
# It stands where the list of the model has it.
AT = KINDS.index("no official")


def upgrade() -> None:
    """Bring the tables to this revision; the former code offers no final decision."""
    kinds = (*KINDS[:AT], "final", *KINDS[AT:])
    change_checks("reason", {"ck_reason_kind": one_of("kind", kinds)})


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.execute("UPDATE reason SET kind = 'other' WHERE kind = 'final'")
    change_checks("reason", {"ck_reason_kind": one_of("kind", KINDS)})
