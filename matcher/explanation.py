"""Why an expert has the score: shares per term and per entry that add up to it, and the words
behind them.

The two parts of a score are those of :mod:`matcher.scoring`. What the profile as a whole adds for
a term is shared out among the entries in proportion to their weighted counts of it, so each pair of
entry and term has an exact share.

Shares are grouped by the wording of the request for the reader: a word that stands only within the
wording of a concept which is shared too ("physical" in "physical security") is told under that
concept, and so is the broad subject of a shared concept.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log
from typing import Any, Final

from matcher.analysis import (
    CONCEPT_MARK,
    FAMILY_MARK,
    Analyzer,
    concept_of,
    count_terms,
)
from matcher.asked import Asked, ReadAs
from matcher.profile import Profile
from matcher.scoring import SCORE_DECIMALS
from matcher.segments import pivoted
from matcher.shares import Shares, shares
from matcher.snapshot import Snapshot
from matcher.text import sentences
from matcher.wordings import covers, told_together, wording, wordings

_LACKING_WORDS_AT_MOST: Final = 5


@dataclass(frozen=True)
class TermShare:
    """What one subject of the request contributes.

    ``asked`` is the request's wording and ``found`` the profile's, each wording once, joined by
    commas; ``concept`` is the English label if the thesaurus brought the two together, and
    ``concept_id`` its id.
    """

    term: str
    asked: str
    found: str
    concept: str | None
    concept_id: str | None
    contribution: float


@dataclass(frozen=True)
class EntryShare:
    """What one entry of the profile contributes.

    ``sentence`` is ``text[start:end]``, verbatim, the sentence that holds most of the contribution;
    ``highlights`` are the shared words in it, as offsets into ``sentence``. ``discount`` is
    ``(1-r) r^(i-1)`` for the i-th best entry taken by itself; ``contribution`` is after it and
    holds the entry's part in the profile as a whole.
    """

    kind: str
    title: str
    text: str
    sentence: str
    start: int
    end: int
    highlights: tuple[tuple[int, int], ...]
    contribution: float
    discount: float


@dataclass(frozen=True)
class Lacking:
    """A subject the request asks for and the profile lacks: its wording, and the concept if there
    is one."""

    asked: str
    concept: str | None
    concept_id: str | None


@dataclass(frozen=True)
class Explanation:
    """The whole of a score; both the terms' and the entries' contributions add up to ``score``.

    ``readings`` are the misspelt words of the request, whether or not this profile has them.
    """

    expert_id: str
    score: float
    terms: tuple[TermShare, ...]
    entries: tuple[EntryShare, ...]
    lacking: tuple[Lacking, ...]
    readings: tuple[ReadAs, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The explanation as JSON can hold it."""
        return dataclasses.asdict(self)


@dataclass(frozen=True)
class ProfileTerm:
    """What the matcher reads in a profile: wordings, the concept they stand for if any, and their
    weight there."""

    found: str
    concept: str | None
    concept_id: str | None
    weight: float


def explain(asked: Asked, profiles: Sequence[Profile]) -> list[Explanation]:
    """Explain the scores of some profiles for one request at one revision; O(terms of the profiles
    and of the request)."""
    return [
        _explanation(asked, profile, found)
        for profile, found in zip(profiles, shares(asked, profiles), strict=True)
    ]


def _explanation(asked: Asked, profile: Profile, found: Sequence[Shares]) -> Explanation:
    by_term: dict[str, float] = {}
    for item in found:
        for term, share in item.terms.items():
            by_term[term] = by_term.get(term, 0.0) + share
    return Explanation(
        profile.expert.id,
        round(sum(by_term.values()), SCORE_DECIMALS),
        _term_shares(asked, found, by_term),
        tuple(_entry_share(item) for item in found),
        _lacking(asked, by_term),
        asked.readings,
    )


def _concept(analyzer: Analyzer, term: str) -> tuple[str | None, str | None]:
    """Label and id of the concept or broad subject a term stands for, if it is one."""
    concept_id = concept_of(term)
    if concept_id is None:
        return None, None
    return analyzer.thesaurus.concepts[concept_id].label, concept_id


def _term_shares(
    asked: Asked, found: Sequence[Shares], by_term: Mapping[str, float]
) -> tuple[TermShare, ...]:
    members = told_together(by_term, asked.cover)
    written = wordings(item.passage for item in found if item.entry.kind != "theme")
    claimed = wordings(item.passage for item in found if item.entry.kind == "theme")
    told = []
    for leader, terms in members.items():
        # The wording of a claimed theme is not the expert's; it is shown only where the expert's
        # own words do not hold the subject.
        told.append(
            TermShare(
                leader,
                asked.wording(terms),
                wording(written, terms) if leader in written else wording(claimed, [leader]),
                *_concept(asked.analyzer, leader),
                sum(by_term[term] for term in terms),
            )
        )
    return tuple(sorted(told, key=lambda share: (-share.contribution, share.term)))


def _entry_share(item: Shares) -> EntryShare:
    text, shared = item.passage.text, item.passage.occurrences
    spans = sentences(text)
    starts = [span.start for span in spans]
    terms: dict[int, set[str]] = {}
    for occurrence in shared:
        terms.setdefault(bisect_right(starts, occurrence.start) - 1, set()).add(occurrence.term)
    # Of equal sentences the first is shown.
    held = {
        place: sum(item.terms[term] for term in sorted(found)) for place, found in terms.items()
    }
    start, end = spans[max(held, key=lambda place: (held[place], -place))]
    marks = sorted(
        {(o.start - start, min(o.end, end) - start) for o in shared if start <= o.start < end}
    )
    return EntryShare(
        kind=item.entry.kind,
        title=item.entry.title,
        text=text,
        sentence=text[start:end],
        start=start,
        end=end,
        highlights=_merged(marks),
        contribution=item.total,
        discount=item.discount,
    )


def _merged(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join overlapping stretches, so that a reader of the page can mark one after the other."""
    merged: list[tuple[int, int]] = []
    for start, end in marks:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _lacking(asked: Asked, has: Container[str]) -> tuple[Lacking, ...]:
    """The concepts asked for and not found, nor any narrower one, then the weightiest words outside
    any concept."""
    lacking = [
        term
        for term in asked.concepts
        if term not in has and FAMILY_MARK + term.removeprefix(CONCEPT_MARK) not in has
    ]
    words = (term for term in asked.words if term not in has)
    lacking += islice(words, _LACKING_WORDS_AT_MOST)
    return tuple(
        Lacking(asked.wording([term]), *_concept(asked.analyzer, term)) for term in lacking
    )


def top_terms(
    snapshot: Snapshot, analyzer: Analyzer, profile: Profile, n: int
) -> tuple[ProfileTerm, ...]:
    """The terms that weigh most in a profile, summed over its entries, words told under the
    concepts that cover them."""
    passages = [passage for _, passage in analyzer.expert_passages(profile.expert)]
    lengths = pivoted(profile.norms, snapshot.means.entry, snapshot.settings)
    scales = (profile.weights / lengths).tolist()
    weights: dict[str, float] = {}
    for passage, scale in zip(passages, scales, strict=True):
        for term, count in count_terms([passage]).items():
            value = scale * (1.0 + log(count)) * snapshot.weight(term)
            weights[term] = weights.get(term, 0.0) + value
    members, found = told_together(weights, covers(passages)), wordings(passages)
    terms = [
        ProfileTerm(
            wording(found, group),
            *_concept(analyzer, leader),
            max(weights[term] for term in group),
        )
        for leader, group in members.items()
    ]
    return tuple(sorted(terms, key=lambda term: (-term.weight, term.found))[:n])
