"""Headings of terms of reference, in many wordings, and what stands under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from matcher.boilerplate.cues import Hit, cue_table
from matcher.language import LANGUAGES, Word, folded_words, is_small_word

# What is asked for stands under such a heading, and is never set aside for it.
TASK: Final = "task"
_NEUTRAL: Final = "neutral"
_NOT_WANTED: Final = "not_wanted"
# The heading of the whole paper.
_TITLE: Final = "header"
_FIELD_PARTS: Final = frozenset({"key", "field"})
_WORDS_AT_MOST: Final = 9
_LONGEST: Final = 90
_RUN_IN: Final = (":", " \u2013 ", " \u2014 ", " - ")


class Heading(NamedTuple):
    """A heading: the ``kind`` of what stands under it, and how many letters it takes of its
    paragraph."""

    kind: str
    length: int


def heading_of(written: str) -> Heading | None:
    """The heading that a paragraph is, or begins with before a colon or dash."""
    whole = heading_kind(written)
    if whole is not None:
        return Heading(whole, len(written))
    for sign in _RUN_IN:
        at = written.find(sign, 0, _LONGEST)
        kind = heading_kind(written[:at]) if at > 0 else None
        if kind == _NOT_WANTED:
            # "Not needed: prisons. We ask for ..." denies no more than its clause.
            return None
        if kind is not None:
            return Heading(kind, at + len(sign))
    return None


def heading_kind(line: str) -> str | None:
    """What a line is the heading of; None if it is none.

    Every word that tells something must be one of headings: "Competencies of border police" is a
    subject.
    """
    if len(line) > _LONGEST or line.rstrip().endswith((".", "!", "?", ";", ",")):
        return None
    return _kind(line)


@lru_cache(maxsize=20_000)
def is_field_name(name: str) -> bool:
    """Whether all that tells something in the name of a field is of the head of such a paper, as in
    "Duty station" or "Type of contract"."""
    return any(_is_field_name(name, language) for language in LANGUAGES)


def _is_field_name(name: str, language: str) -> bool:
    words = folded_words(name)
    table = cue_table(language, _FIELD_PARTS, frozenset({_TITLE}))
    covered = {at for _, first, last in table.find(name, words) for at in range(first, last)}
    return bool(covered) and _telling(words, language) <= covered


@lru_cache(maxsize=20_000)
def _kind(line: str) -> str | None:
    kinds = (_kind_in(line, language) for language in LANGUAGES)
    return next((kind for kind in kinds if kind is not None), None)


def _kind_in(line: str, language: str) -> str | None:
    words = folded_words(line)
    telling = _telling(words, language)
    if not 0 < len(words) <= _WORDS_AT_MOST:
        return None
    covered: dict[str, set[int]] = {}
    for cue, first, last in _widest(cue_table(language, frozenset({"heading"})).find(line, words)):
        covered.setdefault(cue.kind, set()).update(telling & set(range(first, last)))
    if not telling <= set().union(*covered.values()):
        return None
    found = {kind: len(places) for kind, places in covered.items() if places and kind != _NEUTRAL}
    for kind in (_TITLE, TASK):
        if kind in found:
            return kind
    return max(found, key=lambda kind: found[kind], default=None)


def _widest(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The cues that stand in no longer one: the activities of "Linked activities" are those of
    others, and no task."""
    found = list(hits)
    for hit in found:
        around = (each for each in found if each.first <= hit.first and hit.last <= each.last)
        if all(each.last - each.first <= hit.last - hit.first for each in around):
            yield hit


def _telling(words: Sequence[Word], language: str) -> set[int]:
    """The places of the words that tell something; of all, if none does."""
    return {
        at
        for at, (_, _, folded) in enumerate(words)
        if len(folded) > 1 and not folded.isdigit() and not is_small_word(folded, language)
    } or set(range(len(words)))
