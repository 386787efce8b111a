"""How terms are told to a reader: in the words of the text, those of one subject together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from matcher.analysis import Passage

# Distinct wordings of one subject that are shown; a reader has seen enough by then.
_WORDINGS_AT_MOST: Final = 8

# For each word, sense and broad subject the concepts, and for each word also the senses, in whose
# wording it stands, place by place, places alike told once.
Cover = Mapping[str, Collection[Sequence[str]]]

_ALONE: Final[Collection[Sequence[str]]] = {()}

# For each term the ways it is written, in order and each once.
Wordings = dict[str, dict[str, None]]


def covers(passages: Iterable[Passage]) -> Cover:
    """Say in the wordings of which concepts each term stands, place by place."""
    found: dict[str, set[Sequence[str]]] = {}
    for passage in passages:
        for term, concepts in passage.covered():
            found.setdefault(term, set()).add(concepts)
    return found


def told_together(terms: Iterable[str], cover: Cover) -> dict[str, list[str]]:
    """Put some terms into groups by the term they are told under: themselves, or the one concept
    among them that covers them everywhere."""
    among = dict.fromkeys(terms)
    groups: dict[str, list[str]] = {}
    for term in among:
        places = cover.get(term, _ALONE)
        leader = term if () in places else _leader(term, places, among)
        groups.setdefault(leader, []).append(term)
    return groups


def _leader(term: str, places: Collection[Sequence[str]], among: Collection[str]) -> str:
    if len(places) == 1:
        # Which is how nearly all stand.
        return _first_of(next(iter(places)), among) or term
    leaders = {_first_of(concepts, among) for concepts in places}
    return (leaders.pop() or term) if len(leaders) == 1 else term


def _first_of(concepts: Iterable[str], among: Collection[str]) -> str | None:
    for concept in concepts:
        if concept in among:
            return concept
    return None


def wordings(passages: Iterable[Passage]) -> Wordings:
    """The wordings of all terms of some passages; O(occurrences)."""
    found: Wordings = {}
    for passage in passages:
        for term, start, end in passage.occurrences:
            found.setdefault(term, {})[passage.text[start:end]] = None
    return found


def wording(found: Wordings, terms: Sequence[str]) -> str:
    """The distinct wordings of some terms, the longest taking in the shorter ones that stand in it;
    each as it is first written, whatever its capitals and white space are elsewhere."""
    return _told(tuple([written for term in terms for written in found.get(term, ())]))


@lru_cache(maxsize=20_000)
def _told(writings: tuple[str, ...]) -> str:
    together: dict[str, str] = {}
    for written in writings:
        surface = " ".join(written.split())
        together.setdefault(surface.casefold(), surface)
        if len(together) == _WORDINGS_AT_MOST:
            break
    return _longest(together)


def _longest(found: Mapping[str, str]) -> str:
    if len(found) == 1:
        return next(iter(found.values()))
    everything = "\n".join([f" {key} " for key in found])
    return ", ".join(
        [surface for key, surface in found.items() if everything.count(f" {key} ") == 1]
    )
