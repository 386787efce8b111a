"""One ranking taken apart, step by step, for whoever wants to follow it with the eye."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.analysis import Analyzer
from matcher.explanation import Explanation
from matcher.index import ExpertIndex
from matcher.passages import FAMILY_MARK, SENSE_MARK, concept_of, is_word
from matcher.records import Request
from matcher.scoring import score_contributions


@dataclass(frozen=True)
class QueryTerm:
    """A term of a request: ``kind`` is word, concept, broad subject or everyday sense, ``wording``
    what stands there, ``name`` the stem or the label, ``entries`` how many entries of the roster
    have it, and ``weight`` its weight in the request (those of all terms have Euclidean length 1).
    """

    kind: str
    name: str
    wording: str
    entries: int
    weight: float


@dataclass(frozen=True)
class ScoreComponents:
    """The two addends of what the words of a score earn, before what is weighed beside them: the
    best entries, discounted, and the profile as a whole."""

    expert_id: str
    best: float
    whole: float


def query_terms(index: ExpertIndex, request: Request) -> list[QueryTerm]:
    """The terms of a request that somebody has, weightiest first."""
    asked = index.asked(request)
    snapshot, query = asked.snapshot, asked.query
    found = []
    for column, weight in query.weights.items():
        term = query.terms[column]
        wordings = (w for passage in asked.passages for w in passage.surfaces(term))
        found.append(
            QueryTerm(
                _kind(term),
                _name(asked.analyzer, term),
                ", ".join(dict.fromkeys(wordings)),
                int(snapshot.frequencies[column]),
                # The other factor of rarity is the profile's share of it.
                weight / snapshot.weight(term),
            )
        )
    return sorted(found, key=lambda term: (-term.weight, term.kind, term.name))


def _kind(term: str) -> str:
    if is_word(term):
        return "word"
    if term.startswith(SENSE_MARK):
        return "everyday sense"
    return "broad subject" if term.startswith(FAMILY_MARK) else "concept"


def _name(analyzer: Analyzer, term: str) -> str:
    if term.startswith(SENSE_MARK):
        return analyzer.thesaurus.senses[term.removeprefix(SENSE_MARK)].label
    concept = concept_of(term)
    return analyzer.thesaurus.concepts[concept].label if concept else term


def by_subject(explanation: Explanation) -> dict[str, float]:
    """What each subject of the request adds to a score: the concept, or the words asked for."""
    added: dict[str, float] = {}
    for term in explanation.shares:
        subject = term.concept or term.asked
        added[subject] = added.get(subject, 0.0) + term.contribution
    return added


def score_components(
    index: ExpertIndex, request: Request, expert_ids: Sequence[str]
) -> list[ScoreComponents]:
    """What best entries and whole profile add to the scores of some experts."""
    asked = index.asked(request)
    found = []
    for expert_id in expert_ids:
        parts = score_contributions(asked.snapshot, asked.query, asked.snapshot.select([expert_id]))
        found.append(ScoreComponents(expert_id, float(parts.best.sum()), float(parts.whole.sum())))
    return found
