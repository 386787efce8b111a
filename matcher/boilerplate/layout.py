"""The layout of a pasted text: its paragraphs, and the lines that may be headings.

Offsets are those of the untouched text. A paragraph ends at an empty line, before a bullet or a
number of a list, and where a line ends a sentence; a line that merely wraps goes on. A line of a
form ("Duration: 20 days"), one in capitals, and one of a page's frame are paragraphs by themselves.
Where a heading and a colon stand behind a sentence, a paragraph begins within a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from matcher.boilerplate.joined_lines import joints
from matcher.language import Span

# The sign of a bullet, or the number or letter of a list or section.
_ITEM: Final = re.compile(
    r"(?:[-\u2013\u2014\u2022\u2023\u25aa\u25cf\u25e6\u00b7*#>o]+|"
    r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4}|[^\W\d_])[.)]|\d{1,2}(?:\.\d{1,2})+)[ \t]+"
)
_ENDS_SENTENCE: Final = re.compile(r"[.!?\u2026:;][\"'\u201d\u2019)\]]*\Z")
_LONGEST_HEADING: Final = 90
# The name of a field before its value, as in "Duration: 20 days".
_FIELD: Final = re.compile(r"[^\W\d_][^:.;!?,\n]{1,44}:\s+\S")
# The same behind the end of a sentence.
_FIELD_WITHIN: Final = re.compile(r"(?<=[.!?])[ \t]+(?=([^\W\d_][^:.;!?,\n]{1,44}):\s)")
# What parts the pieces of a letterhead or a signature, or is left to be signed on.
_FRAME: Final = re.compile(r" \| |_{4,}")


# What stands between texts that were written into fields of their own: the paragraph separator of
# Unicode, which no keyboard has.
BETWEEN_TEXTS: Final = "\u2029"


class Paragraph(NamedTuple):
    """A paragraph ``text[start:end]``: its words begin at ``body``, behind the sign of a list;
    ``apart`` says that an empty line stands before it."""

    start: int
    body: int
    end: int
    apart: bool

    @property
    def is_item(self) -> bool:
        """Whether it begins with a bullet or a number."""
        return self.body > self.start


class _Line(NamedTuple):
    start: int
    body: int
    end: int
    apart: bool


def texts(written: str) -> Iterator[tuple[int, int]]:
    """Where each of the texts stands of which one is put together."""
    start = 0
    for text in written.split(BETWEEN_TEXTS):
        yield start, start + len(text)
        start += len(text) + len(BETWEEN_TEXTS)


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text of the same length with semicolons for some of its stretches: no wording goes on
    across them."""
    pieces, at = list[str](), 0
    for start, end in sorted(spans):
        pieces += [text[at:start], ";" * (end - max(start, at))]
        at = max(at, end)
    return "".join([*pieces, text[at:]])


def merged(text: str, found: Iterable[tuple[Span, str]]) -> Iterator[tuple[Span, str]]:
    """Neighbouring stretches of one kind as one, none overlapping another."""
    last: tuple[Span, str] | None = None
    for span, kind in sorted(found):
        if last is None:
            last = span, kind
        elif span.start < last[0].end or (
            kind == last[1] and not text[last[0].end : span.start].strip()
        ):
            last = Span(last[0].start, max(last[0].end, span.end)), last[1]
        else:
            yield last
            last = span, kind
    if last is not None:
        yield last


def paragraphs(text: str, is_heading: Callable[[str], bool]) -> list[Paragraph]:
    """The paragraphs of a text, in order; a line of which ``is_heading`` says so is one by
    itself."""
    found: list[Paragraph] = []
    closed, after_one = True, False
    for line in _cut_at_headings(text, is_heading):
        alone = stands_alone(text[line.body : line.end])
        # The value of a field may wrap, but then goes on in small letters.
        alone_before = after_one and not text[line.body].islower()
        begins = closed or alone or alone_before or line.apart or line.body > line.start
        # A piece of a wrapped sentence may be worded as a heading is.
        heading = (
            begins and not text[line.body].islower() and is_heading(text[line.body : line.end])
        )
        if begins:
            found.append(Paragraph(*line))
        else:
            found[-1] = found[-1]._replace(end=line.end)
        closed = heading or _is_closed(text[line.body : line.end])
        after_one = alone
    return found


def stands_alone(line: str) -> bool:
    """Whether a line is a paragraph by itself: a field of a form, a heading in capitals, or a piece
    of a page's frame."""
    is_field = line[:1].isupper() and _FIELD.match(line) is not None
    is_capital = len(line) <= _LONGEST_HEADING and line.isupper()
    return is_field or is_capital or _FRAME.search(line) is not None


def _lines(text: str) -> list[_Line]:
    lines, apart, at = list[_Line](), True, 0
    for raw in text.splitlines(keepends=True):
        written = raw.strip()
        if written:
            start = at + raw.index(written[0])
            item = _ITEM.match(written)
            body = start + (item.end() if item and item.end() < len(written) else 0)
            lines.append(_Line(start, body, start + len(written), apart))
        apart = not written
        at += len(raw)
    return lines


def _cut_at_headings(text: str, is_heading: Callable[[str], bool]) -> Iterator[_Line]:
    """The lines of a text, cut before each heading that stands within one; beside one heading that
    is known, whatever else looks like one is a heading too."""
    for line in _lines(text):
        rest = line
        found = list(_FIELD_WITHIN.finditer(text, line.body, line.end))
        gaps = {field.span() for field in found} if any(is_heading(f[1]) for f in found) else set()
        joined = set(joints(text, line.body, line.end, is_heading))
        for start, end in sorted(gaps | joined):
            yield rest._replace(end=start)
            rest = _Line(end, end, line.end, apart=(start, end) in joined)
        yield rest


def _is_closed(line: str) -> bool:
    """Whether the next line begins a paragraph: this one ends a sentence, or is in capitals as a
    heading is."""
    heading = len(line) <= _LONGEST_HEADING and line.isupper()
    return heading or bool(_ENDS_SENTENCE.search(line, max(len(line) - 8, 0)))


def may_be_heading(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph looks like a heading, whatever its words: short, and numbered, in
    capitals or before a colon."""
    written = text[paragraph.body : paragraph.end]
    if len(written) > _LONGEST_HEADING or written[-1] in ".!?;,":
        return False
    return paragraph.is_item or written[-1] == ":" or written.isupper()
