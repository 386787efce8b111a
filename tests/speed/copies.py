"""A large roster made of copies of a small one, which the database writes by itself.

What pages ask the database takes as long on copies as on others, and fifty thousand of them take
seconds instead of minutes. Each name comes many times, so nobody is found here by a rare one.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.experts.models import (
    ClosedJurisdiction,
    Evidence,
    Expert,
    ExpertTheme,
    LanguageSkill,
    Training,
    UnavailablePeriod,
)
from webapp.experts.standing_tables import Approval

PARTS = (
    Approval,
    ClosedJurisdiction,
    Evidence,
    ExpertTheme,
    LanguageSkill,
    Training,
    UnavailablePeriod,
)
# The numbers of a copy are so far behind those of the copy before.
APART = 100_000


def copy_roster(session: Session, times: int) -> None:
    """Add so many copies of each expert to a roster on which nobody has an account."""
    first = sa.select(sa.literal(1).label("number")).cte("copies", recursive=True)
    copies = first.union_all(sa.select(first.c.number + 1).where(first.c.number < times))
    for model in (Expert, *PARTS):
        table: Any = model.__table__
        values = [
            column + copies.c.number * APART if column.name in ("id", "expert_id") else column
            for column in table.columns
        ]
        rows = sa.select(*values).select_from(table.join(copies, sa.true()))
        session.execute(sa.insert(table).from_select([c.name for c in table.columns], rows))
