"""What each facet of the roster selects, and how many experts have each of its values.

A facet counts among those who fit everything else that was chosen, so that each number says how
many would be found by choosing it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import SYSTEM, Actor
from webapp.core.record.disclosure import FEW
from webapp.core.words.search import finds
from webapp.core.words.vocabularies import CefrLevel, HelpKind
from webapp.core.words.word_lists import holds, read_words
from webapp.experts.models import Expert, ExpertTheme, LanguageSkill
from webapp.matches.ranking.facets import Clause, at_least, claims, load_kinds, speaks
from webapp.matches.ranking.narrowing import Load
from webapp.roster.kinds import Approved, Asked, Confirmed
from webapp.upkeep.rules import months_ago

# An approval that ends within so many days is one to renew.
SOON = timedelta(days=60)
# A list offers the most frequent; who looks for another institution writes its name.
MOST_VALUES = 150
# Among more people than that nobody is looked for by name alone, and none is named to the database.
MOST_NAMED = 500


@dataclass(frozen=True)
class Moment:
    """The moment for which the roster is read, by whom, and whose profiles bear on the words.

    Who fits the words may be known already: they or their institution and the like have them, or
    their profiles bear on them.
    """

    now: datetime
    reader: Actor
    found: Collection[int] = ()
    fitting_words: Collection[int] | None = None

    @property
    def today(self) -> date:
        """Return the day."""
        return self.now.date()


# How many have each value, by facet.
Counts: TypeAlias = dict[str, dict[str, int]]
# Gives back what a function has found in the profiles of everybody, until one has changed.
Remembered = Callable[[Session, Callable[[Session], Counts]], Counts]


def search_once(session: Session, asked: Asked, moment: Moment) -> Moment:
    """Return the moment with who fits the words, so that the texts of all profiles are searched
    once for the list and its counts; where very many do, each of them is as quick without."""
    if not asked.words:
        return moment
    chosen = sa.select(Expert.id).where(_words(asked, moment)).limit(MOST_NAMED + 1)
    found = session.scalars(chosen).all()
    return replace(moment, fitting_words=found) if len(found) <= MOST_NAMED else moment


def _words(asked: Asked, moment: Moment) -> Clause:
    if moment.fitting_words is not None:
        return Expert.id.in_(moment.fitting_words)
    named = finds(asked.words, Expert.search_text, begun=Expert.search_words)
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
    return load_kinds(moment.reader, moment.today.year)


def _one_of(kinds: Callable[[Moment], Mapping[Any, Clause]]) -> Callable[[Moment], Any]:
    """Return what says of which of some kinds an expert is; each is of one, or of none."""

    def said(moment: Moment) -> Any:
        return sa.case(*((clause, kind.value) for kind, clause in kinds(moment).items()))

    return said


# What each expert has one value of, by facet. Lists of words are counted as they are written.
_VALUES: Mapping[str, Callable[[Moment], Any]] = {
    "state": lambda _moment: Expert.state,
    "jurisdiction": lambda _moment: Expert.jurisdiction,
    "gender": lambda _moment: Expert.gender,
    "way": lambda _moment: Expert.ways,
    "confirmed": _one_of(_confirmed_kinds),
    "approval": _one_of(_approved_kinds),
    "load": _one_of(_load_kinds),
}
# What has as many values as there are lists of words.
_MANY_VALUES = frozenset({"way"})
_PARTS = ("institution", "theme", "language")
# What neither the day decides, nor bookings, nor who reads.
_OF_PROFILES = frozenset({"state", "jurisdiction", "gender", "way", *_PARTS})
# A level is that of a language, and both are counted without either.
_OF_LANGUAGES = ("language", "level")
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
    left = asked.without(besides)
    names = [name for name in left.given if not (name == "level" and left.language)]
    return [_FITS[name](left, moment) for name in names]


def read_anew(session: Session, read: Callable[[Session], Counts]) -> Counts:
    """Return what `read` finds now, whatever was found before."""
    return read(session)


def count_all(
    session: Session, asked: Asked, moment: Moment, remembered: Remembered = read_anew
) -> Counts:
    """Return, by facet and value, how many experts fit it and all that was chosen elsewhere.

    `remembered` may give back what was counted of everybody since the last change of a profile.
    """
    everything = {*_VALUES, *_PARTS}
    if asked.given:
        return _count_facets(session, asked, moment, everything)
    of_moment = _count_facets(session, asked, moment, everything - _OF_PROFILES)
    return {**remembered(session, count_of_profiles), **of_moment}


def count_of_profiles(session: Session) -> Counts:
    """Return how many of everybody have each value of the facets that profiles alone decide."""
    return _count_facets(session, Asked(), Moment(clock.now(), SYSTEM), _OF_PROFILES)


def _count_facets(
    session: Session, asked: Asked, moment: Moment, wanted: Collection[str]
) -> Counts:
    counted: dict[str, Counter[str]] = {name: Counter() for name in wanted}
    values = [name for name in _VALUES if name in wanted]
    together = [name for name in values if name not in {*asked.given, *_MANY_VALUES}]
    for *said, experts in session.execute(_count_together(together, asked, moment)):
        for name, value in zip(together, said, strict=True):
            counted[name][value or ""] += experts
    if alone := [name for name in (*values, *_PARTS) if name in wanted and name not in together]:
        for name, value, experts in session.execute(_count_each(alone, asked, moment)):
            counted[name][value or ""] = experts
    if "way" in wanted:
        counted["way"] = _by_word(counted["way"])
    return {name: dict(found) for name, found in counted.items()}


def _count_together(
    names: Sequence[str], asked: Asked, moment: Moment
) -> sa.Select[*tuple[Any, ...]]:
    """Count those with the same values of several facets, of which nothing was chosen: so each
    expert is looked at once, and not once for each facet."""
    said = [_said(_VALUES[name](moment)).label(f"{name}_said") for name in names]
    chosen = sa.select(*said, sa.func.count()).select_from(Expert)
    return chosen.where(*fitting(asked, moment)).group_by(*said)


def _count_each(names: Sequence[str], asked: Asked, moment: Moment) -> sa.CompoundSelect[Any]:
    """Count the values of each facet by itself: without what was chosen there, in tables beside
    the experts, or where almost everybody has another one."""
    fits = sa.select(Expert.id).where(*fitting(asked, moment)).cte("fitting")

    def among(*names: str) -> list[Clause]:
        if any(name in asked.given for name in names):
            return fitting(asked, moment, besides=names)
        return [Expert.id.in_(sa.select(fits.c.id))] if asked.given else []

    def counts(name: str) -> sa.Select[Any]:
        if name == "institution":
            return _count_most(name, Expert.institution, among(name))
        if name == "theme":
            return _count_part(name, ExpertTheme.theme_code, among(name))
        if name == "language":
            return _count_part(name, LanguageSkill.language, among(*_OF_LANGUAGES), asked.level)
        return _count(name, _VALUES[name](moment), among(name))

    return sa.union_all(*map(counts, names))


def without_rare_institutions(
    counted: Mapping[str, Mapping[str, int]], asked: Asked, *, total: int, shown: int
) -> dict[str, Mapping[str, int]]:
    """Return the counts without the institutions of few where the page does not show everybody:
    nearly each is one, so the counts of one page would tell of nearly everybody. They are found by
    their words."""
    if shown == total and not asked.institution:
        return dict(counted)
    told = {
        name: number
        for name, number in counted["institution"].items()
        if number >= FEW or name == asked.institution
    }
    return {**counted, "institution": told}


def list_behind_counts(
    session: Session, asked: Asked, moment: Moment, counted: Mapping[str, Mapping[str, int]],
    *, total: int, shown: int,
) -> set[int]:  # fmt: skip
    """Return whom the counts tell something of by themselves: so few have a value that its count
    says what each of them is, though the page, with `shown` of `total`, may not name them.

    Where nobody was found, the page says besides how many fit without each single thing.
    """
    told: set[int] = set()
    for name, numbers in counted.items():
        besides = _together(name)
        are_all_shown = shown == total and besides.isdisjoint(asked.given)
        rare = [value for value, number in numbers.items() if 0 < number < FEW]
        if rare and not are_all_shown:
            fit = fitting(asked, moment, besides=besides)
            having = sa.select(Expert.id).where(*fit, _has_one_of(name, rare, asked, moment))
            told.update(session.scalars(having))
    if total == 0:
        for name in asked.given:
            fit = fitting(asked, moment, besides={name})
            few = session.scalars(sa.select(Expert.id).where(*fit).limit(FEW)).all()
            if len(few) < FEW:
                told.update(few)
    return told


def _has_one_of(name: str, values: Sequence[str], asked: Asked, moment: Moment) -> Clause:
    """Return the condition to have one of some values of a facet, as they are counted."""
    if name == "theme":
        return Expert.themes.any(ExpertTheme.theme_code.in_(values))
    if name == "language":
        spoken = LanguageSkill.language.in_(values)
        levels = LanguageSkill.level.in_(at_least(asked.level)) if asked.level else sa.true()
        return Expert.languages.any(sa.and_(spoken, levels))
    if name == "way":
        return sa.or_(*(holds(Expert.ways, HelpKind(value)) for value in values))
    said = Expert.institution if name == "institution" else _VALUES[name](moment)
    return sa.func.coalesce(_said(said), "").in_(values)


def _together(name: str) -> frozenset[str]:
    """Return what is left out where the values of a facet are counted."""
    return frozenset(_OF_LANGUAGES if name in _OF_LANGUAGES else {name})


def _count(name: str, value: Any, among: Sequence[Clause]) -> sa.Select[Any]:
    """Count those with each value: texts, as all facets are counted in one list."""
    said = _said(value).label("value")
    return _counting(name, said).select_from(Expert).where(*among).group_by(said)


def _said(value: Any) -> sa.ColumnElement[str]:
    return sa.cast(value, sa.String)


def _counting(name: str, said: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(sa.literal(name).label("facet"), said, sa.func.count().label("experts"))


def _count_most(name: str, value: Any, among: Sequence[Clause]) -> sa.Select[Any]:
    """Count those with the most frequent values of a text that is written freely."""
    counted = _count(name, value, among)
    most = counted.order_by(sa.desc("experts"), sa.asc("value")).limit(MOST_VALUES)
    return sa.select(*most.subquery().c)


def _count_part(
    name: str, column: Any, among: Sequence[Clause], level: CefrLevel | None = None
) -> sa.Select[Any]:
    """Count by a column of a table that has a value once for an expert."""
    said = _said(column).label("value")
    counted = _counting(name, said)
    if among:
        counted = counted.where(column.class_.expert_id.in_(sa.select(Expert.id).where(*among)))
    if level:
        counted = counted.where(LanguageSkill.level.in_(at_least(level)))
    return counted.group_by(said)


def _by_word(lists: Mapping[str, int]) -> Counter[str]:
    """Return how many have each word, of those who have each list of words."""
    found: Counter[str] = Counter()
    for words, experts in lists.items():
        for word in read_words(words):
            found[word] += experts
    return found
