"""The words of synthetic texts: made-up ones by Zipf's law, small words, wordings of the thesaurus.

A *piece* is what one draw puts into a text: a made-up word, an English small word, or a wording of
one or several words. Real wordings are needed because an index of concepts that never occur would
look faster than it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.thesaurus import Thesaurus

MADE_UP_WORDS: Final = 30_000
# Shares of the draws; what is left are made-up words. They were set so that terms, concepts and
# touched entries come out as in the demo roster, entry lengths apart (see rosters.py).
SMALL_SHARE: Final = 0.30
WORDING_SHARE: Final = 0.07
# Zipf's law as Mandelbrot amended it: the word of rank r is drawn in proportion to 1 / (r + shift),
# because in real texts without small words the first few words are about equally frequent.
_SHIFT: Final = 12.0

_SMALL_WORDS: Final = ("the", "of", "and", "in", "for", "to", "with", "on", "a", "by", "from", "at")
_ONSETS: Final = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "tr")
_VOWELS: Final = ("a", "e", "i", "o", "u")
# Endings that are no suffix of English: the stemmer should leave words apart.
_CODAS: Final = ("k", "m", "p", "x", "rg", "nd")


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Pieces with the upper ends of their shares of [0, 1); both of shape (pieces,)."""

    pieces: NDArray[Any]
    ends: NDArray[np.float64]

    def draw(self, rng: np.random.Generator, number: int) -> list[str]:
        """``number`` independent pieces."""
        places = np.searchsorted(self.ends, rng.random(number), side="right")
        drawn: list[str] = self.pieces[places].tolist()
        return drawn


def vocabulary(thesaurus: Thesaurus) -> Vocabulary:
    """All pieces with a thesaurus' English wordings of scored subjects among them.

    The same for the same thesaurus, on every machine. Without any wording their share goes to the
    made-up words.
    """
    wordings, weights = _wordings(thesaurus)
    share = WORDING_SHARE if wordings else 0.0
    small = np.full(len(_SMALL_WORDS), SMALL_SHARE / len(_SMALL_WORDS))
    made_up = list(islice(_made_up(), MADE_UP_WORDS))
    shares = np.concatenate(
        (small, share * weights, (1 - SMALL_SHARE - share) * _zipf(len(made_up)))
    )
    ends = np.cumsum(shares)
    # Rounding must not leave a gap below 1 in which a draw would find no piece.
    ends[-1] = 1.0
    return Vocabulary(np.array([*_SMALL_WORDS, *wordings, *made_up], dtype=object), ends)


def _wordings(thesaurus: Thesaurus) -> tuple[list[str], NDArray[np.float64]]:
    """Wordings and what they weigh among themselves: subjects by Zipf's law, each divided equally
    among its wordings."""
    subjects = [c for c in thesaurus.concepts.values() if c.kind != "process"]
    # The order of the thesaurus goes from subject area to subject area; a stride spreads the
    # frequent subjects over all of them.
    spread = [subjects[at] for first in range(7) for at in range(first, len(subjects), 7)]
    wordings: list[str] = []
    weights: list[float] = []
    for concept, weight in zip(spread, _zipf(len(spread)).tolist(), strict=True):
        labels = concept.labels["en"]
        wordings += labels
        weights += [weight / len(labels)] * len(labels)
    return wordings, np.array(weights)


def _zipf(number: int) -> NDArray[np.float64]:
    weights = 1.0 / (np.arange(number) + 1 + _SHIFT)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _made_up() -> Iterator[str]:
    """Distinct pronounceable words of two syllables; the most frequent ones differ in all letters
    before they differ in one, so that they are no misspellings of each other."""
    syllables = ["".join(parts) for parts in product(_ONSETS, _VOWELS)]
    ends = ["".join(parts) for parts in product(_ONSETS, _VOWELS, _CODAS)]
    # A step without a common divisor with the number of pairs visits each pair once.
    pairs, step = len(syllables) * len(ends), 15_013
    for at in range(pairs):
        first, second = divmod(at * step % pairs, len(ends))
        yield syllables[first] + ends[second]
