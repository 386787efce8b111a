"""The roster by term, in a few segments of which only the smallest changes with an edit.

A :class:`Block` holds some profiles as postings by term, in 32 bits; it tells who may stand at the
top, and :mod:`matcher.scoring.exact` then scores those few exactly. Nothing in a block changes once
made, so any number of threads may rank on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from matcher.arrays import Mask, Singles
from matcher.eligibility import ConstraintTable
from matcher.settings import Settings
from matcher.store.length_normalization import MeanLengths, greatest_shrinkage
from matcher.store.postings import Postings
from matcher.store.profile_table import ProfileTable
from matcher.store.selection import Selection

# Edits since the last ranking or the last few are kept in a block of this many profiles at most,
# because it is made anew by each edit.
_FRESH_AT_MOST: Final = 32
# A larger one takes those over; when it holds more than this share of the roster (and more than a
# handful), it goes into a large block.
_RECENT_SHARE: Final = 0.02
_RECENT_HANDFUL: Final = 512
# Drawing up a block takes several times the memory of the block itself, so a large roster is
# drawn up in several.
_BLOCK_AT_MOST: Final = 100_000


@dataclass(frozen=True, eq=False)
class Block:
    """Some profiles with their postings, drawn up with the ``means`` of that day."""

    profiles: ProfileTable
    postings: Postings
    constraint_table: ConstraintTable
    means: MeanLengths

    @classmethod
    def of(
        cls, profiles: ProfileTable, terms: int, means: MeanLengths, settings: Settings
    ) -> Block:
        """Draw up a block; O(number of counts)."""
        return cls(
            profiles=profiles,
            postings=Postings.of(profiles, terms, means, settings),
            constraint_table=ConstraintTable.of(list(profiles.experts.constraints())),
            means=means,
        )

    def bounds(
        self, query: Mapping[int, float], means: MeanLengths, weak: Iterable[Collection[int]] = ()
    ) -> Singles:
        """Upper bounds of the scores of all profiles for a weighted query, by column, at the means
        of today; shape (profiles,). ``weak`` are kinds of its columns that
        are no score alone."""
        slack = greatest_shrinkage(self.means, means)
        return self.postings.bounds(
            {column: weight * slack for column, weight in query.items()}, weak
        )


def is_full(block: Block) -> bool:
    """Whether a block has as many profiles as are drawn up together."""
    return len(block.profiles) >= _BLOCK_AT_MOST


class BlockView(NamedTuple):
    """A block within a snapshot, which of its profiles still count, and which of those have enough
    terms to be ranked."""

    block: Block
    alive: Mask
    rankable: Mask

    def living(self) -> Selection:
        """Those that still count."""
        return Selection([(self.block.profiles, np.flatnonzero(self.alive))])

    def without(self, place: int) -> BlockView:
        """The same view with one of its profiles not counted."""
        others = np.arange(len(self.alive)) != place
        return BlockView(self.block, self.alive & others, self.rankable & others)


class _EditableBlock:
    """A block whose profiles fall out one by one as they are edited."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.living = len(block.profiles)
        self._alive = np.ones(self.living, dtype=np.bool_)

    def __contains__(self, expert_id: object) -> bool:
        return isinstance(expert_id, str) and self._find(expert_id) is not None

    def pop(self, expert_id: str) -> ProfileTable:
        place = self._find(expert_id)
        if place is None:
            raise KeyError(expert_id)
        self._alive[place] = False
        self.living -= 1
        return Selection([(self.block.profiles, np.array([place]))]).gathered()

    def _find(self, expert_id: str) -> int | None:
        place = self.block.profiles.experts.find(expert_id)
        return place if place is not None and self._alive[place] else None

    def part(self) -> BlockView:
        return BlockView(self.block, self._alive.copy(), self._alive & ~self.block.profiles.thin)


class Blocks:
    """All profiles of a roster, in blocks. Not safe to share among threads; its parts are."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._fresh: dict[str, ProfileTable] = {}
        self._recent = self._segment([], 0, MeanLengths(0.0, 0.0))
        self._large: list[_EditableBlock] = []

    def __len__(self) -> int:
        return len(self._fresh) + sum(segment.living for segment in self._blocks)

    def __contains__(self, expert_id: object) -> bool:
        return expert_id in self._fresh or any(expert_id in s for s in self._blocks)

    @property
    def _blocks(self) -> Sequence[_EditableBlock]:
        return [*self._large, self._recent]

    def put(self, profile: ProfileTable) -> None:
        """Take in the profile of one expert who is not there."""
        self._fresh[profile.id_of(0)] = profile

    def pop(self, expert_id: str) -> ProfileTable:
        """Take out the profile of an expert who is there."""
        if expert_id in self._fresh:
            return self._fresh.pop(expert_id)
        return next(s for s in self._blocks if expert_id in s).pop(expert_id)

    def fill(self, pieces: Iterable[ProfileTable], terms: int, means: MeanLengths) -> None:
        """Take in a whole roster, where there is nobody yet."""
        self._large = list(self._drawn_up(pieces, terms, means))

    def restore(self, blocks: Iterable[Block]) -> None:
        """Take in blocks that were drawn up before, where there is nobody yet."""
        self._large = [_EditableBlock(block) for block in blocks]

    def parts(self, terms: int, means: MeanLengths) -> tuple[BlockView, ...]:
        """The roster of this moment. Each profile is moved to a larger block a few times in its
        life, so an edit costs O(profile) on average."""
        if len(self._fresh) > _FRESH_AT_MOST:
            recent = [self._recent.part().living().gathered(), *self._fresh.values()]
            large = sum(len(segment.block.profiles) for segment in self._large)
            if sum(map(len, recent)) > max(_RECENT_HANDFUL, _RECENT_SHARE * large):
                self._enlarge(recent, terms, means)
                recent = []
            self._recent = self._segment(recent, terms, means)
            self._fresh.clear()
        fresh = self._segment(list(self._fresh.values()), terms, means)
        segments = (*self._blocks, fresh)
        return tuple(s.part() for s in segments if len(s.block.profiles))

    def _enlarge(self, more: list[ProfileTable], terms: int, means: MeanLengths) -> None:
        """Draw up anew the large block that has fewest profiles left, and some more with it."""
        fewest = min(self._large, key=lambda segment: segment.living, default=None)
        left = [] if fewest is None else [fewest.part().living().gathered()]
        drawn_up = list(self._drawn_up([*left, *more], terms, means))
        self._large = [segment for segment in self._large if segment is not fewest] + drawn_up

    def _drawn_up(
        self, pieces: Iterable[ProfileTable], terms: int, means: MeanLengths
    ) -> Iterator[_EditableBlock]:
        """Large blocks, each drawn up before more pieces than it needs are looked at."""
        waiting, size = list[ProfileTable](), 0
        for piece in pieces:
            waiting.append(piece)
            size += len(piece)
            if size >= _BLOCK_AT_MOST:
                together = ProfileTable.joined(waiting)
                full = size - size % _BLOCK_AT_MOST
                for at in range(0, full, _BLOCK_AT_MOST):
                    block = together.stretch(at, at + _BLOCK_AT_MOST)
                    yield self._segment([block], terms, means)
                waiting, size = [together.stretch(full, size)], size - full
        if size:
            yield self._segment(waiting, terms, means)

    def _segment(
        self, profiles: Sequence[ProfileTable], terms: int, means: MeanLengths
    ) -> _EditableBlock:
        return _EditableBlock(Block.of(ProfileTable.joined(profiles), terms, means, self._settings))
