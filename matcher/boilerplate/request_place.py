"""Where a set paper has its request: behind who asks and what the host has, before the candidate,
the terms and the selection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

from matcher.boilerplate.blocks import LONG_PARAGRAPH, Block
from matcher.boilerplate.kinds import STORY, TELLING, TERMS, WITHOUT_REQUEST, set_parts
from matcher.boilerplate.sentence_signs import Sentence
from matcher.language import Span

# So many words more of one side say that a paragraph leans to it.
_LEANS: Final = 2
# What asks outright is the request, however much of a story is told beside it.
_ASKED: Final = 100
# What is missing says twice as much of where the request is as a known sentence before or behind.
_MISSING: Final = 2

Found = Sequence[tuple[Span, str]]


def request_place(
    found: Found, blocks: Iterable[Block], titled: Callable[[Sentence], bool]
) -> Span:
    """Where a set paper has its request: the paragraphs in a row that most tell what is missing,
    behind most of what is ``found`` to tell who asks, and before most of the terms. Of several such
    rows the longest; none if there is neither.

    What asks for something is among them, and a sentence of which ``titled`` says that it has a
    word of the title speaks for them.
    """
    kinds = {span.start: kind for span, kind in found if kind in TERMS | TELLING}
    if not kinds:
        return Span(0, 0)
    read = sorted(
        (each for block in blocks for each in _read_together(block)), key=lambda r: r[0].span
    )
    order = [sum(_step(s.kind or kinds.get(s.span.start)) for s in each) for each in read]
    leanings = [_MISSING * _leaning(each, kinds, titled) for each in read]
    starts = [*(each[0].span.start for each in read), *(each[-1].span.end for each in read[-1:])]
    return _best_row(order, leanings, starts) if read else Span(0, 0)


def _best_row(order: Iterable[int], leanings: Iterable[int], starts: Sequence[int]) -> Span:
    """The row with most of a story before it, most of the terms behind it and the most leaning in
    it; O(paragraphs)."""
    told = list(accumulate(order, initial=0))
    missing = list(accumulate(leanings, initial=0))
    rows, begin = list[tuple[int, int, Span]](), 0
    for last, start in enumerate(starts):
        if told[last] - missing[last] > told[begin] - missing[begin]:
            begin = last
        row = Span(starts[begin], start)
        value = told[begin] - missing[begin] + told[last] + missing[last]
        rows.append((value, row.end - row.start, row))
    return max(rows)[2]


def _step(kind: str | None) -> int:
    return -1 if kind in TERMS else int(kind in STORY)


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


def tells_what_is_missing(block: Block) -> bool:
    """Whether a paragraph rather tells that than anything that set papers have."""
    return _leaning(block.read, {}, lambda _: False) > 0


def _read_together(block: Block) -> Iterator[Sequence[Sentence]]:
    """The sentences of a paragraph; of a paper pasted on one line each by itself."""
    if len(block.read) >= LONG_PARAGRAPH:
        yield from ([sentence] for sentence in block.read)
    elif block.read:
        yield block.read


def _leaning(
    read: Sequence[Sentence], kinds: Mapping[int, str], titled: Callable[[Sentence], bool]
) -> int:
    """How far sentences lean to what is missing; one word alone tells nothing."""
    leaning = sum(sentence.leaning for sentence in read)
    leaning -= _LEANS * sum(s.kind is None and s.span.start in kinds for s in read)
    leaning += _LEANS * any(titled(s) for s in read if s.kind is None)
    leaning += _ASKED * any(sentence.asks for sentence in read)
    return leaning if abs(leaning) >= _LEANS else 0


def stands_in(sentence: Sentence, place: Span) -> bool:
    """Whether a sentence begins in a place."""
    return place.start <= sentence.span.start < place.end
