"""Experts and requests as JSON Lines: one record per line, each fault named by file, line and
field."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

from matcher.errors import InputFileError, RecordError


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_Record = TypeVar("_Record", bound=_Identified)


def read_records(path: Path, read: Callable[[Any], _Record]) -> list[_Record]:
    """Read the records of a file with ``Expert.from_dict`` or ``Request.from_dict``.

    Raises :class:`InputFileError` for a line that is no record, and for an id that comes twice.
    """
    records = []
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            record = read(json.loads(line, parse_constant=_no_constant))
        except RecordError as error:
            raise InputFileError(str(path), number, str(error)) from error
        except (ValueError, RecursionError) as error:
            raise InputFileError(str(path), number, f"no valid JSON ({error})") from error
        if record.id in seen:
            raise InputFileError(
                str(path), number, f"id: {record.id!r} stands on line {seen[record.id]} already"
            )
        seen[record.id] = number
        records.append(record)
    return records


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise InputFileError(str(path), None, f"cannot be read ({error.strerror})") from error
    # Only a line feed ends a line: text may hold other separators.
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputFileError(str(path), number, f"not UTF-8 ({error.reason})") from error
        if text.strip():
            yield number, text
