"""What each entry and each term of some profiles adds to their scores, and where the terms stand.

Everything is worked out for all the profiles at once: entries are counted through those of all
profiles, and a term is known by its place in the request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from matcher.arrays import Counts, Floats, Ints, added_up
from matcher.scoring.exact import Contributions, ScoredProfiles
from matcher.store import Query, Selection, look_up_contributions


class Marks(NamedTuple):
    """Where the request's terms stand, by entry and start: in which entry, which term, from where
    to where in the text, and what the term adds there; shapes (marks,)."""

    entry: Counts
    place: Ints
    start: Ints
    end: Ints
    share: Floats


@dataclass(frozen=True, eq=False)
class ContributionSums:
    """What the scores of some profiles are made of.

    ``by_term`` has for each profile what each term that it shares with the request adds to the
    score, in the order of the request. ``by_entry`` is what each entry adds; shape (entries,).
    ``entries`` are those that add anything, by profile, and of each profile the best first.
    """

    by_term: Sequence[dict[int, float]]
    by_entry: Floats
    entries: Counts
    marks: Marks


def sum_contributions(query: Query, scored: ScoredProfiles) -> ContributionSums:
    """Share out the scores of some profiles; O(their terms + profiles · terms of the request)."""
    selection, parts, _ = scored
    by_entry = added_up(parts.entry, parts.share, len(selection.owners))
    entries = by_entry.nonzero()[0]
    entries = entries[np.lexsort((-by_entry[entries], selection.owners[entries]))]
    return ContributionSums(
        by_term=_by_term(parts, len(selection), len(query.weights)),
        by_entry=by_entry,
        entries=entries,
        marks=_marks(query, selection, parts),
    )


def _by_term(parts: Contributions, profiles: int, terms: int) -> list[dict[int, float]]:
    subject = parts.owner * terms + parts.place
    has = np.flatnonzero(np.bincount(subject, minlength=profiles * terms))
    place = (has % terms).tolist() if terms else []
    added = added_up(subject, parts.share, profiles * terms)[has].tolist()
    ends = np.searchsorted(has, np.arange(profiles + 1) * terms).tolist()
    return [
        dict(zip(place[first:last], added[first:last], strict=True))
        for first, last in pairwise(ends)
    ]


def _marks(query: Query, selection: Selection, parts: Contributions) -> Marks:
    entry, marks = selection.query_marks(query.places)
    order = np.lexsort((marks[:, 1], entry))
    entry, marks = entry[order], marks[order]
    share = np.empty(len(entry))
    look_up_contributions(
        parts.entry, parts.place, parts.share, entry, marks[:, 0],
        np.zeros(len(query.weights)), share,
    )  # fmt: skip
    place, start, end = marks.T
    return Marks(entry, place, start, end, share)
