"""From text to the sentences shown to a reader."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# Written to begin with the characters searched for, which makes it fast.
_SENTENCE_END: Final = re.compile(
    # All ends begin with one of a few signs, which lets the search skip to the next of them.
    r"[.!?\u2026\r\n](?:(?<=[\r\n])\s*|"
    # An initial, "e.g." and an ordinal number before a small letter end no sentence.
    r"(?<![\r\n])(?<!\b[^\W\d_]\.)(?!(?<=\d\.)\s+[a-z\u0430-\u044f])[\"'\u201d\u2019)\]]*\s+(?=\S))"
)


class Span(NamedTuple):
    """A stretch ``text[start:end]``."""

    start: int
    end: int


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Cut ``text[start:end]`` into sentences; only white space stays between the spans."""
    stop = len(text) if end is None else end
    spans = []
    start = stop - len(text[start:stop].lstrip())
    for gap in _SENTENCE_END.finditer(text, start, stop):
        last = start + len(text[start : gap.end()].rstrip())
        if last > start:
            spans.append(Span(start, last))
        start = gap.end()
    last = start + len(text[start:stop].rstrip())
    if last > start:
        spans.append(Span(start, last))
    return spans
