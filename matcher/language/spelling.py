"""Misspelt words of a request, brought to a near word that the roster or the thesaurus knows.

Requests are typed in a second or third language, without a spelling checker. A word that neither
the roster nor the thesaurus has can match nothing, so there is nothing to lose in reading it as its
nearest neighbour, and the reader of the ranking is told so ("read as …"). A word of the language is
none (:mod:`matcher.language.wordlists`), nor is a name, which a capital tells inside a sentence.

Words are compared as wholes where the thesaurus has them, because an ending may be what is
misspelt, and else stem with stem. Those near in optimal string alignment, where an insertion, a
deletion, a substitution and an exchange of two neighbours are a step each (Damerau 1964: four
misspellings of five are one such step), are weighed by what people do more often
(:mod:`matcher.language.misspelling_cost`). Only words whose first letters are or sound alike are
compared, which is right in nearly all misspellings (Yannakoudakis and Fawthrop 1983).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from matcher.language.misspelling_cost import misspelling_cost, sounds_like, undone_slips
from matcher.language.tokens import Token
from matcher.language.wordlists import NAMES, NO_WORDS, STEM_MARK, WordList, words_of

# What a misspelling costs at most in a word of so many letters; among shorter words too many are
# neighbours of each other.
_COSTS: Final = ((5, 1.0), (6, 1.3), (9, 2.0))
_SHORTEST: Final = 5
_STEPS: Final = 2
# What it costs more to compare stems, which may be another language's and have lost their endings.
_STEM_ONLY: Final = 0.5
_SHORTEST_STEM: Final = 4
# Nobody misspells a word of this length; it only costs time.
_LONGEST_STEM: Final = 30
# Words that are read anew in one request. A request of which hundreds of words are unknown is
# written in another language, not misspelt.
WORDS_AT_MOST: Final = 100

# What a word stands behind that begins a sentence, a line or a point of a list.
_BEGINNING: Final = re.compile(r"(?:^|[.!?:;\n\u2022])[^\w\n]*$")


class Reading(NamedTuple):
    """A word of a text, ``text[start:end]``, that was read as the stem ``term`` instead."""

    start: int
    end: int
    term: str


class _Meant(NamedTuple):
    """The stem that a misspelt word is read as, and the whole word where it is known."""

    term: str
    word: str | None


class _Neighbours:
    """Words by first letter and length."""

    def __init__(self) -> None:
        self._words: dict[tuple[str, int], list[str]] = {}

    def add(self, word: str) -> None:
        self._words.setdefault((word[0], len(word)), []).append(word)

    def near(self, word: str) -> dict[str, float]:
        """Those within some steps whose first letter is or sounds the same, with what it costs to
        write the word for them."""
        return {
            candidate: misspelling_cost(word, candidate)
            for first in sounds_like(word[0])
            for length in range(len(word) - _STEPS, len(word) + _STEPS + 1)
            for candidate in self._words.get((first, length), ())
            if OSA.distance(word, candidate, score_cutoff=_STEPS) <= _STEPS
        }


class Lexicon:
    """Known stems; it only grows.

    ``spelt`` are whole words with their stems, by which these are found too; ``words`` are known,
    so that they are no misspellings, but nothing is read as one of them, and so are the whole words
    of the ``language``.
    """

    def __init__(
        self,
        terms: Iterable[str] = (),
        words: Iterable[str] = (),
        spelt: Mapping[str, str] | None = None,
        language: WordList = NO_WORDS,
    ) -> None:
        self._terms, self._spelt_words = _Neighbours(), _Neighbours()
        self._known: set[str] = set()
        self._spelt = {
            word: term
            for word, term in (spelt or {}).items()
            if _SHORTEST <= len(word) <= _LONGEST_STEM
        }
        for term in terms:
            self.add(term)
        for word, term in self._spelt.items():
            if _is_long_enough(term):
                self._spelt_words.add(word)
        self._known.update(words)
        self._language = language

    def has_word(self, folded: str, term: str) -> bool:
        """Whether a whole word with its stem is one of the language or known."""
        return self.has_whole(folded, term) or STEM_MARK + term in self._language

    def has_whole(self, folded: str, term: str) -> bool:
        """Whether it is so by itself, and not by its stem alone, which a slip may share with a
        word."""
        return folded in self._known or self._language.has_form(folded, term)

    def __contains__(self, term: object) -> bool:
        return term in self._known

    def add(self, term: str) -> None:
        """Add a stem; one that is there already changes nothing."""
        if term not in self._known and _is_long_enough(term):
            self._terms.add(term)
        self._known.add(term)

    def near(self, term: str) -> dict[str, float]:
        """The stems near ``term``, with what it costs to write it for them."""
        return self._terms.near(term)

    def spelt_near(self, word: str) -> dict[str, tuple[float, str]]:
        """The stems of whole words near ``word``, with what it costs to write it for the nearest of
        those, and that word.

        A word that goes on where another ends has another ending, and is not misspelt.
        """
        found: dict[str, tuple[float, str]] = {}
        for candidate, cost in self._spelt_words.near(word).items():
            if candidate.startswith(word) or word.startswith(candidate):
                continue
            term = self._spelt[candidate]
            found[term] = min((cost, candidate), found.get(term, (cost, candidate)))
        return found

    def slip_of_the_hand(self, word: str) -> _Meant | None:
        """The whole word that a slip of the hand made into ``word``, if there is one."""
        meant = (each for each in undone_slips(word) if each in self._spelt)
        return next((_Meant(self._spelt[each], each) for each in meant), None)


def _is_long_enough(term: str) -> bool:
    return _SHORTEST_STEM <= len(term) <= _LONGEST_STEM


class _Case(NamedTuple):
    """What capitals tell in a text: nothing about words if it is written in ``capitals`` all
    through, and nothing about the first letter if ordinary words are ``titled`` too."""

    capitals: bool
    titled: bool

    @classmethod
    def of(cls, text: str, tokens: Sequence[Token], shared: Lexicon) -> _Case:
        """Judge by all letters, and by the ordinary words inside of sentences."""
        small = sum(map(str.islower, text))
        inside = [
            text[token.start].isupper()
            for token in tokens
            if token.term is not None
            and shared.has_word(token.folded, token.term)
            and token.folded not in words_of(NAMES)
            and not _begins(text, token)
        ]
        several = sum(len(token.folded) >= _SHORTEST_STEM for token in tokens) > 1
        capitals = several and sum(map(str.isupper, text)) > 2 * small
        return cls(capitals, 2 * sum(inside) > len(inside))

    def makes_name(self, text: str, token: Token) -> bool:
        """Whether a word that nobody knows is a name or a short form by its capitals."""
        written = text[token.start : token.end]
        if not written[0].isupper():
            return False
        if token.folded in words_of(NAMES):
            return True
        if self.capitals:
            return False
        return written.isupper() or not (self.titled or _begins(text, token))


def _begins(text: str, token: Token) -> bool:
    """Whether a word begins a sentence, a line or a point of a list."""
    return _BEGINNING.search(text, max(0, token.start - 8), token.start) is not None


class Speller:
    """Reads unknown words as near known ones.

    ``roster`` has the stems that the roster has or had, and ``weight`` tells their rarity today,
    or 0 for one that no profile has any more. Of equally near ones that of a whole word comes
    first, of several one that the roster has, then that with the nearer stem, then the thesaurus',
    then the one that more entries have.
    """

    def __init__(self, roster: Lexicon, weight: Callable[[str], float]) -> None:
        self._roster = roster
        self._weight = weight
        self._readings: dict[tuple[str, str], _Meant | None] = {}

    def read(
        self, text: str, tokens: Sequence[Token], shared: Lexicon
    ) -> tuple[list[Token], list[Reading]]:
        """The tokens with misspelt ones given the term of their neighbour, and the whole word where
        it is known, which some wordings ask for; and those that were.

        ``shared`` has the stems of the thesaurus in the language of the text.
        """
        read: list[Token] = []
        readings = []
        case = _Case.of(text, tokens, shared)
        for token in tokens:
            meant = self._neighbour(text, token, shared, case)
            if meant is None:
                read.append(token)
                continue
            readings.append(Reading(token.start, token.end, meant.term))
            word = meant.word or token.folded
            read.append(token._replace(term=meant.term, folded=word, written=word))
        return read, readings

    def _neighbour(self, text: str, token: Token, shared: Lexicon, case: _Case) -> _Meant | None:
        term = token.term
        # Digits make a number or the name of a standard.
        if term is None or not (term.isalpha() and _SHORTEST <= len(token.folded) <= _LONGEST_STEM):
            return None
        key = (token.folded, term)
        if shared.has_whole(*key) or case.makes_name(text, token):
            return None
        # Of a word that is known by its stem alone, as a form is that no list has, only what is no
        # ending is a slip; a short stem has too many neighbours.
        has_stem = self._weight(term) > 0 or term in shared or shared.has_word(*key)
        if has_stem or not _is_long_enough(term):
            return shared.slip_of_the_hand(token.folded)
        if key not in self._readings and len(self._readings) < WORDS_AT_MOST:
            self._readings[key] = self._nearest(*key, shared)
        return self._readings.get(key)

    def _nearest(self, word: str, term: str, shared: Lexicon) -> _Meant | None:
        most = max(cost for letters, cost in _COSTS if len(word) >= letters)
        spelt = shared.spelt_near(word)
        found = {near: cost for near, (cost, _) in spelt.items()}
        # A stem of four letters has too many neighbours to tell by itself.
        if len(term) >= _SHORTEST:
            roster = {t: c for t, c in self._roster.near(term).items() if self._weight(t) > 0}
            for near, cost in chain(roster.items(), shared.near(term).items()):
                found[near] = min(cost + _STEM_ONLY, found.get(near, cost + _STEM_ONLY))
        nearest = min(
            (near for near, cost in found.items() if cost <= most),
            key=lambda t: (
                found[t],
                self._weight(t) == 0,
                misspelling_cost(term, t),
                t not in shared,
                self._weight(t),
                t,
            ),
            default=None,
        )
        if nearest is None:
            return None
        return _Meant(nearest, spelt[nearest][1] if nearest in spelt else None)
