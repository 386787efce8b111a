"""The errors this library raises on purpose; everything else is a defect."""

from __future__ import annotations


class MatcherError(Exception):
    """Base class of every error raised on purpose by this library."""


class RecordError(MatcherError):
    """A record that cannot be read, with the field that is at fault.

    ``field`` is a path into the record, for example ``experience[2].start`` or ``languages.fr``;
    it is empty when the record as a whole is at fault. ``problem`` is the complaint without it.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}" if field else problem)
        self.field = field
        self.problem = problem


class ThesaurusError(MatcherError):
    """A thesaurus file that cannot be read; the message names file and line."""


class IndexFormatError(MatcherError):
    """A stored index that is damaged, truncated, foreign or of another version."""


class UnknownExpertError(MatcherError, KeyError):
    """An expert id that the index does not hold."""

    def __str__(self) -> str:
        # KeyError would show the representation of its argument instead of a sentence.
        return f"no expert {self.args[0]!r} in the index"


class InputFileError(MatcherError):
    """A faulty line of an input file; the message names file, line number and field."""

    def __init__(self, path: str, line: int | None, problem: str) -> None:
        where = path if line is None else f"{path}, line {line}"
        super().__init__(f"{where}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem
