"""What each entry and each term of some profiles adds to their scores, and where the terms stand.

Everything is worked out for all the profiles at once: entries are counted through those of all
profiles, and a term is known by its place in the request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.arrays import Counts, Floats, Ints, Mask, added_up, joined
from matcher.profile import Profile
from matcher.scoring import Parts, score_parts
from matcher.snapshot import Query, Snapshot


@dataclass(frozen=True, eq=False)
class Marks:
    """Where the request's terms stand: in which entry, which term, from where to where in the text,
    and what the term adds there; shapes (marks,). Those of the best entries come first."""

    entry: Counts
    place: Ints
    start: Ints
    end: Ints
    share: Floats


@dataclass(frozen=True, eq=False)
class Shares:
    """The scores of some profiles, shape (profiles,), and what they are made of.

    ``has`` says which profile has which term, and ``by_term`` what it adds to the score; shapes
    (profiles, terms of the request). ``by_entry`` is what each entry adds, ``discounts`` what it is
    multiplied by and ``owners`` its profile; shapes (entries,). ``entries`` are those that add
    anything, by profile, and of each profile the best first.
    """

    scores: Floats
    has: Mask
    by_term: Floats
    by_entry: Floats
    discounts: Floats
    owners: Counts
    entries: Counts
    marks: Marks


def shares(snapshot: Snapshot, query: Query, profiles: Sequence[Profile]) -> Shares:
    """Share out the scores of some profiles; O(their terms + profiles · terms of the request)."""
    parts = score_parts(snapshot, query, profiles)
    share = parts.best + parts.whole
    shape = len(profiles), len(query.weights)
    pairs = parts.owner * shape[1] + parts.place
    has = np.zeros(shape, dtype=np.bool_)
    has.flat[pairs] = True
    by_entry = added_up(parts.entry, share, len(parts.owners))
    entries = np.flatnonzero(np.bincount(parts.entry, minlength=len(parts.owners)))
    entries = entries[np.lexsort((-by_entry[entries], parts.owners[entries]))]
    return Shares(
        scores=parts.scores(len(profiles)),
        has=has,
        by_term=added_up(pairs, share, has.size).reshape(shape),
        by_entry=by_entry,
        discounts=parts.discounts,
        owners=parts.owners,
        entries=entries,
        marks=_marks(query, profiles, parts, entries),
    )


def _marks(query: Query, profiles: Sequence[Profile], parts: Parts, entries: Counts) -> Marks:
    marks = joined([profile.marks for profile in profiles], np.int32, width=3)
    marked = joined([profile.marked for profile in profiles], np.int32)
    places = query.places[marks[:, 0]]
    shared = np.flatnonzero(places >= 0)
    entry = np.repeat(np.arange(len(marked)), marked)[shared]
    standing = np.empty(len(marked), dtype=np.int64)
    standing[entries] = np.arange(len(entries))
    order = np.argsort(standing[entry], kind="stable")
    shared, entry = shared[order], entry[order]
    place = places[shared]
    return Marks(
        entry,
        place,
        marks[shared, 1],
        marks[shared, 2],
        _share_of(parts, entry * len(query.weights) + place, len(query.weights)),
    )


def _share_of(parts: Parts, keys: Counts, terms: int) -> Floats:
    """What each pair of entry and term, as one number, adds to the score."""
    known = parts.entry * terms + parts.place
    order = np.argsort(known)
    found: Floats = (parts.best + parts.whole)[order[np.searchsorted(known[order], keys)]]
    return found
