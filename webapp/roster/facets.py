"""What each facet of the roster selects, and how many experts have each of its values.

A facet counts among those who fit everything else that was chosen, so that each number says how
many would be found by choosing it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.search import finds
from webapp.core.vocabularies import HelpKind
from webapp.core.word_lists import holds
from webapp.experts.models import Expert, ExpertTheme, LanguageSkill
from webapp.matches.facets import Clause, at_least, claims, load_kinds, speaks
from webapp.matches.kinds import Load
from webapp.roster.kinds import Approved, Asked, Confirmed
from webapp.upkeep.rules import months_ago

# An approval that ends within so many days is one to renew.
SOON = timedelta(days=60)
# A list offers the most frequent; who looks for another institution writes its name.
MOST_VALUES = 150


@dataclass(frozen=True)
class Moment:
    """The moment for which the roster is read, and whose profiles bear on the words."""

    now: datetime
    found: Collection[int] = ()

    @property
    def today(self) -> date:
        """Return the day."""
        return self.now.date()


def _words(asked: Asked, moment: Moment) -> Clause:
    named = finds(asked.words, Expert.search_text)
    return sa.or_(named, Expert.id.in_(moment.found)) if moment.found else named


def _theme(asked: Asked, _moment: Moment) -> Clause:
    return claims(str(asked.theme))


def _jurisdiction(asked: Asked, _moment: Moment) -> Clause:
    return Expert.jurisdiction == asked.jurisdiction


def _institution(asked: Asked, _moment: Moment) -> Clause:
    return Expert.institution == asked.institution


def _language(asked: Asked, _moment: Moment) -> Clause:
    return speaks(asked.language, asked.level)


def _way(asked: Asked, _moment: Moment) -> Clause:
    return holds(Expert.ways, HelpKind(str(asked.way)))


def _state(asked: Asked, _moment: Moment) -> Clause:
    return Expert.state == asked.state


def _confirmed_kinds(moment: Moment) -> dict[Confirmed, Clause]:
    lately, a_year = months_ago(moment.now, 3), months_ago(moment.now, 12)
    at = Expert.last_confirmed_at
    return {
        Confirmed.LATELY: at >= lately,
        Confirmed.THIS_YEAR: sa.and_(at >= a_year, at < lately),
        Confirmed.LONG_AGO: at < a_year,
        Confirmed.NEVER: at.is_(None),
    }


def _approved_kinds(moment: Moment) -> dict[Approved, Clause]:
    today, soon, until = moment.today, moment.today + SOON, Expert.approved_until
    return {
        Approved.VALID: until > soon,
        Approved.ENDING: until.between(today, soon),
        Approved.ENDED: until < today,
        Approved.NONE: until.is_(None),
    }


def _load_kinds(moment: Moment) -> Mapping[Load, Clause]:
    return load_kinds(moment.today.year)


Kinds = Callable[[Moment], Mapping[Any, Clause]]
_KINDS: Mapping[str, Kinds] = {
    "confirmed": _confirmed_kinds,
    "approval": _approved_kinds,
    "load": _load_kinds,
    "way": lambda _moment: {way: holds(Expert.ways, way) for way in HelpKind},
}
_FITS: Mapping[str, Callable[[Asked, Moment], Clause]] = {
    "words": _words,
    "theme": _theme,
    "jurisdiction": _jurisdiction,
    "institution": _institution,
    "language": _language,
    "level": _language,
    "way": _way,
    "state": _state,
    "confirmed": lambda asked, moment: _confirmed_kinds(moment)[Confirmed(str(asked.confirmed))],
    "approval": lambda asked, moment: _approved_kinds(moment)[Approved(str(asked.approval))],
    "load": lambda asked, moment: _load_kinds(moment)[Load(str(asked.load))],
}


def fitting(asked: Asked, moment: Moment, *, besides: Collection[str] = ()) -> list[Clause]:
    """Return the conditions of everything that was chosen, without the facets `besides`."""
    names = [name for name in asked.given if name not in besides]
    if "language" in names and "level" in names:
        names.remove("level")
    return [_FITS[name](asked, moment) for name in names]


def count_all(session: Session, asked: Asked, moment: Moment) -> dict[str, dict[str, int]]:
    """Return, by facet and value, how many experts fit it and all that was chosen elsewhere."""
    counted = {
        "state": _count_column(session, asked, moment, "state", Expert.state),
        "jurisdiction": _count_column(session, asked, moment, "jurisdiction", Expert.jurisdiction),
        "institution": _count_column(session, asked, moment, "institution", Expert.institution),
        "gender": _count_column(session, asked, moment, "gender", Expert.gender),
        "theme": _count_part(session, asked, moment, "theme", ExpertTheme.theme_code),
        "language": _count_part(session, asked, moment, "language", LanguageSkill.language),
    }
    for name, kinds in _KINDS.items():
        counted[name] = _count_kinds(session, asked, moment, name, kinds(moment))
    return counted


def _count_column(
    session: Session, asked: Asked, moment: Moment, name: str, column: Any
) -> dict[str, int]:
    rows = session.execute(
        sa.select(column, sa.func.count().label("experts"))
        .where(*fitting(asked, moment, besides={name}))
        .group_by(column)
        .order_by(sa.desc("experts"), column)
        .limit(MOST_VALUES)
    )
    return {str(value or ""): count for value, count in rows}


def _count_part(
    session: Session, asked: Asked, moment: Moment, name: str, column: Any
) -> dict[str, int]:
    """Count by a column of a table that has a value once for an expert."""
    chosen = (
        sa.select(column, sa.func.count())
        .join(Expert, Expert.id == column.class_.expert_id)
        .group_by(column)
    )
    besides = {name}
    if name == "language" and asked.level:
        besides.add("level")
        chosen = chosen.where(LanguageSkill.level.in_(at_least(asked.level)))
    rows = session.execute(chosen.where(*fitting(asked, moment, besides=besides)))
    return dict(rows.all())


def _count_kinds(
    session: Session, asked: Asked, moment: Moment, name: str, kinds: Mapping[Any, Clause]
) -> dict[str, int]:
    """Count in one reading how many experts are of each kind."""
    sums = [sa.func.sum(sa.case((clause, 1), else_=0)) for clause in kinds.values()]
    row = session.execute(
        sa.select(*sums).select_from(Expert).where(*fitting(asked, moment, besides={name}))
    ).one()
    return {kind.value: int(count or 0) for kind, count in zip(kinds, row, strict=True)}
