"""Why an expert has the score: shares per term and per entry that add up to it, and the words
behind them.

The two parts of a score are those of :mod:`matcher.scoring.exact`. What the profile as a whole adds
for a term is shared out among the entries in proportion to their weighted counts of it, so each
pair of entry and term has an exact share.

Shares are grouped by the wording of the request for the reader: a word that stands only within the
wording of a concept which is shared too ("physical" in "physical security") is told under that
concept, and so is the broad subject of a shared concept.

Words that say nothing by themselves ("back", "need") are put together. Which of the other shares
are reasons is told by :mod:`matcher.explanation.reasons`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from matcher.arrays import stretches_of
from matcher.considerations import are_from
from matcher.explanation.analyzed_request import AnalyzedRequest, ReadAs
from matcher.explanation.considered import Considered, moved
from matcher.explanation.missing_subjects import Lacking, request_subjects
from matcher.explanation.reasons import told_apart
from matcher.explanation.shares import TermShare
from matcher.explanation.snippets import snippets
from matcher.explanation.wordings import (
    Wordings,
    are_same_words,
    group_under_concepts,
    wording,
)
from matcher.scoring import ContributionSums, ScoredProfiles, scored, sum_contributions
from matcher.store import Selection

# What all rows of words that say nothing by themselves are gathered under; nobody wrote it.
_NOTHING: Final = ""


class EntryShare(NamedTuple):
    """What one entry of the profile contributes.

    ``sentence`` is ``text[start:end]``, verbatim, the sentence that holds most of the contribution;
    ``highlights`` are the shared words in it, as offsets into ``sentence``. ``contribution`` holds
    the entry's part in the profile as a whole. ``there`` says that it was where the request is
    from.
    """

    kind: str
    title: str
    text: str
    sentence: str
    start: int
    end: int
    highlights: tuple[tuple[int, int], ...]
    contribution: float
    there: bool = False
    bears: bool = False


@dataclass(frozen=True)
class Explanation:
    """The whole of a score; the contributions of ``shares``, and those of the entries, add up to
    ``score``.

    ``terms`` are the reasons for the score, and ``besides`` is what the profile shares without its
    being one. ``readings`` are the misspelt words of the request, whether or not this profile has
    them.
    ``worded`` is the score of the words alone; with the changes of the ``considerations`` it adds
    up to ``score``, too. The contribution of a term or an entry has the changes of its entries in
    it.
    """

    expert_id: str
    score: float
    terms: tuple[TermShare, ...]
    entries: tuple[EntryShare, ...]
    lacking: tuple[Lacking, ...]
    readings: tuple[ReadAs, ...] = ()
    worded: float = 0.0
    considerations: tuple[Considered, ...] = ()
    besides: tuple[TermShare, ...] = ()

    @property
    def shares(self) -> tuple[TermShare, ...]:
        """All that request and profile share, the reasons first."""
        return self.terms + self.besides

    def to_dict(self) -> dict[str, Any]:
        """The explanation as JSON can hold it."""
        return {
            "expert_id": self.expert_id,
            "score": self.score,
            "terms": [term._asdict() for term in self.terms],
            "besides": [term._asdict() for term in self.besides],
            "entries": [entry._asdict() for entry in self.entries],
            "lacking": [lacking._asdict() for lacking in self.lacking],
            "readings": [dataclasses.asdict(reading) for reading in self.readings],
            "worded": self.worded,
            "considerations": [considered._asdict() for considered in self.considerations],
        }


def explain(
    asked: AnalyzedRequest, together: Iterable[ScoredProfiles], best: float
) -> Iterator[Explanation]:
    """Explain the scores of some profiles for one request at one revision, beside the ``best`` of
    the ranking; O(terms of the profiles + profiles · terms of the request)."""
    subjects = request_subjects(asked)
    for some in together:
        found = sum_contributions(asked.query, some)
        told = [
            _apart(asked, score, best, by_term, read)
            for score, by_term, read in zip(
                some.scores.tolist(), found.by_term, _read(asked, found, some.profiles), strict=True
            )
        ]
        bearing = np.zeros(len(found.by_entry), dtype=np.bool_)
        bearing[found.entries] = [entry.bears for one in told for entry in one.entries]
        for expert_id, moves, score, by_term, one in zip(
            some.profiles.ids,
            moved(asked.weighing, some, bearing),
            some.scores.tolist(),
            found.by_term,
            told,
            strict=True,
        ):
            yield Explanation(
                expert_id,
                score,
                one.reasons,
                one.entries,
                subjects.of(by_term),
                asked.readings,
                *moves,
                one.besides,
            )


def explain_experts(
    asked: AnalyzedRequest, expert_ids: Sequence[str], best: float
) -> list[Explanation]:
    """Explain the scores of some experts beside the ``best`` of the ranking; raises
    :class:`UnknownExpertError`."""
    together = scored(asked.snapshot, asked.query, asked.snapshot.select(expert_ids))
    found = {explanation.expert_id: explanation for explanation in explain(asked, together, best)}
    return [found[expert_id] for expert_id in expert_ids]


class _Told(NamedTuple):
    """The wordings of one profile's terms, by place in the request: its own, and those of the
    themes it claims."""

    written: Wordings[int]
    claimed: Wordings[int]


class _Read(NamedTuple):
    """What is read in one profile: its entries that add anything, the best first, each with the
    places in the request of what is quoted of it, and the wordings of its terms in the order of
    those."""

    entries: list[tuple[EntryShare, frozenset[int]]]
    told: _Told

    def bearing(self, telling: Collection[int]) -> Iterator[EntryShare]:
        """The entries, those said to bear on the request in which something of the places is."""
        for entry, places in self.entries:
            yield entry._replace(bears=not places.isdisjoint(telling))


class _Apart(NamedTuple):
    """What one profile shares: the reasons, what is none, and the entries, which bear or not."""

    reasons: tuple[TermShare, ...]
    besides: tuple[TermShare, ...]
    entries: tuple[EntryShare, ...]


def _apart(
    asked: AnalyzedRequest, score: float, best: float, by_term: Mapping[int, float], read: _Read
) -> _Apart:
    groups = group_under_concepts(by_term, asked.cover_by_place)
    shares, empty = _term_shares(asked, by_term, groups, read.told)
    reasons, besides = told_apart(asked, score, best, shares, empty)
    telling = [place for one in reasons for place in groups[asked.places[one.term]]]
    return _Apart(reasons, besides, tuple(read.bearing(telling)))


def _read(asked: AnalyzedRequest, found: ContributionSums, batch: Selection) -> list[_Read]:
    read = [_Read([], _Told({}, {})) for _ in found.by_term]
    entries = [e for expert in batch.experts for e in asked.analyzer.expert_entries(expert)]
    marks = list(zip(*(a.tolist() for a in found.marks[1:4]), strict=True))
    there = are_from(batch.facts, asked.weighing.jurisdiction)
    for at, was_there, owner, share, snippet, first, last in zip(
        found.entries.tolist(),
        there[found.entries].tolist(),
        batch.owners[found.entries].tolist(),
        found.by_entry[found.entries].tolist(),
        snippets(batch, found.marks, found.entries, asked.is_quoted),
        *stretches_of(found.entries, found.marks.entry),
        strict=True,
    ):
        kind, title, text, *_ = entries[at]
        start, end, highlights = snippet
        shown, told = read[owner]
        sentence = text[start:end]
        entry = EntryShare(kind, title, text, sentence, start, end, highlights, share, was_there)
        places = (place for place, *_ in marks[first:last] if asked.is_quoted[place])
        shown.append((entry, frozenset(places)))
        wordings = told[kind == "theme"]
        for place, begin, stop in marks[first:last]:
            if place in wordings:
                wordings[place][text[begin:stop]] = None
            else:
                wordings[place] = {text[begin:stop]: None}
    return read


def _term_shares(
    asked: AnalyzedRequest,
    by_term: Mapping[int, float],
    groups: Mapping[int, Sequence[int]],
    told: _Told,
) -> tuple[list[TermShare], tuple[TermShare, ...]]:
    """The shares that say something, weightiest first, and what says nothing, as one."""
    shown: dict[str, TermShare] = {}
    for leader, places in groups.items():
        # The wording of a claimed theme is not the expert's; it is shown only where the expert's
        # own words do not hold the subject.
        claimed = leader not in told.written
        quoted = [place for place in places if asked.is_quoted[place]] or places
        found = wording(told.claimed, [leader]) if claimed else wording(told.written, quoted)
        concept, concept_id = asked.labels[leader]
        words = asked.wording_of_places(tuple(places))
        share = TermShare(
            asked.names[leader],
            words,
            found,
            concept,
            concept_id,
            sum([by_term[place] for place in places]),
            claimed,
            sense=asked.sense_called((asked.names[place] for place in places), words),
            own=asked.names[leader] in asked.own_terms,
        )
        # Terms that the same words of the profile hold are one to the reader, and so are all that
        # say nothing by themselves.
        key = _NOTHING if leader in asked.says_nothing else found.casefold()
        shown[key] = _as_one(shown[key], share) if key in shown else share
    gathered = shown.pop(_NOTHING, None)
    if gathered is not None and (key := gathered.found.casefold()) in shown:
        shown[key], gathered = _as_one(shown[key], gathered), None
    shares = [
        share._replace(same_words=are_same_words(share.asked, share.found))
        for share in sorted(shown.values(), key=lambda share: (-share.contribution, share.term))
    ]
    # What counts nothing without company is found, but not read.
    if gathered is None or not gathered.contribution:
        return shares, ()
    return shares, (gathered,)


def _as_one(one: TermShare, other: TermShare) -> TermShare:
    named, joined = (one, other) if _tells_more(one, other) else (other, one)
    # Everything that belongs to a broad subject is not what the words in the profile answer.
    beside = "" if joined.is_broad and not named.is_broad else joined.asked
    return named._replace(
        asked=_each_once(named.asked, beside),
        found=_each_once(one.found, other.found),
        contribution=one.contribution + other.contribution,
        claimed=one.claimed and other.claimed,
        own=one.own or other.own,
        # The everyday word for one of two things is no name for both.
        sense=one.sense if one.sense == other.sense else None,
    )


def _tells_more(one: TermShare, other: TermShare) -> bool:
    """Whether a share names what both stand for rather than the other does: a subject rather than a
    word, a narrow one rather than a broad one; of equals the first."""
    told = [(share.concept_id is not None, not share.is_broad) for share in (one, other)]
    return told[0] >= told[1]


def _each_once(*told: str) -> str:
    wordings = (wording for some in told if some for wording in some.split(", "))
    return ", ".join(dict.fromkeys(wordings))
