"""The edits of a roster folded into its large blocks, as it is saved: of those who are gone nothing
stays, neither their profiles nor words that only they had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.arrays import Counts
from matcher.store.blocks import Block, Blocks, is_full
from matcher.store.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Folded:
    """The blocks of a roster without edits beside them, its terms by column, and how many entries
    have each."""

    blocks: Sequence[Block]
    terms: Sequence[str]
    frequencies: Counts


def folded(snapshot: Snapshot, terms: Sequence[str]) -> Folded:
    """Fold a snapshot, whose columns are those of ``terms``; O(roster) if anything was edited."""
    parts, frequencies = snapshot.parts, snapshot.frequencies
    whole = bool(frequencies.all()) and all(part.alive.all() for part in parts)
    if whole and all(is_full(part.block) for part in parts[:-1]):
        return Folded([part.block for part in parts], terms, frequencies)
    used = np.flatnonzero(frequencies)
    numbers = np.full(len(frequencies), -1, dtype=np.int32)
    numbers[used] = np.arange(len(used))
    segments = Blocks(snapshot.settings)
    segments.fill(
        (part.living().gathered().renumbered(numbers) for part in parts),
        len(used),
        snapshot.means,
    )
    blocks = [part.block for part in segments.parts(len(used), snapshot.means)]
    return Folded(blocks, [terms[column] for column in used.tolist()], frequencies[used])
