"""What of a profile the roster's search finds beside the name, the institution and the post.

It is stored with the profile, and written anew before it goes to the database whenever one of these
columns, or a piece of evidence, has changed: rows of other tables are no longer read at that moment
(core/words/search.py writes what comes of a row itself). None of it is an input of the ranking.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, UOWTransaction

from webapp.core.words.search import beginnings
from webapp.core.words.vocabularies import jurisdiction_names
from webapp.experts.models.roster import Expert
from webapp.experts.models.sections import Evidence

_TEXTS = ("rank", "entity", "unit", "english_summary")
_COLUMNS = (*_TEXTS, "jurisdiction", "telephone")


def search_words_of(about: Mapping[str, Any], evidence: Iterable[Any]) -> str:
    """Return what is found of a profile, for rows that are written without an object."""
    rows = list(evidence)
    texts = [about.get(name) for name in _TEXTS]
    texts += [text for row in rows for text in (row.place, row.role)]
    codes = filter(None, {about.get("jurisdiction"), *(row.jurisdiction for row in rows)})
    names = [name for code in codes for name in jurisdiction_names(code)]
    # What is not written yet has no default either.
    return beginnings([*filter(None, texts), *names, *_dialled(about.get("telephone") or "")])


def _dialled(telephone: str) -> Iterable[str]:
    """Return a number from each of its groups on, also as it is dialled within its country."""
    groups = re.findall("[0-9]+", telephone)
    for first in range(len(groups)):
        digits = "".join(groups[first:])
        yield from (digits, f"0{digits}", f"+{digits}")


def write_search_words(expert: Expert) -> None:
    """Write what is found of a profile from what stands in it now."""
    about = {name: getattr(expert, name) for name in _COLUMNS}
    expert.search_words = search_words_of(about, expert.evidence)


@sa.event.listens_for(Session, "before_flush")
def _follow(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    written = [*session.new, *session.dirty]
    of_evidence = {row.expert for row in written if isinstance(row, Evidence)} - {None}
    experts = {row for row in written if isinstance(row, Expert) and _has_changed(row)}
    for expert in experts | of_evidence:
        write_search_words(expert)


def _has_changed(expert: Expert) -> bool:
    attributes = sa.inspect(expert).attrs
    return any(attributes[name].history.has_changes() for name in (*_COLUMNS, "evidence"))
