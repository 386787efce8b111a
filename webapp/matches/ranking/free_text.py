"""The roster searched by free text: the index of the rankings is asked by the words alone.

Nobody is ruled out and nothing beside the subject counts: who reads the roster looks for people,
not for a mission.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

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
    _result: matcher.RankingResult | None = field(default=None, repr=False, compare=False)

    def explain(self, expert_ids: Collection[int]) -> dict[int, dict[str, Any]]:
        """Return, by expert, what of the profile bears on the words, of those who were found."""
        ids = [expert_id for expert_id in expert_ids if expert_id in self.places]
        if self._result is None or not ids:
            return {}
        told = self._result.explain(map(str, ids))
        return {expert_id: one.to_dict() for expert_id, one in zip(ids, told, strict=True)}


def find(roster: RosterIndex, session: Session, words: str) -> Found:
    """Return whose profiles bear on `words`, best first; people of every state but not active are
    in no index."""
    import matcher

    if not words.strip():
        return Found({})
    index, _revision = roster.current(session)
    asked = matcher.Request.from_dict({"id": "search", "title": words})
    result = index.rank(asked, top=MOST, constraints=False)
    places = {
        int(match.expert_id): match.rank
        for match in result.ranked
        if match.relative >= rules.LITTLE
    }
    return Found(places, result.readings, result)
