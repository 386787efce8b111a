"""Profiles as numbers: how often each term stands in each entry, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, pairwise

import numpy as np

from matcher.arrays import Ints, bounds_of
from matcher.considerations import entry_facts, profile_facts
from matcher.language import sentences
from matcher.passages import Passage
from matcher.records import Entry, Expert
from matcher.store.encoded_experts import EncodedExperts
from matcher.store.profile_table import ProfileTable
from matcher.store.term_weights import entry_norms, wholes
from matcher.store.vocabulary import Vocabulary


def profiles_of(
    read: Sequence[tuple[Expert, Sequence[tuple[Entry, Passage]]]], vocabulary: Vocabulary
) -> ProfileTable:
    """The profiles of experts from their entries as they were read; O(profiles)."""
    experts = [expert for expert, _ in read]
    entries = [entry for _, of_expert in read for entry, _ in of_expert]
    passages = [passage for _, of_expert in read for _, passage in of_expert]
    marks = _marks(passages, vocabulary)
    marked = bounds_of([len(passage.occurrences) for passage in passages])
    counted = [Counter(marks[a:b, 0].tolist()) for a, b in pairwise(marked.tolist())]
    lengths = [len(counts) for counts in counted]
    columns = np.array(list(chain.from_iterable(counted)), dtype=np.int32)
    counts = np.array([n for counts in counted for n in counts.values()], dtype=np.int32)
    weights = np.array([entry.weight for entry in entries], dtype=np.float64)
    owners = np.repeat(np.arange(len(entries)), lengths)
    spans = [sentences(entry.text) for entry in entries]
    whose = np.repeat(np.arange(len(read)), [len(of_expert) for _, of_expert in read])[owners]
    whole_norms, thin = wholes(columns, counts * weights[owners], whose, len(read), vocabulary)
    return ProfileTable(
        EncodedExperts.of(experts),
        thin,
        whole_norms,
        bounds_of([len(of_expert) for _, of_expert in read]),
        weights,
        entry_norms(columns, counts, owners, len(entries), vocabulary.kind_weights),
        bounds_of(lengths),
        columns,
        counts,
        marked,
        marks,
        bounds_of([len(found) for found in spans]),
        np.array([span for found in spans for span in found], dtype=np.int32).reshape(-1, 2),
        entry_facts(entries),
        profile_facts(experts),
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
    terms, starts, ends = list[str](), list[int](), list[int]()
    # Turned round text by text: one call with an argument for each occurrence of all is slow.
    for passage in passages:
        if passage.occurrences:
            of_text = list(zip(*passage.occurrences, strict=True))
            terms += of_text[0]
            starts += of_text[1]
            ends += of_text[2]
    marks = np.empty((len(terms), 3), dtype=np.int32)
    marks[:, 0], marks[:, 1], marks[:, 2] = vocabulary.add(terms), starts, ends
    return marks
