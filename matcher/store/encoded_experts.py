"""Experts as the bytes of their records, each read when it is asked for: a roster of a hundred
thousand has no objects, and may stay in a file."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import Counts, Mask, bounds_of, joined, stretches
from matcher.records import Expert

# Bytes in which nearly every id has ended; the record behind it is long.
_MOST_IDS: Final = 64
Bytes = NDArray[np.uint8]
_CONSTRAINTS: Final = frozenset(
    {
        "id",
        "languages",
        "jurisdiction",
        "announced_jurisdictions",
        "excluded_jurisdictions",
        "unavailable",
        "booked",
        "max_days",
        "approved_until",
        "notice_days",
        "most_missions",
    }
)


@dataclass(frozen=True, eq=False)
class EncodedExperts(Sequence[Expert]):
    """Some experts; the record of expert ``e`` is ``text[bounds[e]:bounds[e + 1]]``: the id, a line
    break, and the record as JSON. ``hashes`` has a hash of each id, shape (experts,)."""

    text: Bytes
    bounds: Counts
    hashes: NDArray[np.uint64]

    @classmethod
    def of(cls, experts: Iterable[Expert]) -> EncodedExperts:
        """Encode some experts."""
        records, hashes = [], []
        for expert in experts:
            records.append(f"{expert.id}\n{json.dumps(expert.to_dict())}".encode())
            hashes.append(_hash(expert.id))
        text = np.frombuffer(b"".join(records), dtype=np.uint8)
        lengths = [len(record) for record in records]
        return cls(text, bounds_of(lengths), np.array(hashes, dtype=np.uint64))

    @classmethod
    def joined(cls, pieces: Sequence[EncodedExperts]) -> EncodedExperts:
        """Experts one after the other."""
        lengths = joined([np.diff(piece.bounds) for piece in pieces], np.int64)
        return cls(
            joined([piece.text for piece in pieces], np.uint8),
            bounds_of(lengths),
            joined([piece.hashes for piece in pieces], np.uint64),
        )

    def __len__(self) -> int:
        return len(self.hashes)

    def __iter__(self) -> Iterator[Expert]:
        return (self[place] for place in range(len(self)))

    @overload
    def __getitem__(self, place: int) -> Expert: ...
    @overload
    def __getitem__(self, place: slice) -> EncodedExperts: ...
    def __getitem__(self, place: int | slice) -> Expert | EncodedExperts:
        if isinstance(place, slice):
            first, last, _ = place.indices(len(self))
            bounds = self.bounds[first : last + 1]
            return EncodedExperts(
                self.text[bounds[0] : bounds[-1]], bounds - bounds[0], self.hashes[first:last]
            )
        return Expert.from_dict(json.loads(self._record(place).partition(b"\n")[2]))

    def constraints(self) -> Iterator[Expert]:
        """The experts with nothing but what the hard constraints ask, which is read faster."""
        return map(self.constraints_of, range(len(self)))

    def constraints_of(self, place: int) -> Expert:
        """The expert at a place with nothing but what the hard constraints ask."""
        row = json.loads(self._record(place).partition(b"\n")[2])
        return Expert.from_dict({name: row[name] for name in _CONSTRAINTS & row.keys()})

    def id_of(self, place: int) -> str:
        """The id of the expert at a place."""
        return self.ids_of(np.array([place]))[0]

    def ids_of(self, places: Counts) -> list[str]:
        """The ids of the experts at some places."""
        text = self.text.data
        starts, stops = self.bounds[places].tolist(), self.bounds[places + 1].tolist()
        found = []
        for start, stop in zip(starts, stops, strict=True):
            beginning = bytes(text[start : min(start + _MOST_IDS, stop)])
            end = beginning.find(b"\n")
            whole = beginning if end >= 0 else bytes(text[start:stop])
            found.append(whole.partition(b"\n")[0].decode())
        return found

    def only(self, places: Counts) -> EncodedExperts:
        """A copy of the experts at some places, without the others."""
        starts, stops = self.bounds[places], self.bounds[places + 1]
        return EncodedExperts(
            self.text[stretches(starts, stops)], bounds_of(stops - starts), self.hashes[places]
        )

    def find(self, expert_id: str) -> int | None:
        """The place of the expert with an id."""
        wanted = np.uint64(_hash(expert_id))
        hashes, places = self._by_hash
        first = int(np.searchsorted(hashes, wanted))
        while first < len(hashes) and hashes[first] == wanted:
            if self.id_of(int(places[first])) == expert_id:
                return int(places[first])
            first += 1
        return None

    def are_of(self, expert_ids: Collection[str]) -> Mask:
        """Whether each expert has one of some ids; shape (experts,)."""
        wanted = np.array([_hash(expert_id) for expert_id in expert_ids], dtype=np.uint64)
        places = np.flatnonzero(np.isin(self.hashes, wanted))
        known = set(expert_ids)
        mask = np.zeros(len(self.hashes), dtype=np.bool_)
        mask[places] = [expert_id in known for expert_id in self.ids_of(places)]
        return mask

    @cached_property
    def _by_hash(self) -> tuple[NDArray[np.uint64], Counts]:
        places = np.argsort(self.hashes, kind="stable")
        return self.hashes[places], places

    def _record(self, place: int) -> bytes:
        return self.text[self.bounds[place] : self.bounds[place + 1]].tobytes()


def _hash(expert_id: str) -> int:
    """A number of 64 bits; who looks for an id compares the ids themselves too."""
    digest = blake2b(expert_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
