"""How terms are told to a reader: in the words of the text, those of one subject together."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeVar

from matcher.language import tokenize, words_of
from matcher.passages import Passage

# Distinct wordings of one subject that are shown; a reader has seen enough by then.
_WORDINGS_AT_MOST: Final = 8

# For each word, sense and broad subject the concepts, and for each word also the senses, in whose
# wording it stands, place by place, places alike told once.
Term = TypeVar("Term", bound=Hashable)
Cover = Mapping[Term, Collection[Sequence[Term]]]

# For each term the ways it is written, in order and each once.
Wordings = dict[Term, dict[str, None]]


def covers(passages: Iterable[Passage]) -> Cover[str]:
    """Say in the wordings of which concepts each term stands, place by place."""
    found: dict[str, set[Sequence[str]]] = {}
    for passage in passages:
        for term, concepts in passage.covered():
            found.setdefault(term, set()).add(concepts)
    return found


def group_under_concepts(
    terms: Mapping[Term, object], cover: Cover[Term]
) -> dict[Term, list[Term]]:
    """Put some terms into groups by the term they are told under: themselves, or the one concept
    among them that covers them everywhere."""
    groups: dict[Term, list[Term]] = {}
    for term in terms:
        leader = _leader(term, cover[term], terms) if term in cover else term
        groups.setdefault(leader, []).append(term)
    return groups


def _leader(term: Term, places: Collection[Sequence[Term]], among: Mapping[Term, object]) -> Term:
    leaders = {
        next((concept for concept in concepts if concept in among), term) for concepts in places
    }
    return leaders.pop() if len(leaders) == 1 else term


def wordings(passages: Iterable[Passage]) -> Wordings[str]:
    """The wordings of all terms of some passages; O(occurrences)."""
    found: Wordings[str] = {}
    for passage in passages:
        for term, start, end in passage.occurrences:
            found.setdefault(term, {})[passage.text[start:end]] = None
    return found


def wording(found: Wordings[Term], terms: Sequence[Term]) -> str:
    """The distinct wordings of some terms, the longest taking in the shorter ones that stand in it;
    each as it is first written, whatever its capitals and white space are elsewhere."""
    if len(terms) == 1:
        return _told(tuple(found.get(terms[0], ())))
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


def stands_in(quoted: str, others: Iterable[str]) -> bool:
    """Whether all words of some wordings, joined by commas, stand in the others.

    >>> stands_in("artillery shells", ["shells, artillery"]), stands_in("shells", ["shell"])
    (True, False)
    """
    told = set(", ".join(others).casefold().replace(",", " ").split())
    return told.issuperset(quoted.casefold().replace(",", " ").split())


@lru_cache(maxsize=20_000)
def are_same_words(asked: str, found: str) -> bool:
    """Whether two wordings have the same English words, in whatever forms.

    >>> are_same_words("hunters", "Hunter"), are_same_words("hunters", "hunting rifles")
    (True, False)
    """
    words = _english_words(asked)
    return bool(words) and words == _english_words(found)


@lru_cache(maxsize=20_000)
def are_forms(wording: str, other: str, language: str) -> bool:
    """Whether two wordings have the same words of a language, in whatever forms.

    >>> are_forms("armë", "armëve", "sq"), are_forms("plane", "helicopters", "en")
    (True, False)
    """
    words = _stems(wording, language)
    return bool(words) and words == _stems(other, language)


def _stems(wording: str, language: str) -> frozenset[str]:
    return frozenset(token.term for token in tokenize(wording, language) if token.term)


def _english_words(wording: str) -> frozenset[str]:
    """The stems of a wording's words; none if not all of them are English."""
    tokens, english = tokenize(wording, "en"), words_of("en")
    if any(token.folded not in english for token in tokens):
        return frozenset()
    return frozenset(token.term for token in tokens if token.term)
