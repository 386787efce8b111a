"""From text to the sentences shown to a reader."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# Written to begin with the characters searched for, which makes it fast.
_SENTENCE_END: Final = re.compile(
    # All ends begin with one of a few signs, which lets the search skip to the next of them.
    r"[.!?\u2026\r\n](?:(?<=[\r\n])\s*|(?<![\r\n])[\"'\u201d\u2019)\]]*\s+(?=\S))"
)


class Span(NamedTuple):
    """A stretch ``text[start:end]``."""

    start: int
    end: int


def sentences(text: str) -> list[Span]:
    """Cut ``text`` into sentences for display; only white space stays between the spans."""
    spans = []
    start = len(text) - len(text.lstrip())
    for gap in _SENTENCE_END.finditer(text, start):
        end = start + len(text[start : gap.end()].rstrip())
        if end > start:
            spans.append(Span(start, end))
        start = gap.end()
    end = start + len(text[start:].rstrip())
    if end > start:
        spans.append(Span(start, end))
    return spans
