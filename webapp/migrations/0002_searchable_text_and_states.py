"""Text that can be searched, the language that people set, and only states that are reached."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import change_checks, fill, one_of
from webapp.core.words.search import folded

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SEARCHED = {
    "account": ("name", "institution"),
    "expert": ("name", "institution", "post"),
    "expertise_request": ("title", "place"),
}

MATCH_STATES = (
    "shortlisted", "invited", "available", "declined", "release asked", "released", "refused",
    "approved", "proposed", "selected", "alternate", "not selected",
)  # fmt: skip
# By table: the conditions from here on, and those of the revision before.
CHECKS = {
    "expert": {
        "ck_expert_state": (
            one_of("state", ("nominated", "screening", "active", "suspended")),
            one_of(
                "state",
                (
                    "nominated", "screening", "active", "dormant", "suspended", "withdrawn",
                    "expired", "erased",
                ),
            ),
        )
    },
    "match": {
        "ck_match_state": (
            one_of("state", (*MATCH_STATES, "cancelled")),
            one_of("state", (*MATCH_STATES, "deployed", "cancelled")),
        )
    },
    "deployment": {
        "ck_deployment_state": (
            one_of("state", ("planned", "cancelled")),
            one_of(
                "state",
                (
                    "planned", "deployed", "returned", "reported", "followed up", "cancelled",
                    "curtailed",
                ),
            ),
        ),
        "ck_deployment_ended_with_reason": (
            "reason <> '' OR state <> 'cancelled'",
            "reason <> '' OR state NOT IN ('cancelled', 'curtailed')",
        ),
    },
}  # fmt: skip


def upgrade() -> None:
    """Bring the tables to this revision.

    Nothing has ever set the states that go. A row that is in one all the same stops the upgrade.
    """
    op.add_column("account", sa.Column("language", sa.String(length=8), nullable=True))
    for table in SEARCHED:
        _make_searchable(table)
    for table, checks in CHECKS.items():
        change_checks(table, {name: after for name, (after, _) in checks.items()})


def _make_searchable(table: str) -> None:
    ordered = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    empty = sa.text("''")
    op.add_column(table, sa.Column("search_text", ordered, server_default=empty, nullable=False))

    def fold(row: sa.Row[Any]) -> str:
        # The folding of today and not a copy of it: queries fold as the code does now.
        return folded("\n".join(getattr(row, name) for name in SEARCHED[table]))

    fill(table, "search_text", fold)


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    for table, checks in CHECKS.items():
        change_checks(table, {name: before for name, (_, before) in checks.items()})
    for table in SEARCHED:
        op.drop_column(table, "search_text")
    op.drop_column("account", "language")
