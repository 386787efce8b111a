"""What each entry and term of a profile adds to its score, with the entry's text and the places of
the terms in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcher.analysis import Passage
from matcher.asked import Asked
from matcher.profile import Profile
from matcher.records import Entry
from matcher.scoring import score_parts


@dataclass(frozen=True)
class Shares:
    """An entry that shares terms with the request, and what each of them adds to the score.

    ``passage`` holds the shared terms only; ``discount`` is ``(1-r) r^(i-1)`` for the i-th best
    entry.
    """

    entry: Entry
    passage: Passage
    discount: float
    terms: Mapping[str, float]

    @property
    def total(self) -> float:
        """What the entry adds to the score."""
        return sum(self.terms.values())


def shares(asked: Asked, profiles: Sequence[Profile]) -> Iterator[list[Shares]]:
    """For each profile the shares of all entries that have any, those that add most first; they add
    up to the score."""
    query = asked.query
    parts = score_parts(asked.snapshot, query, profiles)
    terms: dict[int, dict[str, float]] = {}
    for entry, column, share in zip(
        parts.entry.tolist(),
        parts.column.tolist(),
        (parts.best + parts.whole).tolist(),
        strict=True,
    ):
        terms.setdefault(entry, {})[query.terms[column]] = share
    first = 0
    for profile in profiles:
        entries = asked.analyzer.expert_entries(profile.expert)
        found = [
            Shares(
                entry,
                Passage(entry.text, tuple(occurrences)),
                float(parts.discounts[first + place]),
                terms[first + place],
            )
            for place, (entry, occurrences) in enumerate(
                zip(entries, profile.occurrences(query.terms, query.dense > 0), strict=True)
            )
            if first + place in terms
        ]
        yield sorted(found, key=lambda share: -share.total)
        first += len(entries)
