"""One expert's profile as numbers: how often each term stands in each entry, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from matcher.analysis import Passage, count_terms
from matcher.arrays import Counts, Floats, Ints, Mask, added_up
from matcher.profiles import Profiles, bounds_of
from matcher.records import Entry, Expert
from matcher.text import sentences
from matcher.vocabulary import Vocabulary

# Below this number of different terms in the whole profile a score says nothing about the person.
THIN_PROFILE_TERMS: Final = 3


def profile_of(
    expert: Expert, read: Sequence[tuple[Entry, Passage]], vocabulary: Vocabulary
) -> Profiles:
    """The profile of one expert, from the entries as they were read; O(profile)."""
    counted = [count_terms([passage]) for _, passage in read]
    lengths = [len(counts) for counts in counted]
    columns = vocabulary.add(term for counts in counted for term in counts)
    counts = np.array([n for counts in counted for n in counts.values()], dtype=np.int32)
    weights = np.array([entry.weight for entry, _ in read], dtype=np.float64)
    owners = np.repeat(np.arange(len(read)), lengths)
    spans = [sentences(entry.text) for entry, _ in read]
    whole_norms, thin = wholes(columns, counts * weights[owners], 0 * owners, 1, vocabulary)
    return Profiles(
        [expert],
        thin,
        whole_norms,
        bounds_of([len(read)]),
        weights,
        entry_norms(columns, counts, owners, len(read), vocabulary.kind_weights),
        bounds_of(lengths),
        columns,
        counts,
        bounds_of([len(passage.occurrences) for _, passage in read]),
        _marks((passage for _, passage in read), vocabulary),
        bounds_of([len(found) for found in spans]),
        np.array([span for found in spans for span in found], dtype=np.int32).reshape(-1, 2),
    )


def _marks(passages: Iterable[Passage], vocabulary: Vocabulary) -> Ints:
    occurrences = [o for passage in passages for o in passage.occurrences]
    marks = np.empty((len(occurrences), 3), dtype=np.int32)
    marks[:, 0] = vocabulary.add(o.term for o in occurrences)
    marks[:, 1] = [o.start for o in occurrences]
    marks[:, 2] = [o.end for o in occurrences]
    return marks


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


def wholes(
    columns: Ints, counts: Floats, owners: Counts, size: int, vocabulary: Vocabulary
) -> tuple[Floats, Mask]:
    """Euclidean length of each profile as a whole, and whether it is thin, has too few different
    terms to be ranked; shapes (size,). ``counts`` are weighted as their entries are.

    Broad subjects and senses are not counted: they follow from concepts and words.
    """
    terms = max(1, len(vocabulary))
    keys, places = np.unique(owners * terms + columns, return_inverse=True)
    whose, which = keys // terms, keys % terms
    totals = added_up(places, counts, len(keys))
    values = whole_value(totals) * vocabulary.kind_weights[which]
    different = added_up(whose, vocabulary.telling[which].astype(np.float64), size)
    return np.sqrt(added_up(whose, values * values, size)), different < THIN_PROFILE_TERMS
