"""What the thesaurus asks of single words, each worked out once: most words of a roster come again
and again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

from matcher.language import english_forms, stem

_KEPT = 200_000


def english_base(folded: str, words: Collection[str]) -> str:
    """A word that is among some words itself, else the first of its forms that is, else its
    singular: a "casing" is no form of "case" where it is a word of its own, nor "arms" one of
    "arm"."""
    if folded in words:
        return folded
    forms = english_forms(folded)
    return next((form for form in forms if form in words), forms[-1])


def base_forms(words: Collection[str]) -> Callable[[str | None, str], str | None]:
    """What gives the base form, among some, of an English word by its term and folded form; a word
    that was read as another one has the term of that."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    # Of several words with one stem the shortest.
    by_stem = {stem(word, "en"): word for word in longest_first}

    @lru_cache(maxsize=_KEPT)
    def base(term: str | None, folded: str) -> str | None:
        if term is None:
            return None
        if term != stem(folded, "en"):
            return by_stem.get(term, term)
        return english_base(folded, words)

    return base
