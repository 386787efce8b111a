"""A column that holds any number of words of an enum."""

import enum
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

Word = TypeVar("Word", bound=enum.StrEnum)
# No word of an enum holds it.
_BETWEEN = ";"


class WordList(sa.types.TypeDecorator[tuple[Any, ...]], Generic[Word]):
    """Words of an enum, each once and in the enum's order, so that equal lists are equal texts.

    They are shown and compared as a whole. `holds` asks for one of them, and reads every row: a
    list that is searched among many thousands is a table of its own.
    """

    impl = sa.String(200)
    cache_ok = True

    def __init__(self, kind: type[Word]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Iterable[Word] | None, _dialect: Dialect) -> str:
        """Write the words into one text."""
        chosen = set(value or ())
        return _BETWEEN.join(word.value for word in self.kind if word in chosen)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[Word, ...]:
        """Read the words of a text."""
        return tuple(map(self.kind, read_words(value or "")))


def read_words(written: str) -> list[str]:
    """Return the words of a list as it is written."""
    return [word for word in written.split(_BETWEEN) if word]


def holds(column: Any, word: enum.StrEnum) -> sa.ColumnElement[bool]:
    """Return the condition that a column of words has this one among them."""
    written = sa.literal(_BETWEEN) + sa.cast(column, sa.String) + sa.literal(_BETWEEN)
    return written.contains(f"{_BETWEEN}{word.value}{_BETWEEN}", autoescape=True)
