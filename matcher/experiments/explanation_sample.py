"""Rows of explanations drawn at random, for a person to judge.

A row is one reason that a page gives for one expert among the first of a ranking, with what a judge
needs to say whether it is right: what was asked, what was found, and the sentence it stands in.
Experts without any reason are rows too, so that whoever fits and has none comes to light.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from matcher.explanation import Explanation, TermShare
from matcher.index import ExpertIndex
from matcher.language import sentences
from matcher.records import Request

NO_REASON: Final = "-"


class SampleRow(NamedTuple):
    """One reason, or none, of one expert for one request.

    ``verdict`` is the judge's to fill in: right, empty, too broad, wrong sense or mislabelled.
    """

    request: str
    place: int
    expert: str
    asked: str
    found: str
    subject: str
    claimed: str
    part_of_score: str
    sentence: str
    title: str
    description: str
    verdict: str = ""

    @property
    def has_reason(self) -> bool:
        """Whether it is a reason, and not an expert without any."""
        return self.asked != NO_REASON


def all_rows(index: ExpertIndex, requests: Iterable[Request], top: int) -> Iterator[SampleRow]:
    """The rows of the first ``top`` experts of each ranking, by subject alone."""
    for request in requests:
        result = index.rank(request, top, constraints=False)
        for match, explained in zip(result.ranked, result.explanations, strict=True):
            shares: Sequence[TermShare | None] = explained.terms or [None]
            for share in shares:
                yield _row(request, match.rank, explained, share)


def drawn(rows: Sequence[SampleRow], number: int, seed: int) -> list[SampleRow]:
    """So many of some rows, or all if there are fewer, in an order that tells nothing of places."""
    return random.Random(seed).sample(rows, min(number, len(rows)))  # noqa: S311 - No secret.


def as_table(rows: Iterable[SampleRow]) -> str:
    """Rows as tab-separated values under a line of names."""
    lines = [SampleRow._fields, *([" ".join(str(c).split()) for c in row] for row in rows)]
    return "".join("\t".join(line) + "\n" for line in lines)


def _row(request: Request, place: int, told: Explanation, share: TermShare | None) -> SampleRow:
    texts = [entry.text for entry in told.entries]
    if share is None:
        best = told.entries[0].sentence if told.entries else ""
        beside = ", ".join(other.found for other in told.besides)
        reason = (NO_REASON, beside, NO_REASON, "", "", best)
    else:
        part = f"{share.contribution / told.score:.2f}"
        label = NO_REASON if share.same_words else share.concept or NO_REASON
        claimed = "claimed" if share.claimed else ""
        reason = (share.asked, share.found, label, claimed, part, _sentence(texts, share.found))
    return SampleRow(request.id, place, told.expert_id, *reason, request.title, request.description)


def _sentence(texts: Iterable[str], found: str) -> str:
    """The first sentence with the first wording of what was found."""
    wording = found.split(", ", maxsplit=1)[0]
    for text in texts:
        for start, end in sentences(text):
            if wording in " ".join(text[start:end].split()):
                return text[start:end]
    return ""
