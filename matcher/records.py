"""What comes in: experts and requests, read from plain dictionaries with a complaint that names the
field.

Everything but ``id`` is optional, ``None`` counts as missing, and fields that are not known are
ignored. Text is cleaned of control characters and lone surrogates here, once, so that nothing later
has to fear them.
"""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

from matcher.errors import RecordError

CEFR_LEVELS: Final = ("A1", "A2", "B1", "B2", "C1", "C2")

# Line breaks and tabs are kept: they separate sentences. Direction overrides are dropped because
# they would make a reader see another text than the one that was matched.
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_MONTH: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_Record = TypeVar("_Record")


@dataclass(frozen=True)
class Period:
    """Days from ``start`` to ``end``, both included."""

    start: datetime.date
    end: datetime.date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise RecordError("end", f"{self.end} is before start {self.start}")

    @property
    def days(self) -> int:
        """Calendar days, both ends counted."""
        return (self.end - self.start).days + 1

    def overlaps(self, other: Period) -> bool:
        """Whether the two periods share a day."""
        return self.start <= other.end and other.start <= self.end

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Period:
        """Read ``{"start": "YYYY-MM-DD", "end": "YYYY-MM-DD"}``; both are required."""
        start, end = _day(row, "start"), _day(row, "end")
        if start is None or end is None:
            raise RecordError("start" if start is None else "end", "a day is required (YYYY-MM-DD)")
        return cls(start, end)


@dataclass(frozen=True)
class Experience:
    """One past mission, training given, law drafted or other piece of evidence. Months are
    ``YYYY-MM``."""

    title: str = ""
    description: str = ""
    country: str | None = None
    start: str | None = None
    end: str | None = None

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Experience:
        """Read one row of ``experience``; raises :class:`RecordError`."""
        start, end = _month(row, "start"), _month(row, "end")
        # A prefix is compared, so that "2019" and "2019-03" do not contradict each other.
        if start and end and end[: len(start)] < start[: len(end)]:
            raise RecordError("end", f"{end} is before start {start}")
        return cls(
            _text(row, "title"), _text(row, "description"), _code(row, "country"), start, end
        )


class Entry(NamedTuple):
    """One piece of an expert's profile as the ranking reads it: a vector of its own.

    ``kind`` is ``summary``, ``theme``, ``experience`` or ``training``; ``text`` holds all that is
    read, ``title`` included where there is one. The score of the entry is multiplied by ``weight``:
    1 for evidence, less for a claim (see :class:`matcher.settings.Settings`).
    """

    kind: str
    title: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Expert:
    """A member of the roster. Name, gender, authority and home jurisdictions never enter the
    score. ``announced_jurisdictions`` are said to be the home as well, and are not confirmed yet:
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

    @property
    def homes(self) -> tuple[str, ...]:
        """Every jurisdiction that is the expert's own, or is said to be."""
        return tuple(filter(None, (self.jurisdiction, *self.announced_jurisdictions)))

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Expert:
        """Read an expert; raises :class:`RecordError` naming the field, such as
        ``unavailable[0].end``."""
        _mapping(row, "")
        return cls(
            id=_identifier(row),
            name=_text(row, "name"),
            headline=_text(row, "headline"),
            summary=_text(row, "summary"),
            themes=_codes(row, "themes"),
            experience=_records(row, "experience", Experience.from_dict),
            training=_texts(row, "training"),
            languages=_languages(row, "languages"),
            jurisdiction=_code(row, "jurisdiction"),
            authority=_text(row, "authority"),
            gender=_text(row, "gender") or None,
            unavailable=_records(row, "unavailable", Period.from_dict),
            max_days=_count(row, "max_days"),
            excluded_jurisdictions=_codes(row, "excluded_jurisdictions"),
            booked=_records(row, "booked", Period.from_dict),
            approved_until=_day(row, "approved_until"),
            announced_jurisdictions=_codes(row, "announced_jurisdictions"),
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
        }
        row = _filled(row)
        if self.languages is not None:
            # An empty mapping says "none", a missing one "not known": eligibility tells them apart.
            row["languages"] = dict(self.languages)
        return row


@dataclass(frozen=True)
class Request:
    """A request for expertise, as far as matching is concerned."""

    id: str
    title: str = ""
    description: str = ""
    themes: tuple[str, ...] = ()
    jurisdiction: str | None = None
    required_languages: Mapping[str, str] | None = None
    excluded_jurisdictions: tuple[str, ...] = ()
    start: datetime.date | None = None
    end: datetime.date | None = None
    experts_needed: int | None = None

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Request:
        """Read a request; raises :class:`RecordError` naming the field, such as
        ``required_languages.fr``."""
        _mapping(row, "")
        start, end = _day(row, "start"), _day(row, "end")
        if start and end and end < start:
            raise RecordError("end", f"{end} is before start {start}")
        return cls(
            id=_identifier(row),
            title=_text(row, "title"),
            description=_text(row, "description"),
            themes=_codes(row, "themes"),
            jurisdiction=_code(row, "jurisdiction"),
            required_languages=_languages(row, "required_languages"),
            excluded_jurisdictions=_codes(row, "excluded_jurisdictions"),
            start=start,
            end=end,
            experts_needed=_count(row, "experts_needed"),
        )

    @cached_property
    def period(self) -> Period | None:
        """The days of the assignment; one given end stands for both, and None means no days are
        fixed."""
        start, end = self.start or self.end, self.end or self.start
        return Period(start, end) if start and end else None


def clean(text: str) -> str:
    """Replace control characters, lone surrogates and direction overrides by spaces."""
    return _CONTROL.sub(" ", text)


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in (None, "", [])}


def _period_row(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _mapping(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise RecordError(field, f"an object is expected, not {_kind(value)}")
    return value


def _kind(value: Any) -> str:
    names = {
        "str": "text",
        "int": "a number",
        "float": "a number",
        "bool": "true or false",
        "list": "a list",
    }
    return (
        "nothing" if value is None else names.get(type(value).__name__, f"a {type(value).__name__}")
    )


def _string(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise RecordError(field, f"text is expected, not {_kind(value)}")
    return clean(value)


def _identifier(row: Mapping[str, Any]) -> str:
    value = row.get("id")
    if not isinstance(value, str):
        raise RecordError("id", f"text is required, not {_kind(value)}")
    # An id stands between spaces in a run file, so it must be one visible word.
    if not value or value.split() != [value] or clean(value) != value:
        raise RecordError("id", "one word without white space or control characters is required")
    return value


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    return "" if value is None else _string(value, field).strip()


def _code(row: Mapping[str, Any], field: str) -> str | None:
    return _text(row, field).upper() or None


def _items(row: Mapping[str, Any], field: str) -> Sequence[Any]:
    value = row.get(field)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise RecordError(field, f"a list is expected, not {_kind(value)}")
    return value


def _texts(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    texts = (_string(item, f"{field}[{at}]").strip() for at, item in enumerate(_items(row, field)))
    return tuple(text for text in texts if text)


def _codes(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.upper() for text in _texts(row, field)))


def _records(
    row: Mapping[str, Any], field: str, read: Callable[[Mapping[str, Any]], _Record]
) -> tuple[_Record, ...]:
    records = []
    for at, item in enumerate(_items(row, field)):
        place = f"{field}[{at}]"
        try:
            records.append(read(_mapping(item, "")))
        except RecordError as error:
            raise RecordError(
                f"{place}.{error.field}" if error.field else place, error.problem
            ) from None
    return tuple(records)


def _languages(row: Mapping[str, Any], field: str) -> Mapping[str, str] | None:
    value = row.get(field)
    if value is None:
        return None
    levels: dict[str, str] = {}
    for language, level in _mapping(value, field).items():
        code = _string(language, field).strip().lower()
        if not code:
            raise RecordError(field, "a language code is empty")
        name = _string(level, f"{field}.{code}").strip().upper()
        if name not in CEFR_LEVELS:
            raise RecordError(
                f"{field}.{code}", f"one of {', '.join(CEFR_LEVELS)} is expected, not {name!r}"
            )
        if code in levels:
            raise RecordError(f"{field}.{code}", "the language stands there twice")
        levels[code] = name
    return levels


def _count(row: Mapping[str, Any], field: str) -> int | None:
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise RecordError(field, f"a whole number is expected, not {_kind(value)}")
    if not 1 <= value <= 100_000:
        raise RecordError(
            field, f"a whole number between 1 and 100000 is expected, not {str(value)[:20]}"
        )
    return value


def _day(row: Mapping[str, Any], field: str) -> datetime.date | None:
    value = row.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    text = _string(value, field).strip()
    if _DAY.fullmatch(text):
        with contextlib.suppress(ValueError):
            return datetime.date.fromisoformat(text)
    raise RecordError(field, f"a day is expected (YYYY-MM-DD), not {text[:40]!r}")


def _month(row: Mapping[str, Any], field: str) -> str | None:
    text = _text(row, field)
    if text and not _MONTH.fullmatch(text):
        raise RecordError(field, f"a month is expected (YYYY-MM), not {text[:40]!r}")
    return text or None
