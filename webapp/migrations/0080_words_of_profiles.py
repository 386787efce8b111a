"""The roster's search finds words that stand in a profile beside the name."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import fill
from webapp.core.words.search import beginnings
from webapp.core.words.vocabularies import jurisdiction_names

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

# What is found of a profile as of this revision, whatever the platform looks for since.
TEXTS = ("rank", "entity", "unit", "english_summary")


def _words(about: Any, evidence: Iterable[Any]) -> str:
    rows = list(evidence)
    texts = [getattr(about, name) for name in TEXTS]
    texts += [text for row in rows for text in (row.place, row.role)]
    codes = filter(None, {about.jurisdiction, *(row.jurisdiction for row in rows)})
    names = [name for code in codes for name in jurisdiction_names(code)]
    return beginnings([*filter(None, texts), *names, *_dialled(about.telephone or "")])


def _dialled(telephone: str) -> Iterable[str]:
    """Return a number from each of its groups on, also as it is dialled within its country."""
    groups = re.findall("[0-9]+", telephone)
    for first in range(len(groups)):
        digits = "".join(groups[first:])
        yield from (digits, f"0{digits}", f"+{digits}")


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
    fill("expert", "search_words", lambda row: _words(row, evidence[row.id]))


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("expert", "search_words")
