"""What each entry and each term of some profiles adds to their scores, and where the terms stand.

Arrays find the few pairs and places that a request and the profiles share; those are then put into
plain lists, which take less time than arrays of so few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from matcher.arrays import Counts, Ints
from matcher.scoring import Parts, score_parts
from matcher.selection import Selection
from matcher.snapshot import Query, Snapshot

# An entry and an offset in its text make one number that grows from entry to entry.
_OFFSET_BITS: Final = 32


class Mark(NamedTuple):
    """A term of the request in ``text[start:end]`` of an entry, within the sentence
    ``text[sentence_start:sentence_end]``, and what the term adds to the score through the entry."""

    term: str
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    share: float


class EntryPart(NamedTuple):
    """What an entry adds to the score, the discount in it, and where it shares terms with the
    request; ``entry`` counts through those of its expert."""

    entry: int
    contribution: float
    discount: float
    marks: list[Mark]


class Shares(NamedTuple):
    """A score, what each term adds to it, in the order of the request, and each entry that adds
    anything, the best first."""

    score: float
    terms: dict[str, float]
    entries: list[EntryPart]


def shares(snapshot: Snapshot, query: Query, selection: Selection) -> list[Shares]:
    """Share out the scores of some profiles; O(their terms + profiles · terms of the request)."""
    parts = score_parts(snapshot, query, selection)
    by_term: list[dict[int, float]] = [{} for _ in range(len(selection))]
    by_entry: list[dict[int, dict[int, float]]] = [{} for _ in range(len(selection))]
    for owner, entry, place, share in _pairs(parts):
        terms = by_term[owner]
        terms[place] = terms.get(place, 0.0) + share
        by_entry[owner].setdefault(entry, {})[place] = share
    marks, discounts = _marks(query, selection), parts.discounts.tolist()
    firsts = (np.cumsum(selection.entry_counts) - selection.entry_counts).tolist()
    return [
        Shares(
            score,
            {query.names[place]: terms[place] for place in sorted(terms)},
            sorted(
                (
                    _entry_part(query, entry - first, held, discounts[entry], marks.get(entry, ()))
                    for entry, held in entries.items()
                ),
                key=lambda part: -part.contribution,
            ),
        )
        for score, terms, entries, first in zip(
            parts.scores(len(selection)).tolist(), by_term, by_entry, firsts, strict=True
        )
    ]


def _pairs(parts: Parts) -> Iterator[tuple[int, int, int, float]]:
    return zip(
        parts.owner.tolist(),
        parts.entry.tolist(),
        parts.place.tolist(),
        (parts.best + parts.whole).tolist(),
        strict=True,
    )


def _entry_part(
    query: Query,
    entry: int,
    held: dict[int, float],
    discount: float,
    marks: Sequence[tuple[int, int, int, int, int]],
) -> EntryPart:
    found = [Mark(query.names[mark[0]], *mark[1:], held[mark[0]]) for mark in marks]
    return EntryPart(entry, sum(held.values()), discount, found)


def _marks(query: Query, selection: Selection) -> dict[int, list[tuple[int, int, int, int, int]]]:
    """For each entry the places of the request's terms in it: term, start and end, start and end of
    the sentence."""
    places = query.places.take(selection.marks[:, 0])
    shared = np.flatnonzero(places >= 0)
    entry = np.searchsorted(np.cumsum(selection.marked), shared, side="right")
    start, end = selection.marks[shared, 1], selection.marks[shared, 2]
    sentenced, sentences = selection.sentenced, selection.sentences
    begins = _position(np.repeat(np.arange(len(sentenced)), sentenced), sentences[:, 0])
    within = np.searchsorted(begins, _position(entry, start), side="right") - 1
    found: dict[int, list[tuple[int, int, int, int, int]]] = {}
    for at, *mark in zip(
        entry.tolist(),
        places[shared].tolist(),
        start.tolist(),
        end.tolist(),
        *sentences[within].T.tolist(),
        strict=True,
    ):
        found.setdefault(at, []).append(tuple(mark))
    return found


def _position(entry: Counts, offset: Counts | Ints) -> Counts:
    positions: Counts = (entry.astype(np.int64) << _OFFSET_BITS) + offset
    return positions
