"""What each entry and each term of some profiles adds to their scores, and where the terms stand.

Everything is worked out for all the profiles at once: entries are counted through those of all
profiles, and a term is known by its place in the request.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import Counts, Floats, Ints, Mask, added_up
from matcher.scoring import Parts, score_parts
from matcher.selection import Selection
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
    (profiles, terms of the request). ``by_entry`` is what each entry adds; shape (entries,).
    ``entries`` are those that add anything, by profile, and of each profile the best first.
    """

    scores: Floats
    has: Mask
    by_term: Floats
    by_entry: Floats
    entries: Counts
    marks: Marks


def shares(snapshot: Snapshot, query: Query, selection: Selection) -> Shares:
    """Share out the scores of some profiles; O(their terms + profiles · terms of the request)."""
    parts = score_parts(snapshot, query, selection)
    share = parts.best + parts.whole
    shape = len(selection), len(query.weights)
    has = np.zeros(shape, dtype=np.bool_)
    has[parts.owner, parts.place] = True
    size = len(selection.owners)
    by_entry = added_up(parts.entry, share, size)
    entries = by_entry.nonzero()[0]
    entries = entries[np.lexsort((-by_entry[entries], selection.owners[entries]))]
    pairs = parts.owner * shape[1] + parts.place
    return Shares(
        scores=parts.scores(len(selection)),
        has=has,
        by_term=added_up(pairs, share, has.size).reshape(shape),
        by_entry=by_entry,
        entries=entries,
        marks=_marks(query, selection, parts, entries),
    )


def _marks(query: Query, selection: Selection, parts: Parts, entries: Counts) -> Marks:
    marks, marked = selection.marks, selection.marked
    places = query.places.take(marks[:, 0])
    shared = np.flatnonzero(places >= 0)
    # The entry of a mark is the first that ends behind it.
    entry = np.searchsorted(np.cumsum(marked), shared, side="right")
    standing = np.empty(len(marked), dtype=np.int64)
    standing[entries] = np.arange(len(entries))
    order = np.argsort(standing[entry], kind="stable")
    shared, entry = shared[order], entry[order]
    place = places[shared]
    keys = entry * len(query.weights) + place
    share = _share_of(parts, keys, len(query.weights))
    return Marks(entry, place, marks[shared, 1], marks[shared, 2], share)


def _share_of(parts: Parts, keys: Counts, terms: int) -> Floats:
    """What each pair of entry and term, as one number, adds to the score."""
    known = parts.entry * terms + parts.place
    order = np.argsort(known)
    found: Floats = (parts.best + parts.whole)[order[np.searchsorted(known[order], keys)]]
    return found
