"""The roster searched by free text: its indexes are asked by the words alone.

Nobody is ruled out and nothing beside the subject counts: who reads the roster looks for people,
not for a mission. Those who could be sent come first; the others, who are nominated, dormant or
suspended, come after them, as what is rare among few is not what is rare on the whole roster.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from webapp.core.words.vocabularies import is_jurisdiction
from webapp.matches import rules
from webapp.matches.ranking.roster_index import RosterIndex

if TYPE_CHECKING:
    import matcher

# So many of the best are looked at further; below them hardly anybody bears on what was asked.
MOST = 500


@dataclass(frozen=True)
class Found:
    """Whose profiles bear on some words: the place of each expert, from 1, and how words were read.

    `readings` are misspelt words with the words they were read as.
    """

    places: Mapping[int, int]
    readings: tuple[matcher.ReadAs, ...] = ()
    _results: Sequence[matcher.RankingResult] = field(default=(), repr=False, compare=False)

    def explain(self, expert_ids: Collection[int]) -> dict[int, dict[str, Any]]:
        """Return, by expert, what of the profile bears on the words, of those who were found."""
        told: dict[int, matcher.Explanation] = {}
        for result in self._results:
            ranked = {int(match.expert_id) for match in result.ranked} & self.places.keys()
            ids = [expert_id for expert_id in expert_ids if expert_id in ranked]
            told |= zip(ids, result.explain(map(str, ids)), strict=True)
        return {expert_id: one.to_dict() for expert_id, one in told.items()}


def find(rosters: Sequence[RosterIndex], session: Session, words: str) -> Found:
    """Return whose profiles bear on `words`, best first, those of one index after another's."""
    import matcher

    # A jurisdiction is no subject: who has been there is found by the words of the profile.
    if not words.strip() or is_jurisdiction(words):
        return Found({})
    asked = matcher.Request.from_dict({"id": "search", "title": words})
    results = [
        roster.current(session)[0].rank(asked, top=MOST, constraints=False) for roster in rosters
    ]
    best = max((result.ranked[0].score for result in results if result.ranked), default=0.0)
    found = dict.fromkeys(
        int(match.expert_id)
        for result in results
        for match in result.ranked
        if match.score >= rules.LITTLE * best
    )
    readings = {one.asked: one for result in reversed(results) for one in result.readings}
    places = {expert_id: place for place, expert_id in enumerate(found, start=1)}
    return Found(places, tuple(readings.values()), results)
