"""The saved indexes of this host beside the database: whom they hold, and whether they are of it.

What is wrong with them harms nobody who ranks, since each ranking compares and reads anew. It is
told because it can mean that no job worker runs here, or that files were put in place by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from webapp.experts.models import Expert, ExpertState
from webapp.matches.ranking.members import ALL, Members
from webapp.matches.ranking.saved_roster import Edition, SavedRoster, belongs_to, folder_of
from webapp.matches.ranking.vocabulary import thesaurus_of
from webapp.themes import queries as themes

if TYPE_CHECKING:
    import matcher


def saved_indexes_hold_the_roster(session: Session) -> Iterator[str]:
    """Each saved index is whole, of this database, and holds those whom it has read and nobody
    who has left."""
    for members in ALL:
        folder = folder_of(current_app, members)
        if not (folder / "index.json").exists():
            continue
        kept = SavedRoster(folder, members).load(thesaurus_of(themes.list_with_synonyms(session)))
        for fault in _faults(session, members, kept):
            yield f"The saved index “{folder.name}” {fault}; it is made anew when somebody ranks."


def _faults(
    session: Session, members: Members, kept: tuple[matcher.ExpertIndex, Edition] | None
) -> Iterator[str]:
    if kept is None:
        yield "is damaged, or was made by another version or with other themes"
        return
    index, edition = kept
    if not belongs_to(session, edition):
        yield "is of another database, or of a history that was given up"
        return
    held = missing = left = 0
    chosen = sa.select(Expert.id, Expert.state, Expert.revision)
    for number, state, revision in session.execute(chosen.execution_options(yield_per=5000)):
        is_held, is_read = str(number) in index, revision <= edition.roster
        held += is_held
        is_one = state in members.states
        left += is_held and not is_one and (is_read or state in members.left)
        # Whether an approval that has ended rules somebody out depends on the day.
        missing += is_one and is_read and not is_held and state is not ExpertState.EXPIRED
    if nobody := left + len(index) - held:
        yield f"holds people who have left ({nobody})"
    if missing:
        yield f"lacks people ({missing})"
