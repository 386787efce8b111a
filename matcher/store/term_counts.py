"""One expert's profile as numbers: how often each term stands in each entry, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from matcher.arrays import Ints, bounds_of
from matcher.considerations import entry_facts, profile_facts
from matcher.language import sentences
from matcher.passages import Passage, count_terms
from matcher.records import Entry, Expert
from matcher.store.encoded_experts import EncodedExperts
from matcher.store.profile_table import ProfileTable
from matcher.store.term_weights import entry_norms, wholes
from matcher.store.vocabulary import Vocabulary


def profile_of(
    expert: Expert, read: Sequence[tuple[Entry, Passage]], vocabulary: Vocabulary
) -> ProfileTable:
    """The profile of one expert from the entries as they were read; O(profile)."""
    counted = [count_terms([passage]) for _, passage in read]
    lengths = [len(counts) for counts in counted]
    columns = vocabulary.add(term for counts in counted for term in counts)
    counts = np.array([n for counts in counted for n in counts.values()], dtype=np.int32)
    weights = np.array([entry.weight for entry, _ in read], dtype=np.float64)
    owners = np.repeat(np.arange(len(read)), lengths)
    spans = [sentences(entry.text) for entry, _ in read]
    whole_norms, thin = wholes(columns, counts * weights[owners], 0 * owners, 1, vocabulary)
    return ProfileTable(
        EncodedExperts.of([expert]),
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
        entry_facts([entry for entry, _ in read]),
        profile_facts(expert),
    )


def numbered_anew(profiles: ProfileTable, numbers: Ints, vocabulary: Vocabulary) -> ProfileTable:
    """Profiles with the term of each of their columns at that of ``numbers``, as if they had been
    read with this vocabulary; O(profiles)."""
    found = profiles.renumbered(numbers)
    entries = np.repeat(np.arange(len(found.weights)), np.diff(found.terms))
    owners = np.repeat(np.arange(len(found)), np.diff(found.entries))[entries]
    # Lengths are added up in the order of columns, which decides on their last digit.
    whole_norms, _thin = wholes(
        found.columns, found.counts * found.weights[entries], owners, len(found), vocabulary
    )
    return replace(found, whole_norms=whole_norms)


def _marks(passages: Iterable[Passage], vocabulary: Vocabulary) -> Ints:
    occurrences = [o for passage in passages for o in passage.occurrences]
    marks = np.empty((len(occurrences), 3), dtype=np.int32)
    marks[:, 0] = vocabulary.add(o.term for o in occurrences)
    marks[:, 1] = [o.start for o in occurrences]
    marks[:, 2] = [o.end for o in occurrences]
    return marks
