"""What all profiles together amount to: how many entries, and how long they are on average."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.arrays import Floats
from matcher.store.length_normalization import MeanLengths
from matcher.store.profile_table import ProfileTable

# Lengths are added up in whole units of this share, so that the sum is exactly the same whatever
# came and went before.
_UNIT: Final = 2.0**-32


@dataclass
class CollectionStatistics:
    """Sums over profiles that come and go; ``entries`` counts those with a term."""

    entries: int = 0
    _profiles: int = 0
    _entry_units: int = 0
    _whole_units: int = 0

    @property
    def sums(self) -> list[int]:
        """What :meth:`restored` takes."""
        return [self.entries, self._profiles, self._entry_units, self._whole_units]

    @classmethod
    def restored(cls, sums: Iterable[int]) -> CollectionStatistics:
        """The tally that had these sums."""
        entries, profiles, entry_units, whole_units = map(int, sums)
        return cls(entries, profiles, entry_units, whole_units)

    @property
    def means(self) -> MeanLengths:
        """Mean lengths of entries and of whole profiles, of those that have a term; 0 of none."""
        return MeanLengths(
            self._entry_units * _UNIT / max(1, self.entries),
            self._whole_units * _UNIT / max(1, self._profiles),
        )

    def count(self, profiles: ProfileTable, sign: int) -> None:
        """Add some profiles (+1) or take them away (-1)."""
        self.entries += sign * int(np.count_nonzero(np.diff(profiles.terms)))
        self._profiles += sign * int(np.count_nonzero(profiles.whole_norms))
        self._entry_units += sign * _units(profiles.norms)
        self._whole_units += sign * _units(profiles.whole_norms)


def _units(lengths: Floats) -> int:
    return int(np.rint(lengths / _UNIT).astype(np.int64).sum())
