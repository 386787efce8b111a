"""Experts as the roster tells of them."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.errors import RecordError
from matcher.records.fields import (
    _jurisdictions,
    check_mapping,
    read_codes,
    read_count,
    read_day,
    read_identifier,
    read_jurisdiction,
    read_languages,
    read_list,
    read_month,
    read_text,
    read_texts,
    read_truth,
)
from matcher.records.periods import Period


@dataclass(frozen=True)
class Experience:
    """One past mission, training given, law drafted or other piece of evidence. Months are
    ``YYYY-MM``; one that has begun and has no end goes on.

    ``kind`` says what it was; of the kinds ``training given`` and ``training attended`` are told
    apart. ``confirmed`` is true if somebody else has confirmed it, and None if that is not known.
    """

    title: str = ""
    description: str = ""
    country: str | None = None
    start: str | None = None
    end: str | None = None
    kind: str = ""
    confirmed: bool | None = None

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Experience:
        """Read one row of ``experience``; raises :class:`RecordError`."""
        start, end = read_month(row, "start"), read_month(row, "end")
        # A prefix is compared, so that "2019" and "2019-03" do not contradict each other.
        if start and end and end[: len(start)] < start[: len(end)]:
            raise RecordError("end", f"{end} is before start {start}")
        return cls(
            read_text(row, "title"),
            read_text(row, "description"),
            read_jurisdiction(row, "country"),
            start,
            end,
            read_text(row, "kind"),
            read_truth(row, "confirmed"),
        )


@dataclass(frozen=True)
class Expert:
    """A member of the roster. Name, gender, authority and home jurisdictions never enter the
    score; ``rank``, as of the police or the armed forces, only where a request asks for one.
    ``announced_jurisdictions`` are said to be the home as well, and are not confirmed yet:
    a request that excludes one of them excludes this expert."""

    id: str
    name: str = ""
    headline: str = ""
    summary: str = ""
    themes: tuple[str, ...] = ()
    experience: tuple[Experience, ...] = ()
    training: tuple[str, ...] = ()
    languages: Mapping[str, str] | None = None
    jurisdiction: str | None = None
    authority: str = ""
    gender: str | None = None
    unavailable: tuple[Period, ...] = ()
    max_days: int | None = None
    excluded_jurisdictions: tuple[str, ...] = ()
    booked: tuple[Period, ...] = ()
    approved_until: datetime.date | None = None
    announced_jurisdictions: tuple[str, ...] = ()
    rank: str = ""
    notice_days: int | None = None
    most_missions: int | None = None

    @property
    def full_years(self) -> tuple[int, ...]:
        """The years in which as many missions begin as the expert goes on in a year at most."""
        begun = Counter(period.start.year for period in self.booked)
        most = self.most_missions
        return () if most is None else tuple(y for y, number in begun.items() if number >= most)

    @property
    def homes(self) -> tuple[str, ...]:
        """Every jurisdiction that is the expert's own, or is said to be."""
        return tuple(filter(None, (self.jurisdiction, *self.announced_jurisdictions)))

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Expert:
        """Read an expert; raises :class:`RecordError` naming the field, such as
        ``unavailable[0].end``."""
        check_mapping(row, "")
        return cls(
            id=read_identifier(row),
            name=read_text(row, "name"),
            headline=read_text(row, "headline"),
            summary=read_text(row, "summary"),
            themes=read_codes(row, "themes"),
            experience=read_list(row, "experience", Experience.from_dict),
            training=read_texts(row, "training"),
            languages=read_languages(row, "languages"),
            jurisdiction=read_jurisdiction(row, "jurisdiction"),
            authority=read_text(row, "authority"),
            gender=read_text(row, "gender") or None,
            unavailable=read_list(row, "unavailable", Period.from_dict),
            max_days=read_count(row, "max_days"),
            excluded_jurisdictions=_jurisdictions(row, "excluded_jurisdictions"),
            booked=read_list(row, "booked", Period.from_dict),
            approved_until=read_day(row, "approved_until"),
            announced_jurisdictions=_jurisdictions(row, "announced_jurisdictions"),
            rank=read_text(row, "rank"),
            notice_days=read_count(row, "notice_days"),
            most_missions=read_count(row, "most_missions"),
        )

    def to_dict(self) -> dict[str, Any]:
        """The plain form that :meth:`from_dict` reads, without the fields that are empty."""
        row: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "headline": self.headline,
            "summary": self.summary,
            "themes": list(self.themes),
            "experience": [_filled(vars(experience)) for experience in self.experience],
            "training": list(self.training),
            "jurisdiction": self.jurisdiction,
            "authority": self.authority,
            "gender": self.gender,
            "unavailable": [_period_row(period) for period in self.unavailable],
            "max_days": self.max_days,
            "excluded_jurisdictions": list(self.excluded_jurisdictions),
            "booked": [_period_row(period) for period in self.booked],
            "approved_until": self.approved_until.isoformat() if self.approved_until else None,
            "announced_jurisdictions": list(self.announced_jurisdictions),
            "rank": self.rank,
            "notice_days": self.notice_days,
            "most_missions": self.most_missions,
        }
        row = _filled(row)
        if self.languages is not None:
            # An empty mapping says "none", a missing one "not known": eligibility tells them apart.
            row["languages"] = dict(self.languages)
        return row


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in (None, "", [])}


def _period_row(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}
