"""Somebody who declines can say on which other days it would be possible."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, change_checks, drop_checks, one_of

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KINDS = (
    "dates", "language", "subject", "conflict of interest", "superior", "personal",
    "needed at home", "no means", "another expert", "not needed", "by telephone", "in writing",
    "in person", "no release needed", "released before", "free again", "released after all",
    "mistake", "outside", "asked twice", "too late", "need gone", "found elsewhere", "put off",
    "nobody fits", "nobody free", "nobody chosen", "owner away", "owner left", "agreed", "own wish",
    "left service", "to be checked", "not confirmed", "filled", "left roster", "comment", "other",
)  # fmt: skip
# It stands where the list of the model has it.
WITH_OTHER_DAYS = (*KINDS[:3], "not then", *KINDS[3:])
DAYS = "(first_day IS NULL) = (last_day IS NULL) AND (first_day IS NULL OR last_day >= first_day)"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("reason", sa.Column("first_day", sa.Date(), nullable=True))
    op.add_column("reason", sa.Column("last_day", sa.Date(), nullable=True))
    add_checks("reason", {"ck_reason_days": DAYS})
    change_checks("reason", {"ck_reason_kind": one_of("kind", WITH_OTHER_DAYS)})


def downgrade() -> None:
    """Bring the tables back; the former code reads that the dates did not fit."""
    op.execute("UPDATE reason SET kind = 'dates' WHERE kind = 'not then'")
    change_checks("reason", {"ck_reason_kind": one_of("kind", KINDS)})
    drop_checks("reason", ["ck_reason_days"])
    op.drop_column("reason", "first_day")
    op.drop_column("reason", "last_day")
