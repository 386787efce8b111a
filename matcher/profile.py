"""One expert's profile as numbers: how often each term stands in each entry, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.analysis import FAMILY_MARK, Passage, count_terms
from matcher.arrays import Counts, Floats, Ints, added_up
from matcher.records import Entry, Expert
from matcher.text import sentences
from matcher.vocabulary import Vocabulary

# Below this number of different terms in the whole profile a score says nothing about the person.
THIN_PROFILE_TERMS: Final = 3


@dataclass(frozen=True, eq=False)
class Profile:
    """One expert with the terms of the entries, those of all entries one after the other.

    ``lengths[i]`` is the number of different terms in entry ``i``, ``weights[i]`` what its score is
    multiplied by and ``norms[i]`` its length (see :func:`entry_norms`). ``columns`` and ``counts``
    say which terms and how often. ``marks`` has a row ``(column, start, end)`` for each occurrence
    in the text, ``marked[i]`` of them in entry ``i``; ``sentences`` a row ``(start, end)`` for each
    sentence, ``sentenced[i]`` of them in entry ``i``. ``is_thin`` says that the profile has too few
    different terms to be ranked.
    """

    expert: Expert
    is_thin: bool
    weights: Floats
    lengths: Ints
    columns: Ints
    counts: Ints
    norms: Floats
    whole_norm: float
    marks: Ints
    marked: Ints
    sentences: Ints
    sentenced: Ints

    @classmethod
    def of(
        cls, expert: Expert, read: Sequence[tuple[Entry, Passage]], vocabulary: Vocabulary
    ) -> Profile:
        """Count the terms of an expert's entries; O(profile)."""
        counted = [count_terms([passage]) for _, passage in read]
        lengths = np.array([len(counts) for counts in counted], dtype=np.int32)
        columns = vocabulary.add(term for counts in counted for term in counts)
        counts = np.array([n for counts in counted for n in counts.values()], dtype=np.int32)
        weights = np.array([entry.weight for entry, _ in read], dtype=np.float64)
        spans = [sentences(entry.text) for entry, _ in read]
        owners = np.repeat(np.arange(len(lengths)), lengths)
        occurrences = [o for _, passage in read for o in passage.occurrences]
        marks = np.empty((len(occurrences), 3), dtype=np.int32)
        marks[:, 0] = vocabulary.add(o.term for o in occurrences)
        marks[:, 1] = [o.start for o in occurrences]
        marks[:, 2] = [o.end for o in occurrences]
        kinds = vocabulary.kind_weights
        return cls(
            expert,
            is_thin({term for counts in counted for term in counts}),
            weights,
            lengths,
            columns,
            counts,
            entry_norms(columns, counts, owners, len(lengths), kinds),
            float(whole_norms(columns, counts * weights[owners], 0 * owners, 1, kinds)[0]),
            marks,
            np.array([len(passage.occurrences) for _, passage in read], dtype=np.int32),
            np.array([span for found in spans for span in found], dtype=np.int32).reshape(-1, 2),
            np.array([len(found) for found in spans], dtype=np.int32),
        )


def entry_value(counts: Counts | Ints) -> Floats:
    """Value of a term in an entry: ``1 + ln(count)``."""
    return 1.0 + np.log(counts)


def whole_value(counts: Floats) -> Floats:
    """Value of a term in a profile as a whole: ``log2(1 + count)``.

    Like ``1 + ln(count)`` it is 1 for one mention and grows ever slower, but it also takes the
    parts of a mention that claimed themes have.
    """
    return np.log2(1.0 + counts)


def entry_norms(
    columns: Ints, counts: Ints, owners: Counts, size: int, kind_weights: Floats
) -> Floats:
    """Euclidean length of each entry, shape (size,), where ``owners`` says whose each count is.

    Rarity has no part in it ("lnc" in the notation of Salton and Buckley 1988, "Term-weighting
    approaches in automatic text retrieval"), so that the length does not change with the rest of
    the roster.
    """
    values = entry_value(counts) * kind_weights[columns]
    return np.sqrt(added_up(owners, values * values, size))


def whole_norms(
    columns: Ints, counts: Floats, owners: Counts, size: int, kind_weights: Floats
) -> Floats:
    """Euclidean length of each profile as a whole, shape (size,); ``counts`` are weighted as their
    entries are."""
    terms = max(1, len(kind_weights))
    keys, places = np.unique(owners * terms + columns, return_inverse=True)
    totals = added_up(places, counts, len(keys))
    values = whole_value(totals) * kind_weights[keys % terms]
    return np.sqrt(added_up(keys // terms, values * values, size))


def is_thin(terms: Iterable[str]) -> bool:
    """Whether a profile with these terms, each once, has too few to be ranked.

    Broad subjects are not counted: they follow from the concepts.
    """
    return sum(not term.startswith(FAMILY_MARK) for term in terms) < THIN_PROFILE_TERMS
