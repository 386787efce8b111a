"""How much is written at once of what the platform does by itself, and deleting that much."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.db import Base

# So many things of which people are told are done in one transaction: a reminder to sixty of them
# takes some 40 ms.
PORTION = 5
# And so many rows are deleted or written of which nobody is told.
ROWS = 500


def delete_some(session: Session, table: type[Base], old: sa.ColumnElement[bool]) -> None:
    """Delete a portion of the rows that are old."""
    (key,) = sa.inspect(table).primary_key
    some = sa.select(key).where(old).limit(ROWS)
    session.execute(
        sa.delete(table).where(key.in_(some)).execution_options(synchronize_session=False)
    )
