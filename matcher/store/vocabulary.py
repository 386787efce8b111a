"""The terms that a roster has or had: a column for each, its weight by kind, and how many entries
have it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from matcher.arrays import Counts, Floats, Ints, Mask
from matcher.language import Lexicon
from matcher.passages import CONCEPT_MARK, FAMILY_MARK, SENSE_MARK, is_word
from matcher.settings import Settings


class Vocabulary:
    """Terms by column; it only grows, so that a column means the same term for ever.

    ``columns`` maps each term to its column, ``frequencies[column]`` is the number of entries that
    have the term now, and ``lexicon`` has the words among the terms.
    """

    def __init__(self, settings: Settings) -> None:
        self.columns: dict[str, int] = _Columns(self._new)
        self.terms: list[str] = []
        self.lexicon: Lexicon = _LateLexicon(self.terms)
        self._settings = settings
        self._frequencies = np.zeros(1024, dtype=np.int64)
        self._kind_weights = np.ones(1024)
        self._telling = np.ones(1024, dtype=np.bool_)

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def frequencies(self) -> Counts:
        """Document frequency of each term, counted in entries; shape (terms,)."""
        return self._frequencies[: len(self.columns)]

    @property
    def kind_weights(self) -> Floats:
        """Weight of each term by its kind; shape (terms,)."""
        return self._kind_weights[: len(self.columns)]

    @property
    def telling(self) -> Mask:
        """Whether each term is more than a broad subject or sense of others; shape (terms,)."""
        return self._telling[: len(self.columns)]

    def add(self, terms: Iterable[str]) -> Ints:
        """The columns of some terms, made for those that are new."""
        return np.array(list(map(self.columns.__getitem__, terms)), dtype=np.int32)

    def count(self, columns: Ints, sign: int) -> None:
        """Note that entries with these columns came (+1) or went (-1), each column as often as it
        stands there."""
        np.add.at(self._frequencies, columns, sign)

    def _new(self, term: str) -> int:
        column = len(self.columns)
        self.terms.append(term)
        if column == len(self._frequencies):
            # Doubling keeps the cost of growth in proportion to the terms added.
            more = np.zeros(column, dtype=np.int64)
            self._frequencies = np.concatenate([self._frequencies, more])
            self._kind_weights = np.concatenate([self._kind_weights, np.ones(column)])
            self._telling = np.concatenate([self._telling, np.ones(column, dtype=np.bool_)])
        self._kind_weights[column] = kind_weight(term, self._settings)
        self._telling[column] = not term.startswith((FAMILY_MARK, SENSE_MARK))
        return column

    def restore(self, terms: Iterable[str], frequencies: Counts) -> None:
        """Take in terms with the numbers of entries that have each, where there are none yet."""
        self.add(terms)
        self._frequencies[: len(frequencies)] = frequencies


class _Columns(dict[str, int]):
    """Columns by term; who asks for that of a new term has it made."""

    def __init__(self, make: Callable[[str], int]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, term: str) -> int:
        column = self[term] = self._make(term)
        return column


class _LateLexicon(Lexicon):
    """The words among terms that may become more; taken in when a near one is looked for first,
    because most requests are spelt well."""

    def __init__(self, terms: Sequence[str]) -> None:
        super().__init__()
        self._all, self._taken, self._lock = terms, 0, threading.Lock()

    def near(self, term: str) -> dict[str, float]:
        with self._lock:
            more = self._all[self._taken :]
            self._taken += len(more)
            for word in filter(is_word, more):
                self.add(word)
        return super().near(term)


def kind_weight(term: str, settings: Settings) -> float:
    """Weight of a term by its kind: word, sense, concept or broad subject."""
    if is_word(term):
        return 1.0
    if term.startswith(SENSE_MARK):
        return settings.sense_weight
    return settings.concept_weight if term.startswith(CONCEPT_MARK) else settings.family_weight
