"""Why an expert has the score: shares per term and per entry that add up to it, and the words
behind them.

One part of a score, ``(1-m) Σ_i (1-r) r^(i-1) w_i Σ_t q_t · v_it / l_i``, is over the entries ``i``
sorted best first and the terms ``t`` of the request; ``w_i`` is 1 for evidence and less for a
claimed theme. The other, ``m Σ_t q_t · v_t / l``, is of the profile as a whole, where ``v_t`` grows
with the sum of ``w_i`` times the count of ``t`` in ``i``; it is shared out among the entries in
proportion to the parts of that sum. So each pair of entry and term has an exact share.

Shares are grouped by the wording of the request for the reader: a word that stands only within the
wording of a concept which is shared too ("physical" in "physical security") is told under that
concept, and so is the broad subject of a shared concept.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from matcher.analysis import CONCEPT_MARK, Analyzer, Passage, concept_of, count_terms, is_word
from matcher.ranking import SCORE_DECIMALS
from matcher.records import Entry, Expert
from matcher.shares import Shares, entry_vector, shares
from matcher.snapshot import Snapshot
from matcher.text import sentences

_LACKING_WORDS_AT_MOST: Final = 5
# Distinct wordings of one subject that are shown; a reader has seen enough by then.
_WORDINGS_AT_MOST: Final = 8


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
class ReadAs:
    """A word of the request that neither roster nor thesaurus knows, and the near one it is read
    as."""

    asked: str
    read_as: str


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


def explain(
    snapshot: Snapshot,
    analyzer: Analyzer,
    asked: Sequence[Passage],
    readings: tuple[ReadAs, ...],
    expert: Expert,
) -> Explanation:
    """Explain the score of one expert for the passages of one request at one revision; O(profile +
    request)."""
    query = snapshot.query(count_terms(asked))
    read = analyzer.expert_passages(expert)
    found = shares(snapshot, query, read)
    by_term: dict[str, float] = {}
    for item in found:
        for term, share in item.terms.items():
            by_term[term] = by_term.get(term, 0.0) + share
    groups = _groups(asked, by_term)
    return Explanation(
        expert.id,
        round(sum(by_term.values()), SCORE_DECIMALS),
        _term_shares(analyzer, asked, read, by_term, groups),
        tuple(_entry_share(item) for item in found),
        _lacking(snapshot, analyzer, asked, count_terms(passage for _, passage in read)),
        readings,
    )


def read_as(snapshot: Snapshot, analyzer: Analyzer, asked: Iterable[Passage]) -> tuple[ReadAs, ...]:
    """The misspelt words of some passages with what they were read as: a word that a profile has,
    or one of the thesaurus."""
    wordings: dict[str, tuple[str, str]] = {}
    for passage in asked:
        for reading in passage.readings:
            asked_word = passage.text[reading.start : reading.end]
            wordings.setdefault(asked_word.casefold(), (asked_word, reading.term))
    return tuple(
        ReadAs(asked_word, _word(snapshot, analyzer, term))
        for asked_word, term in wordings.values()
    )


def _word(snapshot: Snapshot, analyzer: Analyzer, term: str) -> str:
    """A stem as a word that somebody wrote."""
    expert = snapshot.holder(term)
    passages = analyzer.expert_passages(expert) if expert else []
    wordings = (wording for _, passage in passages for wording in passage.surfaces(term))
    return next(wordings, None) or analyzer.thesaurus.word(term) or term


def _groups(passages: Sequence[Passage], shared: Iterable[str]) -> dict[str, str]:
    """Say under which term each shared term is told: itself, or the one shared concept that covers
    it everywhere."""
    shared = set(shared)
    covers: dict[str, set[str | None]] = {}
    for passage in passages:
        for word, concept in passage.covered(shared):
            covers.setdefault(word, set()).add(concept)
    groups = {}
    for term in shared:
        covering = covers.get(term, {None})
        only = next(iter(covering)) if len(covering) == 1 else None
        groups[term] = only or term
    return groups


def _surfaces(passages: Iterable[Passage], terms: Sequence[str]) -> str:
    """The distinct wordings of some terms, the longest taking in the shorter ones that stand in
    it."""
    wordings: dict[str, str] = {}
    for passage in passages:
        for wording in (w for term in terms for w in passage.surfaces(term)):
            wordings.setdefault(wording.casefold(), wording)
            if len(wordings) == _WORDINGS_AT_MOST:
                return _joined(wordings)
    return _joined(wordings)


def _joined(wordings: Mapping[str, str]) -> str:
    kept = [
        wording
        for key, wording in wordings.items()
        if not any(key != other and f" {key} " in f" {other} " for other in wordings)
    ]
    return ", ".join(kept)


def _concept(analyzer: Analyzer, term: str) -> tuple[str | None, str | None]:
    """Label and id of the concept or broad subject a term stands for, if it is one."""
    concept_id = concept_of(term)
    if concept_id is None:
        return None, None
    return analyzer.thesaurus.concepts[concept_id].label, concept_id


def _term_shares(
    analyzer: Analyzer,
    asked: Sequence[Passage],
    read: Sequence[tuple[Entry, Passage]],
    by_term: Mapping[str, float],
    groups: Mapping[str, str],
) -> tuple[TermShare, ...]:
    members: dict[str, list[str]] = {}
    for term in by_term:
        members.setdefault(groups[term], []).append(term)
    written = [passage for entry, passage in read if entry.kind != "theme"]
    claimed = [passage for entry, passage in read if entry.kind == "theme"]
    told = []
    for leader, terms in members.items():
        label, concept_id = _concept(analyzer, leader)
        # The wording of a claimed theme is not the expert's; it is shown only where the expert's
        # own words do not hold the subject.
        own = any(leader in passage.by_term for passage in written)
        found = _surfaces(written, terms) if own else _surfaces(claimed, [leader])
        total = sum(by_term[term] for term in terms)
        told.append(TermShare(leader, _surfaces(asked, terms), found, label, concept_id, total))
    return tuple(sorted(told, key=lambda share: (-share.contribution, share.term)))


def _entry_share(item: Shares) -> EntryShare:
    text, occurrences = item.passage.text, item.passage.occurrences
    shared = [occurrence for occurrence in occurrences if occurrence.term in item.terms]

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


def _lacking(
    snapshot: Snapshot, analyzer: Analyzer, asked: Sequence[Passage], has: Mapping[str, int]
) -> tuple[Lacking, ...]:
    """The concepts asked for and not found, then the weightiest words outside any concept.

    A word that no profile of the roster has tells nothing about this one and is left out.
    """
    counts = count_terms(asked)
    concepts = [t for t in counts if t.startswith(CONCEPT_MARK) and t not in has]
    covered = {word for passage in asked for word, concept in passage.covered() if concept}
    words = [t for t in counts if is_word(t) and t not in has and t not in covered]
    telling = {t: counts[t] * snapshot.weight(t) for t in words if not t.isdigit()}
    words = sorted((t for t in telling if telling[t] > 0), key=lambda t: (-telling[t], t))
    lacking = [*concepts, *words[:_LACKING_WORDS_AT_MOST]]
    return tuple(Lacking(_surfaces(asked, [term]), *_concept(analyzer, term)) for term in lacking)


def top_terms(
    snapshot: Snapshot, analyzer: Analyzer, expert: Expert, n: int
) -> tuple[ProfileTerm, ...]:
    """The terms that weigh most in a profile, summed over its entries, words told under the
    concepts that cover them."""
    read = analyzer.expert_passages(expert)
    passages = [passage for _, passage in read]
    weights: dict[str, float] = {}
    for entry, passage in read:
        for term, weight in entry_vector(snapshot, entry, passage).items():
            weights[term] = weights.get(term, 0.0) + weight
    groups = _groups(passages, weights)
    members: dict[str, list[str]] = {}
    for term in weights:
        members.setdefault(groups[term], []).append(term)
    terms = [
        ProfileTerm(
            _surfaces(passages, group),
            *_concept(analyzer, leader),
            max(weights[term] for term in group),
        )
        for leader, group in members.items()
    ]
    return tuple(sorted(terms, key=lambda term: (-term.weight, term.found))[:n])
