"""The roster's search finds words that stand in a profile beside the name."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import fill
from webapp.experts.models import search_words_of

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision.

    What the former code writes meanwhile is found by these words when it is written once more.
    """
    op.add_column(
        "expert",
        sa.Column("search_words", sa.Text(), server_default=sa.text("''"), nullable=False),
    )
    places = sa.text("SELECT expert_id, place, role, jurisdiction FROM evidence")
    evidence = defaultdict(list)
    for row in op.get_bind().execute(places):
        evidence[row.expert_id].append(row)

    def words(row: sa.Row[Any]) -> str:
        return search_words_of(row._asdict(), evidence[row.id])

    fill("expert", "search_words", words)


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("expert", "search_words")
