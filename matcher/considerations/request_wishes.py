"""What a request asks of an expert beside the subject: how many years, which rank, practice that
is recent or long, somebody who teaches, practice in a country.

It is read by rule, so that it can be shown with the words that say it. Of the set parts of terms of
reference only the qualifications are read: what the host has done for thirty years is no wish.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from matcher.boilerplate import Aside
from matcher.considerations.evidence import MOST_YEARS, ranks
from matcher.considerations.phrases import Phrase, find, words_of
from matcher.language import Span, Word, sentences
from matcher.records import Request

# How many words may stand between a number or a rank and what says that it is asked for.
_NEAR: Final = 4
_NEXT: Final = 1
_READ_AT_MOST: Final = 60_000
_REMEMBERED: Final = 256
# Kinds of set parts that tell of the expert after all.
_ABOUT_EXPERTS: Final = frozenset({"qualifications", "competencies", "header"})
_KINDS: Final = ("years", "rank", "recency", "length", "taught")
# Words of these wishes are what teaching is about, too, and go on counting as words.
_WORDS_TOO: Final = frozenset({"taught"})


class Wish(NamedTuple):
    """A wish: the ``name`` of the consideration, the stretch from ``start`` to ``end`` of the
    ``field`` that says it, and the number of years or of the rank (1 to 7), 0 for others."""

    name: str
    field: str
    start: int
    end: int
    value: int


def wishes(request: Request, asides: Iterable[Aside]) -> list[Wish]:
    """What a request asks of an expert beside the subject, in order; ``asides`` are its set
    parts."""
    besides = [aside for aside in asides if aside.kind not in _ABOUT_EXPERTS and not aside.kept]
    found = list[Wish]()
    for field, text in (("title", request.title), ("description", request.description)):
        spans = [Span(a.start, a.end) for a in besides if a.field == field]
        for name, span, value in _said(text[:_READ_AT_MOST]):
            if not any(s.start < span.end and span.start < s.end for s in spans):
                found.append(Wish(name, field, *span, value))
    return found


@lru_cache(maxsize=_REMEMBERED)
def _said(text: str) -> tuple[tuple[str, Span, int], ...]:
    """The wishes that a text says; remembered, because a request is ranked again and again."""
    return tuple(said for sentence in sentences(text) for said in _of_sentence(text, sentence))


def worded_apart(found: Iterable[Wish], without: Iterable[str]) -> list[Wish]:
    """The wishes whose words say nothing of the subject, and are not ranked by as words; those that
    do not count are read as words like any others."""
    kept = {*without, *_WORDS_TOO}
    return [wish for wish in found if wish.name not in kept]


def _of_sentence(text: str, sentence: Span) -> Iterator[tuple[str, Span, int]]:
    words = words_of(text, *sentence)
    by_kind: dict[str, list[Phrase]] = {kind: [] for kind in _KINDS}
    for phrase in find(text[sentence.start : sentence.end], words, _KINDS):
        by_kind[phrase.kind].append(phrase)
    for name, read in (("years", _years), ("rank", _rank)):
        for found, value in read(by_kind[name]):
            yield name, _span(words, found), value
    for name in ("recency", "length", "taught"):
        for found in by_kind[name]:
            if found.part == "asked":
                yield name, _span(words, found), 0


def _span(words: Sequence[Word], phrase: Phrase) -> Span:
    return Span(words[phrase.first].start, words[phrase.last - 1].end)


def _years(found: Sequence[Phrase]) -> Iterator[tuple[Phrase, int]]:
    """Numbers of years of practice, but for those of the host."""
    for value in found:
        years = value.number or 0
        if value.part not in ("value", "sure") or not 0 < years <= MOST_YEARS:
            continue
        if _joined(value, _of(found, "host"), (), _NEAR) != value:
            continue
        whole = _joined(value, _of(found, "before"), _of(found, "after"), _NEAR)
        if value.part == "sure" or whole != value:
            yield _joined(whole, _of(found, "degree"), (), _NEXT), years


def _rank(found: Sequence[Phrase]) -> Iterator[tuple[Phrase, int]]:
    sure = {(phrase.first, phrase.last) for phrase in _of(found, "sure")}
    for value, rank in ranks(found, certain=True):
        near = _NEXT if value.part.endswith("?") else _NEXT + 1
        whole = _joined(value, _of(found, "before"), _of(found, "after"), near)
        if whole != value or (value.first, value.last) in sure:
            yield whole, rank


def _of(found: Sequence[Phrase], part: str) -> list[Phrase]:
    return [phrase for phrase in found if phrase.part == part]


def _joined(value: Phrase, before: Iterable[Phrase], after: Iterable[Phrase], near: int) -> Phrase:
    """A phrase together with those that stand less than ``near`` words before and behind it."""
    firsts = [sign.first for sign in before if 0 <= value.first - sign.last < near]
    lasts = [sign.last for sign in after if 0 <= sign.first - value.last < near]
    return value._replace(first=min([value.first, *firsts]), last=max([value.last, *lasts]))
