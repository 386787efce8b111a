"""The hard constraints over many experts at once.

:mod:`matcher.eligibility.rules` says what each rule is and gives the reasons; here the same rules
are asked of arrays, to know who is ruled out without asking each expert in turn. A test compares
the two on random rosters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import Ints, Mask
from matcher.eligibility.rules import accepted_languages
from matcher.records import CEFR_LEVELS, Expert, Request

# Stands for "no limit" among days and ordinals of dates.
_NO_LIMIT: Final = np.iinfo(np.int32).max


@dataclass(frozen=True, eq=False)
class ConstraintTable:
    """What the rules ask of some experts, by place.

    ``levels[language][p]`` is the level as a number from 1, or 0 for none; ``starts`` and ``ends``
    are the days, as ordinals, of all periods in which ``busy[i]`` cannot come, by start. ``full``
    has who goes on no more missions in a year, by year.
    """

    size: int
    languages_known: Mask
    levels: Mapping[str, NDArray[np.int8]]
    homes: Mapping[str, Ints]
    closed: Mapping[str, Ints]
    max_days: Ints
    approved_until: Ints
    notice_days: Ints
    full: Mapping[str, Ints]
    busy: Ints
    starts: Ints
    ends: Ints

    @classmethod
    def of(cls, experts: Sequence[Expert]) -> ConstraintTable:
        """Draw up the arrays; O(experts)."""
        periods = [
            (place, period.start.toordinal(), period.end.toordinal())
            for place, expert in enumerate(experts)
            for period in (*expert.unavailable, *expert.booked)
        ]
        periods.sort(key=itemgetter(1))
        busy, starts, ends = np.array(periods, dtype=np.int32).reshape(-1, 3).T
        return cls(
            size=len(experts),
            languages_known=np.array([e.languages is not None for e in experts], dtype=np.bool_),
            levels=_levels(experts),
            homes=_places(experts, lambda e: e.homes),
            closed=_places(experts, lambda e: e.excluded_jurisdictions),
            max_days=np.array(
                [_NO_LIMIT if e.max_days is None else e.max_days for e in experts], dtype=np.int32
            ),
            approved_until=np.array([_ordinal(e.approved_until) for e in experts], dtype=np.int32),
            notice_days=np.array([e.notice_days or 0 for e in experts], dtype=np.int32),
            full=_places(experts, lambda e: map(str, e.full_years)),
            busy=busy.copy(),
            starts=starts.copy(),
            ends=ends.copy(),
        )

    def eligible(self, request: Request) -> Mask:
        """Who is not ruled out by any rule; shape (experts,)."""
        out = np.zeros(self.size, dtype=np.bool_)
        for language, needed in (request.required_languages or {}).items():
            out |= self.languages_known & ~self._speak(language, needed)
        if wanted := request.one_language_of:
            spoken = (self._speak(language, needed) for language, needed in wanted.items())
            out |= self.languages_known & ~np.logical_or.reduce(list(spoken))
        for code in request.excluded_jurisdictions:
            out[self.homes.get(code, _NOBODY)] = True
        if request.jurisdiction is not None:
            out[self.closed.get(request.jurisdiction, _NOBODY)] = True
        if request.days is not None:
            out |= self.max_days < request.days
        if request.period is not None:
            start, end = request.period.start.toordinal(), request.period.end.toordinal()
            begun = int(np.searchsorted(self.starts, end, side="right"))
            out[self.busy[:begun][self.ends[:begun] >= start]] = True
            out |= self.approved_until < end
            out[self.full.get(str(request.period.start.year), _NOBODY)] = True
            if request.asked_on is not None:
                days = start - request.asked_on.toordinal()
                # Who asks for no notice can come on a day that is past, as far as notice goes.
                out |= (self.notice_days > 0) & (self.notice_days > days)
        return ~out

    def _speak(self, language: str, needed: str) -> Mask:
        """Who speaks a language, or one accepted for it, at a level at least."""
        best = np.zeros(self.size, dtype=np.int8)
        for code in accepted_languages(language) & self.levels.keys():
            np.maximum(best, self.levels[code], out=best)
        return best >= _level(needed)


_NOBODY: Final = np.zeros(0, dtype=np.int32)


def _level(level: str) -> int:
    return CEFR_LEVELS.index(level) + 1


def _ordinal(day: date | None) -> int:
    return _NO_LIMIT if day is None else day.toordinal()


def _levels(experts: Sequence[Expert]) -> dict[str, NDArray[np.int8]]:
    levels: dict[str, NDArray[np.int8]] = {}
    for place, expert in enumerate(experts):
        for code, level in (expert.languages or {}).items():
            if code not in levels:
                levels[code] = np.zeros(len(experts), dtype=np.int8)
            levels[code][place] = _level(level)
    return levels


def _places(experts: Sequence[Expert], codes: Callable[[Expert], Iterable[str]]) -> dict[str, Ints]:
    places: dict[str, list[int]] = {}
    for place, expert in enumerate(experts):
        for code in codes(expert):
            places.setdefault(code, []).append(place)
    return {code: np.array(found, dtype=np.int32) for code, found in places.items()}
