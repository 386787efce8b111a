"""What the matcher reads in a profile, weightiest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import log
from typing import NamedTuple

from matcher.analysis import Analyzer
from matcher.explanation.wordings import covers, group_under_concepts, wording, wordings
from matcher.passages import Passage, count_terms
from matcher.store import Selection, Snapshot, pivoted_lengths


class ProfileTerm(NamedTuple):
    """What the matcher reads in a profile: wordings, the concept they stand for if any, and their
    weight there."""

    found: str
    concept: str | None
    concept_id: str | None
    weight: float


def top_terms(
    snapshot: Snapshot, analyzer: Analyzer, selected: Selection, n: int
) -> tuple[ProfileTerm, ...]:
    """The terms that weigh most in the one profile selected, summed over its entries, words told
    under the concepts that cover them."""
    (expert,) = selected.experts
    passages = [passage.telling() for _, passage in analyzer.expert_passages(expert)]
    lengths = pivoted_lengths(selected.norms, snapshot.means.entry, snapshot.settings)
    scales = (selected.weights / lengths).tolist()
    return terms_of(list(zip(passages, scales, strict=True)), analyzer, snapshot.weight)[:n]


def terms_of(
    scaled: Sequence[tuple[Passage, float]], analyzer: Analyzer, weight: Callable[[str], float]
) -> tuple[ProfileTerm, ...]:
    """The terms of some passages, weightiest first; each passage counts as much as is said."""
    passages = [passage for passage, _ in scaled]
    weights: dict[str, float] = {}
    for passage, scale in scaled:
        for term, count in count_terms([passage]).items():
            weights[term] = weights.get(term, 0.0) + scale * (1.0 + log(count)) * weight(term)
    members, found = group_under_concepts(weights, covers(passages)), wordings(passages)
    terms = [
        ProfileTerm(
            wording(found, group), *analyzer.label(leader), max(weights[term] for term in group)
        )
        for leader, group in members.items()
    ]
    # Named subjects come first among those of the same words, so that it is they who are told.
    terms.sort(key=lambda told: (told.concept is None, -told.weight, told.found))
    return tuple(sorted(_without_repeats(terms), key=lambda told: (-told.weight, told.found)))


def _without_repeats(terms: Iterable[ProfileTerm]) -> Iterator[ProfileTerm]:
    """Those that hold a wording that none before them has."""
    seen: set[str] = set()
    for term in terms:
        wordings = {written.casefold() for written in term.found.split(", ")}
        if not wordings <= seen:
            seen |= wordings
            yield term
