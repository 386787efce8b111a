"""Where a set paper has its request: behind who asks and what the host has, before the candidate,
the terms and the selection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final

from matcher.boilerplate.blocks import LONG_PARAGRAPH, Block
from matcher.boilerplate.sentence_signs import Sentence
from matcher.language import Span

# Under a heading of these kinds stands a story, which may go on to what is asked for.
STORY: Final = frozenset({"organisation", "host"})
TELLING: Final = STORY | {"header"}
# Parts that only set papers have; from so many of them on a text is one, and a paragraph of it that
# asks for nothing and has no word of the title is set aside too.
_SET_PARTS: Final = {
    "header": "header",
    "competencies": "candidate",
    "qualifications": "candidate",
    "payment": "terms",
    "travel": "terms",
    "reporting": "terms",
    "policy": "policy",
    "evaluation": "selection",
    "application": "selection",
}
_TERMS: Final = _SET_PARTS.keys() - {"header"}
SET_PARTS_AT_LEAST: Final = 2
# From so many on it is one even if nothing in it asks, as where the request is in the title alone.
WITHOUT_REQUEST: Final = 3

Found = Sequence[tuple[Span, str]]


def set_parts(kinds: Iterable[str]) -> frozenset[str]:
    """The parts that only set papers have, of some kinds of text."""
    return frozenset(_SET_PARTS[kind] for kind in kinds if kind in _SET_PARTS)


def request_place(found: Found, blocks: Iterable[Block], length: int) -> Span:
    """Where a set paper of so many letters has its request: behind most of what is ``found`` to
    tell who asks, and before most of the terms; of several such places the longest, and none if
    there is neither."""
    pieces = sorted((span, kind) for span, kind in found if kind in _TERMS | TELLING)
    if not pieces:
        return Span(0, 0)
    ends = [0, *(span.end for span, _ in pieces)]
    starts = [*(span.start for span, _ in pieces), length]
    steps = [-1 if kind in _TERMS else kind in STORY for _, kind in pieces]
    order = accumulate(steps, initial=0)
    places = [Span(end, start) for end, start in zip(ends, starts, strict=True)]
    longest = max(zip(order, map(_length, places), places, strict=True))[2]
    return _beginning_with_a_paragraph(longest, blocks)


def is_sure(place: Span, found: Found, blocks: Iterable[Block]) -> bool:
    """Whether the paper has the request there if it has it anywhere: set parts of three sorts are
    known, one that tells stands before the place, and something is said in it. Outside of such a
    place a word of the title asks for nothing."""
    known = {start for (start, _), _ in found}
    open_there = (
        sentence
        for block in blocks
        for sentence in block.read
        if stands_in(sentence, place) and sentence.span.start not in known
    )
    parts = set_parts(kind for _, kind in found)
    return len(parts) >= WITHOUT_REQUEST and place.start > 0 and any(open_there)


def stands_in(sentence: Sentence, place: Span) -> bool:
    """Whether a sentence begins in a place."""
    return place.start <= sentence.span.start < place.end


def _beginning_with_a_paragraph(place: Span, blocks: Iterable[Block]) -> Span:
    """A place without the rest of the paragraph that it begins in, if others begin there: what a
    host has is told in a paragraph of its own, of which often one sentence only is known. A long
    paragraph is a paper pasted on one line, and may have the request in it."""
    read = sorted((block.read for block in blocks if block.read), key=lambda r: r[0].span)
    before = [each for each in read if each[0].span.start < place.start]
    if before and len(before[-1]) >= LONG_PARAGRAPH:
        return place
    begun = (each[0].span.start for each in read)
    return place._replace(
        start=next((at for at in begun if place.start <= at < place.end), place.start)
    )


def _length(place: Span) -> int:
    return place.end - place.start
