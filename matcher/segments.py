"""The roster by term, in a few segments of which only the smallest changes with an edit.

A :class:`Block` holds some profiles as postings by term, in 32 bits; it tells who may stand at the
top, and :mod:`matcher.scoring` then scores those few exactly. Nothing in a block changes once made,
so any number of threads may rank on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from matcher.arrays import Mask, Singles
from matcher.pivot import Means, drift
from matcher.postings import Postings
from matcher.profile import Profile
from matcher.screening import Screen
from matcher.settings import Settings

# Edits since the last ranking or the last few are kept in a block of this many profiles at most,
# because it is made anew by each edit.
_FRESH_AT_MOST: Final = 32
# A larger one takes those over; when it holds more than this share of the roster (and more than a
# handful), everything goes into a new large block.
_RECENT_SHARE: Final = 0.02
_RECENT_HANDFUL: Final = 512
# Drawing up a block takes several times the memory of the block itself, so a large roster is
# drawn up in several.
_BLOCK_AT_MOST: Final = 100_000


@dataclass(frozen=True, eq=False)
class Block:
    """Some profiles with their postings, drawn up with the ``means`` of that day; ``thin`` says who
    has too few terms to be ranked."""

    profiles: tuple[Profile, ...]
    places: Mapping[str, int]
    postings: Postings
    thin: Mask
    screen: Screen
    means: Means

    @classmethod
    def of(cls, profiles: Iterable[Profile], terms: int, means: Means, settings: Settings) -> Block:
        """Draw up a block; O(number of counts)."""
        profiles = tuple(profiles)
        return cls(
            profiles=profiles,
            places={profile.expert.id: place for place, profile in enumerate(profiles)},
            postings=Postings.of(profiles, terms, means, settings),
            thin=np.array([profile.is_thin for profile in profiles], dtype=np.bool_),
            screen=Screen.of([profile.expert for profile in profiles]),
            means=means,
        )

    def bounds(self, query: Mapping[int, float], means: Means) -> Singles:
        """Upper bounds of the scores of all profiles for a weighted query, by column, at the means
        of today; shape (profiles,)."""
        slack = drift(self.means, means)
        return self.postings.bounds({column: weight * slack for column, weight in query.items()})


class Part(NamedTuple):
    """A block within a snapshot, and which of its profiles still count."""

    block: Block
    alive: Mask


class _Segment:
    """A block whose profiles fall out one by one as they are edited."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self._alive = np.ones(len(block.profiles), dtype=np.bool_)

    def drop(self, expert_id: str) -> None:
        place = self.block.places.get(expert_id)
        if place is not None:
            self._alive[place] = False

    def living(self) -> list[Profile]:
        return [self.block.profiles[place] for place in np.flatnonzero(self._alive).tolist()]

    def part(self) -> Part:
        return Part(self.block, self._alive.copy())


class Segments:
    """All profiles of a roster, in blocks. Not safe to share among threads; its parts are."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._fresh: dict[str, Profile] = {}
        self._recent = self._segment((), 0, Means(0.0, 0.0))
        self._large: list[_Segment] = []

    def put(self, profile: Profile) -> None:
        """Take in a profile, in place of the one with the same id."""
        self.drop(profile.expert.id)
        self._fresh[profile.expert.id] = profile

    def drop(self, expert_id: str) -> None:
        """Take out a profile, if it is there."""
        self._fresh.pop(expert_id, None)
        for segment in (self._recent, *self._large):
            segment.drop(expert_id)

    def parts(self, terms: int, means: Means) -> tuple[Part, ...]:
        """The roster of this moment. Each profile is moved to a larger block a few times in its
        life, so an edit costs O(profile) on average."""
        if len(self._fresh) > _FRESH_AT_MOST:
            recent = [*self._recent.living(), *self._fresh.values()]
            self._fresh.clear()
            large = sum(len(segment.block.profiles) for segment in self._large)
            if len(recent) > max(_RECENT_HANDFUL, _RECENT_SHARE * large):
                self._draw_up_anew(recent, terms, means)
            else:
                self._recent = self._segment(recent, terms, means)
        fresh = self._segment(self._fresh.values(), terms, means)
        segments = (*self._large, self._recent, fresh)
        return tuple(s.part() for s in segments if s.block.profiles)

    def _draw_up_anew(self, recent: Iterable[Profile], terms: int, means: Means) -> None:
        everybody = [p for segment in self._large for p in segment.living()]
        everybody += recent
        self._large = [
            self._segment(everybody[at : at + _BLOCK_AT_MOST], terms, means)
            for at in range(0, len(everybody), _BLOCK_AT_MOST)
        ]
        self._recent = self._segment((), 0, means)

    def _segment(self, profiles: Iterable[Profile], terms: int, means: Means) -> _Segment:
        return _Segment(Block.of(profiles, terms, means, self._settings))
