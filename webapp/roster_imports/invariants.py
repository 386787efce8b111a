"""What must hold of imports: tables are kept no longer than they are needed."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.words.translation import gettext
from webapp.roster_imports.models import (
    OPEN,
    ImportedExpert,
    ImportedTable,
    ImportState,
    RosterImport,
)


def tables_are_of_open_imports(session: Session) -> Iterator[str]:
    """Yield a sentence for each table kept without need, or missing, and for early profiles."""
    kept = set(session.scalars(sa.select(ImportedTable.import_id)))
    brought = set(session.scalars(sa.select(ImportedExpert.import_id).distinct()))
    for number, state in session.execute(sa.select(RosterImport.id, RosterImport.state)):
        may_keep = state in OPEN or state is ImportState.FAILED
        if number in kept and not may_keep:
            yield gettext("the table of import %(number)s is kept without need", number=number)
        if number not in kept and state in OPEN - {ImportState.READ, ImportState.CHECKED}:
            yield gettext("the table of import %(number)s is missing", number=number)
        if number in brought and state not in (ImportState.DONE, ImportState.UNDONE):
            yield gettext("import %(number)s has brought profiles and is not stored", number=number)
