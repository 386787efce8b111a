"""The fields of a record, read from a plain dictionary with a complaint that names the field.

Everything but ``id`` is optional, ``None`` counts as missing, and fields that are not known are
ignored. Text is cleaned of control characters and lone surrogates here, once, so that nothing later
has to fear them.
"""

from __future__ import annotations

import contextlib
import datetime
import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from matcher.errors import RecordError

CEFR_LEVELS: Final = ("A1", "A2", "B1", "B2", "C1", "C2")
# Line breaks and tabs are kept: they separate sentences. Direction overrides are dropped because
# they would make a reader see another text than the one that was matched.
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
# "&nbsp;" and "&#8217;" pasted as text, perhaps through two programs ("&amp;nbsp;").
_ENTITY: Final = re.compile("&(?:[a-zA-Z]{2,8}[0-9]{0,2}|#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6});")
_ENTITY_LAYERS: Final = 3
_LANGUAGE: Final = re.compile("[a-z]{2,3}")
# Codes of one language or jurisdiction in other standards than the platform's.
_SAME_LANGUAGE: Final = {
    "eng": "en", "fra": "fr", "fre": "fr", "rus": "ru", "ukr": "uk", "ron": "ro", "rum": "ro",
    "mo": "ro", "sqi": "sq", "alb": "sq", "mkd": "mk", "mac": "mk", "bos": "bs", "hrv": "hr",
    "srp": "sr", "deu": "de", "ger": "de", "ita": "it", "spa": "es",
}  # fmt: skip
_SAME_JURISDICTION: Final = {"XK": "XKX", "KOS": "XKX", "RKS": "XKX", "XKK": "XKX"}
_MONTH: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_Record = TypeVar("_Record")


class Stretch(NamedTuple):
    """The stretch from ``start`` to ``end`` of the field ``title`` or ``description``, counted in
    letters."""

    field: str
    start: int
    end: int

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Stretch:
        """Read ``{"field": "description", "start": 0, "end": 40}``; raises
        :class:`RecordError`."""
        field = read_text(row, "field")
        if field not in ("title", "description"):
            raise RecordError("field", f"title or description is expected, not {field[:40]!r}")
        return cls(field, _place(row, "start"), _place(row, "end"))

    def holds(self, field: str, start: int, end: int) -> bool:
        """Whether another stretch lies within this one."""
        return self.field == field and self.start <= start and end <= self.end


def clean(text: str) -> str:
    """Replace control characters, lone surrogates and direction overrides by spaces, and characters
    that were pasted as HTML writes them by themselves."""
    for _ in range(_ENTITY_LAYERS):
        if not _ENTITY.search(text):
            break
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    return _CONTROL.sub(" ", text)


def check_mapping(value: Any, field: str) -> Mapping[str, Any]:
    """The value, if it is an object; raises :class:`RecordError` if not."""
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


def read_identifier(row: Mapping[str, Any]) -> str:
    """The id, which every record has."""
    value = row.get("id")
    if not isinstance(value, str):
        raise RecordError("id", f"text is required, not {_kind(value)}")
    # An id stands between spaces in a run file, so it must be one visible word.
    if not value or value.split() != [value] or clean(value) != value:
        raise RecordError("id", "one word without white space or control characters is required")
    return value


def read_text(row: Mapping[str, Any], field: str) -> str:
    """The text of a field, cleaned and stripped; empty if it is missing."""
    value = row.get(field)
    return "" if value is None else _string(value, field).strip()


def read_code(row: Mapping[str, Any], field: str) -> str | None:
    """A code in capitals; None if it is missing."""
    return read_text(row, field).upper() or None


def read_jurisdiction(row: Mapping[str, Any], field: str) -> str | None:
    """The code of a jurisdiction, as the platform writes it; None if it is missing."""
    code = read_code(row, field)
    return None if code is None else _SAME_JURISDICTION.get(code, code)


def _jurisdictions(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    codes = (_SAME_JURISDICTION.get(code, code) for code in read_codes(row, field))
    return tuple(dict.fromkeys(codes))


def _items(row: Mapping[str, Any], field: str) -> Sequence[Any]:
    value = row.get(field)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise RecordError(field, f"a list is expected, not {_kind(value)}")
    return value


def read_texts(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """The texts of a list, without empty ones."""
    texts = (_string(item, f"{field}[{at}]").strip() for at, item in enumerate(_items(row, field)))
    return tuple(text for text in texts if text)


def read_codes(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """The different codes of a list, in capitals."""
    return tuple(dict.fromkeys(text.upper() for text in read_texts(row, field)))


def read_list(
    row: Mapping[str, Any], field: str, read: Callable[[Mapping[str, Any]], _Record]
) -> tuple[_Record, ...]:
    """The records of a list; a complaint names the place in it."""
    records = []
    for at, item in enumerate(_items(row, field)):
        place = f"{field}[{at}]"
        try:
            records.append(read(check_mapping(item, "")))
        except RecordError as error:
            raise RecordError(
                f"{place}.{error.field}" if error.field else place, error.problem
            ) from None
    return tuple(records)


def read_languages(row: Mapping[str, Any], field: str) -> Mapping[str, str] | None:
    """Levels by language code, as of :data:`CEFR_LEVELS`; None if the field is missing."""
    value = row.get(field)
    if value is None:
        return None
    levels: dict[str, str] = {}
    for language, level in check_mapping(value, field).items():
        code = _language_code(_string(language, field), field)
        name = _string(level, f"{field}.{code}").strip().upper()
        if name not in CEFR_LEVELS:
            raise RecordError(
                f"{field}.{code}", f"one of {', '.join(CEFR_LEVELS)} is expected, not {name!r}"
            )
        if code in levels:
            raise RecordError(f"{field}.{code}", "the language stands there twice")
        levels[code] = name
    return levels


def _language_code(written: str, field: str) -> str:
    """The code of a language, whatever country is named with it: "en-GB" and "eng" are "en"."""
    if not written.strip():
        raise RecordError(field, "a language code is empty")
    code = re.split("[-_]", written.strip().lower())[0]
    if not _LANGUAGE.fullmatch(code):
        raise RecordError(
            field, f"a code of two or three letters is expected, not {written[:40]!r}"
        )
    return _SAME_LANGUAGE.get(code, code)


def read_count(row: Mapping[str, Any], field: str) -> int | None:
    """A whole number from 1 to 100000; None if it is missing."""
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


def read_truth(row: Mapping[str, Any], field: str) -> bool | None:
    """True or false; None if it is missing."""
    value = row.get(field)
    if value is not None and not isinstance(value, bool):
        raise RecordError(field, f"true or false is expected, not {_kind(value)}")
    return value


def _place(row: Mapping[str, Any], field: str) -> int:
    value = row.get(field)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise RecordError(field, "a whole number from 0 is required")
    return value


def read_day(row: Mapping[str, Any], field: str) -> datetime.date | None:
    """A day written ``YYYY-MM-DD``; None if it is missing."""
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


def read_month(row: Mapping[str, Any], field: str) -> str | None:
    """A month written ``YYYY-MM``, also a year alone or a whole day; None if it is missing."""
    text = read_text(row, field)
    if text and not _MONTH.fullmatch(text):
        raise RecordError(field, f"a month is expected (YYYY-MM), not {text[:40]!r}")
    return text or None
