"""Requests for expertise."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from matcher.errors import RecordError
from matcher.records.fields import (
    Stretch,
    _jurisdictions,
    check_mapping,
    read_codes,
    read_count,
    read_day,
    read_identifier,
    read_jurisdiction,
    read_languages,
    read_list,
    read_text,
    read_texts,
)
from matcher.records.periods import Period

# What is weighed beside the subject; matcher.considerations says how.
CONSIDERATIONS: Final = ("recency", "length", "place", "taught", "confirmed", "years", "rank")


@dataclass(frozen=True)
class Request:
    """A request for expertise, as far as matching is concerned.

    Texts that were written into fields of their own stand in ``description`` with
    :data:`matcher.BETWEEN_TEXTS` between them: what is set aside of one depends on no other.

    Of ``one_language_of``, as of ``required_languages`` by code with the least level, one is
    enough. ``kept`` are stretches that count although they would be set aside
    (:mod:`matcher.boilerplate.detection`), and ``without`` names considerations that do not count
    for it (:mod:`matcher.considerations`). ``asked_on`` is the day from which the notice that
    experts need is counted; without one nobody is ruled out by it. ``days_needed`` is how many of
    the days from ``start`` to ``end`` somebody is needed, if not all of them.
    """

    id: str
    title: str = ""
    description: str = ""
    themes: tuple[str, ...] = ()
    jurisdiction: str | None = None
    required_languages: Mapping[str, str] | None = None
    one_language_of: Mapping[str, str] | None = None
    excluded_jurisdictions: tuple[str, ...] = ()
    start: datetime.date | None = None
    end: datetime.date | None = None
    days_needed: int | None = None
    experts_needed: int | None = None
    kept: tuple[Stretch, ...] = ()
    without: tuple[str, ...] = ()
    asked_on: datetime.date | None = None

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Request:
        """Read a request; raises :class:`RecordError` naming the field, such as
        ``required_languages.fr``."""
        check_mapping(row, "")
        start, end = read_day(row, "start"), read_day(row, "end")
        if start and end and end < start:
            raise RecordError("end", f"{end} is before start {start}")
        return cls(
            id=read_identifier(row),
            title=read_text(row, "title"),
            description=read_text(row, "description"),
            themes=read_codes(row, "themes"),
            jurisdiction=read_jurisdiction(row, "jurisdiction"),
            required_languages=read_languages(row, "required_languages"),
            one_language_of=read_languages(row, "one_language_of"),
            excluded_jurisdictions=_jurisdictions(row, "excluded_jurisdictions"),
            start=start,
            end=end,
            days_needed=read_count(row, "days_needed"),
            experts_needed=read_count(row, "experts_needed"),
            kept=read_list(row, "kept", Stretch.from_dict),
            without=_considerations(row),
            asked_on=read_day(row, "asked_on"),
        )

    @cached_property
    def period(self) -> Period | None:
        """The days of the assignment; one given end stands for both, and None means no days are
        fixed."""
        start, end = self.start or self.end, self.end or self.start
        return Period(start, end) if start and end else None

    @property
    def days(self) -> int | None:
        """How long the assignment takes: the days that are needed, or else all of its period."""
        if self.period is None:
            return self.days_needed
        return min(self.days_needed or self.period.days, self.period.days)


def _considerations(row: Mapping[str, Any]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(read_texts(row, "without")))
    for at, name in enumerate(names):
        if name not in CONSIDERATIONS:
            allowed = ", ".join(CONSIDERATIONS)
            raise RecordError(f"without[{at}]", f"one of {allowed} is expected, not {name[:40]!r}")
    return names
