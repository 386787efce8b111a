"""How terms are told to a reader: in the words of the text, those of one subject together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from matcher.analysis import Passage

# Distinct wordings of one subject that are shown; a reader has seen enough by then.
_WORDINGS_AT_MOST: Final = 8

# For each word and broad subject the places where it stands, each with the concepts in whose
# wording it stands there.
Cover = Mapping[str, Sequence[Sequence[str]]]

# For each term its distinct wordings as they were first written, by what they are without capitals.
Wordings = Mapping[str, Mapping[str, str]]


def covers(passages: Iterable[Passage]) -> Cover:
    """Say in the wordings of which concepts each term stands, place by place."""
    found: dict[str, list[Sequence[str]]] = {}
    for passage in passages:
        for term, concepts in passage.covered():
            found.setdefault(term, []).append(concepts)
    return found


def told_together(terms: Iterable[str], cover: Cover) -> dict[str, list[str]]:
    """Put some terms into groups by the term they are told under: themselves, or the one concept
    among them that covers them everywhere."""
    terms = list(terms)
    among = set(terms)
    groups: dict[str, list[str]] = {}
    for term in terms:
        leaders = {
            next((concept for concept in concepts if concept in among), None)
            for concepts in cover.get(term, ())
        }
        only = leaders.pop() if len(leaders) == 1 else None
        groups.setdefault(only or term, []).append(term)
    return groups


def wordings(passages: Iterable[Passage]) -> Wordings:
    """The wordings of all terms of some passages; O(occurrences)."""
    found: dict[str, dict[str, str]] = {}
    for passage in passages:
        for term, start, end in passage.occurrences:
            surface = " ".join(passage.text[start:end].split())
            found.setdefault(term, {}).setdefault(surface.casefold(), surface)
    return found


def wording(found: Wordings, terms: Sequence[str]) -> str:
    """The distinct wordings of some terms, the longest taking in the shorter ones that stand in
    it."""
    together: dict[str, str] = {}
    for term in terms:
        for key, surface in found.get(term, {}).items():
            together.setdefault(key, surface)
            if len(together) == _WORDINGS_AT_MOST:
                return _longest(together)
    return _longest(together)


def _longest(found: Mapping[str, str]) -> str:
    if len(found) == 1:
        return next(iter(found.values()))
    keys = [f" {key} " for key in found]
    kept = (
        surface
        for key, surface in zip(keys, found.values(), strict=True)
        if not any(key != other and key in other for other in keys)
    )
    return ", ".join(kept)
