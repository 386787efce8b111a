"""What a count of a term is worth, and the lengths of entries and of whole profiles."""

from __future__ import annotations

from typing import Final

import numpy as np

from matcher.arrays import Counts, Floats, Ints, Mask, added_up
from matcher.store.vocabulary import Vocabulary

# Below this number of different terms in the whole profile a score says nothing about the person.
THIN_PROFILE_TERMS: Final = 3


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
