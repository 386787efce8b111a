"""From text to the sentences shown to a reader."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from matcher.language.tokens import _UNSEEN

# Written to begin with the characters searched for, which makes it fast.
_SENTENCE_END: Final = re.compile(
    # All ends begin with one of a few signs, which lets the search skip to the next of them.
    # An empty line or one that begins with a bullet ends one, a line that wraps does not.
    r"[.!?\u2026\r\n](?:(?<=[\r\n])(?:[ \t]*[\r\n]\s*|"
    r"(?=[ \t]*(?:[-\u2013\u2022*\u00b7]|\d{1,2}[.)])[ \t]))|"
    # An initial, "e.g." and an ordinal number before a small letter end no sentence.
    rf"(?<![\r\n])(?<!(?<![\w{_UNSEEN}])[^\W\d_]\.)(?!(?<=\d\.)\s+[a-z\u0430-\u044f])[\"'\u201d\u2019)\]]*\s+(?=\S))"
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
