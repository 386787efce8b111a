"""From text to the sentences shown to a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from matcher.language.tokens import _UNSEEN

# Written to begin with the characters searched for, which makes it fast.
_SENTENCE_END: Final = re.compile(
    # All ends begin with one of a few signs, which lets the search skip to the next of them.
    # An empty line or one that begins with a bullet ends one, a line that wraps does not.
    r"[.!?\u2026\r\n](?:(?<=[\r\n])(?:[ \t]*[\r\n]\s*|"
    r"(?=[ \t]*(?:[-\u2013\u2022*\u00b7]|\d{1,2}[.)])[ \t]))|"
    # An initial, "e.g." and an ordinal number before a small letter end no sentence; є is a
    # word ("is").
    rf"(?<![\r\n])(?<!(?<![\w{_UNSEEN}])[^\W\d_є]\.)(?!(?<=\d\.)\s+[a-z\u0430-\u044f])[\"'\u201d\u2019)\]]*\s+(?=\S))"
)


_BLANK: Final = re.compile(r"\s+")
# No sentence is read as a whole that is longer: what compares each part of a sentence with each
# other one would take minutes over a field of ten thousand letters without a full stop.
_LONGEST: Final = 3000


class Span(NamedTuple):
    """A stretch ``text[start:end]``."""

    start: int
    end: int


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Cut ``text[start:end]`` into sentences; only white space stays between the spans.

    One of several thousand letters is cut where it has a blank.
    """
    stop = len(text) if end is None else end
    spans: list[Span] = []
    start = stop - len(text[start:stop].lstrip())
    for gap in _SENTENCE_END.finditer(text, start, stop):
        last = start + len(text[start : gap.end()].rstrip())
        spans += _parts(text, start, last)
        start = gap.end()
    return [*spans, *_parts(text, start, start + len(text[start:stop].rstrip()))]


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence, or what it is cut into; none if it is empty."""
    while end - start > _LONGEST and (gap := _BLANK.search(text, start + _LONGEST, end)):
        yield Span(start, gap.start())
        start = gap.end()
    if end > start:
        yield Span(start, end)
