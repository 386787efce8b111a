"""What the matcher reads in one profile, and which past requests it would have met.

Requests are others' affairs, so of past ones only what many have in common is told: the theme and
the years, how many of them the profile would have met, and the subjects that several parties asked
for beyond it. Whatever fewer have in common is left out, and not even counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, ExpertTheme
from webapp.matches import queries, rules
from webapp.matches.ranking.matcher_records import expert_record
from webapp.matches.ranking.rankings import matcher_request
from webapp.matches.ranking.roster_index import PER_PAGE, RosterIndex
from webapp.matches.ranking.wording import entry_title
from webapp.themes.models import Theme

if TYPE_CHECKING:
    import matcher

# How many subjects are told of an entry, and of a group of requests.
SUBJECTS = 10
# So many past requests, the latest, are ranked anew for a page: a fiftieth of a second for each.
PAST = 40


@dataclass(frozen=True)
class Met:
    """Some past requests of one theme (None: of several), from the year `first` to `last`.

    `lacking` are the subjects that they asked for beyond the profile.
    """

    theme: Theme | None
    first: int
    last: int
    number: int
    met: int
    lacking: list[str]


@dataclass(frozen=True)
class PastRequests:
    """Groups of past requests, and of all of them in how many the profile stands among the first.

    `number` is None where there are too few to be told of.
    """

    groups: list[Met]
    number: int | None
    among_first: int


@dataclass(frozen=True)
class ProfileReading:
    """What is read in each entry of a profile, and the themes of which none of them tells."""

    entries: Sequence[matcher.ReadEntry]
    claimed: list[ExpertTheme]
    past: PastRequests

    @property
    def is_empty(self) -> bool:
        """Whether nothing is read."""
        return not any(entry.subjects for entry in self.entries)


@dataclass(frozen=True)
class _Stood:
    """A past request with how the profile would stand for it."""

    request: ExpertiseRequest
    stand: matcher.Stand

    @property
    def theme(self) -> Theme | None:
        return self.request.themes[0].theme if self.request.themes else None

    @property
    def year(self) -> int:
        day = self.request.first_day or self.request.state_since
        return day.year

    @property
    def party(self) -> tuple[str, int]:
        request = self.request
        if request.organisation_id is not None:
            return ("organisation", request.organisation_id)
        return ("account", request.requester_id)

    @property
    def is_met(self) -> bool:
        return self.stand.relative is not None and self.stand.relative >= rules.LITTLE

    @property
    def lacking(self) -> set[str]:
        # Words that are no subjects of the field can name a place or a person.
        return {row.concept for row in self.stand.lacking if row.concept}


def read_profile(roster: RosterIndex, session: Session, expert: Expert) -> ProfileReading:
    """Read a profile as the matcher does, whatever its state."""
    index, _revision = roster.current(session)
    one = index.beside(expert_record(expert, []))
    unproved = set(one.claims_without_evidence())
    stood = [
        _Stood(request, one.stand_for(matcher_request(index, session, request)))
        for request in queries.list_past_requests(session, clock.today(), PAST)
    ]
    return ProfileReading(
        one.read_entries(SUBJECTS),
        [row for row in expert.themes if row.theme_code in unproved],
        _past_requests(stood),
    )


def _past_requests(stood: Sequence[_Stood]) -> PastRequests:
    first = sum(one.stand.rank is not None and one.stand.rank <= PER_PAGE for one in stood)
    number = len(stood) if _is_many(stood) else None
    groups = sorted(_groups(stood), key=lambda group: (group.theme is None, -group.last))
    return PastRequests(groups, number, first)


def _groups(stood: Sequence[_Stood]) -> Iterator[Met]:
    """Yield groups that are large enough: by theme and year, the rest by theme, then the rest.

    Each request is in one group at most, so that none can be reckoned from two of them.
    """
    by_year, rest = _split(stood, lambda one: (one.theme, one.year))
    by_theme, rest = _split(rest, lambda one: one.theme)
    others, _left_out = _split(rest, lambda _one: None)
    for group in chain(by_year, by_theme):
        yield _met(group[0].theme, group)
    for group in others:
        yield _met(None, group)


def _split(
    stood: Sequence[_Stood], key: Callable[[_Stood], object]
) -> tuple[list[list[_Stood]], list[_Stood]]:
    """Return the groups that are large enough, and the requests of all others."""
    groups: dict[object, list[_Stood]] = {}
    for one in stood:
        groups.setdefault(key(one), []).append(one)
    return (
        [group for group in groups.values() if _is_many(group)],
        [one for group in groups.values() if not _is_many(group) for one in group],
    )


def _is_many(group: Sequence[_Stood]) -> bool:
    return rules.names_nobody(len(group), len({one.party for one in group}))


def _met(theme: Theme | None, group: Sequence[_Stood]) -> Met:
    parties: dict[str, set[tuple[str, int]]] = {}
    for one in group:
        for subject in one.lacking:
            parties.setdefault(subject, set()).add(one.party)
    asked = [s for s, those in parties.items() if len(those) >= rules.PARTIES_AT_LEAST]
    years = [one.year for one in group]
    return Met(
        theme,
        min(years),
        max(years),
        len(group),
        sum(one.is_met for one in group),
        sorted(asked, key=lambda subject: (-len(parties[subject]), subject))[:SUBJECTS],
    )


def _title(entry: matcher.ReadEntry) -> str:
    return entry_title(entry._asdict())


def init_app(app: Flask) -> None:
    """Give the templates of this package the words for what is read."""
    app.jinja_env.filters["read_title"] = _title
