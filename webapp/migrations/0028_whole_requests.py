"""All that a request says: who asks, who pays what, security in two parts, whom it is for."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks, one_of

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLE = "expertise_request"
TEXTS = {"rank_wanted": 200, "office": 200, "authorised_contact": 200, "security_office": None}
NUMBERS = ("years_wanted", "audience_women", "audience_men")
COSTS = tuple(
    f"pays_{item}"
    for item in ("travel", "accommodation", "allowance", "insurance", "interpretation", "venue")
)
PAYERS = ("requester", "SEESAC", "UNDP office", "sending authority", "to be agreed")
CHECKS = {
    "years_wanted": "years_wanted IS NULL OR years_wanted BETWEEN 1 AND 40",
    "audience_women": "audience_women IS NULL OR audience_women BETWEEN 0 AND 10000",
    "audience_men": "audience_men IS NULL OR audience_men BETWEEN 0 AND 10000",
    "asked_by": one_of("asked_by", ("government", "UNDP office")),
    **{column: one_of(column, PAYERS) for column in COSTS},
}
_NAMED = {f"ck_{TABLE}_{name}": rule for name, rule in CHECKS.items()}


def upgrade() -> None:
    """Bring the tables to this revision; what is written of security stays for experts."""
    for column, longest in TEXTS.items():
        kind = sa.Text() if longest is None else sa.String(length=longest)
        op.add_column(TABLE, sa.Column(column, kind, server_default=sa.text("''"), nullable=False))
    for column in NUMBERS:
        op.add_column(TABLE, sa.Column(column, sa.Integer(), nullable=True))
    op.add_column(TABLE, sa.Column("names_by", sa.Date(), nullable=True))
    op.add_column(
        TABLE,
        sa.Column(
            "asked_by", sa.String(length=32), server_default=sa.text("'government'"), nullable=False
        ),
    )
    for column in COSTS:
        op.add_column(TABLE, sa.Column(column, sa.String(length=32), nullable=True))
    add_checks(TABLE, _NAMED)


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    drop_checks(TABLE, list(_NAMED))
    for column in (*TEXTS, *NUMBERS, "names_by", "asked_by", *COSTS):
        op.drop_column(TABLE, column)
