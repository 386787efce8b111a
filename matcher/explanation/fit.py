"""Whether anybody fits a request: how well the best of a ranking does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from matcher.explanation.analyzed_request import UNSURE_BELOW, AnalyzedRequest
from matcher.explanation.shares import TermShare

# Scores below which nobody fits, in units of the weight of the rarest word: where the best meets a
# subject that the request names outright, where it says hardly anything, and by how many things
# are met where no such subject is. Decision 210 says what each costs.
_SUBJECT_MET: Final = 0.07
_OF_FEW_WORDS: Final = 0.10
_BY_THINGS_MET: Final = {2: 0.12, 3: 0.07}
_MANY_THINGS_MET: Final = 0.05
# Of so many telling words one or two may be met by chance.
_SOME_WORDS: Final = 3
_MET_BY_CHANCE: Final = 2
# One subject can be met by somebody who suits a request little; to meet so many is no chance.
_SEVERAL: Final = 3


class Fit(StrEnum):
    """How well the best of a ranking fits the request."""

    GOOD = "good"
    UNSURE = "unsure"
    NOBODY = "nobody"


def fit_of(asked: AnalyzedRequest, score: float, shares: Sequence[TermShare]) -> Fit:
    """How well the best of a ranking fits, by its ``score``, by the ``shares`` of which that is
    made, and by whether the roster has words for all of the request.

    A request of another field ("wind farm permits") shares a few common words with somebody, which
    are rare in a small roster, and meets no subject that it names by more than these.
    """
    share = asked.in_rarest_words(score)
    if _meets_a_subject(asked, shares):
        told = _told(share, _SUBJECT_MET)
        return Fit.GOOD if told is Fit.UNSURE and _meets_all_subjects(asked, shares) else told
    if len(asked.telling_words) < _SOME_WORDS:
        return _told(share, _OF_FEW_WORDS)
    met = len(shares)
    if met < _MET_BY_CHANCE and asked.foreign_words:
        return Fit.NOBODY
    least = _BY_THINGS_MET.get(max(met, _MET_BY_CHANCE), _MANY_THINGS_MET)
    told = _told(share, least)
    return Fit.UNSURE if told is Fit.GOOD and met <= _MET_BY_CHANCE else told


def _meets_a_subject(asked: AnalyzedRequest, shares: Iterable[TermShare]) -> bool:
    return any(
        share.concept_id and not share.is_broad and share.term not in asked.ordinary
        for share in shares
    )


def _meets_all_subjects(asked: AnalyzedRequest, shares: Iterable[TermShare]) -> bool:
    """Whether each of several subjects of the request is met, and by more than a broad one."""
    subjects = {asked.analyzer.label(term)[1] for term in asked.concepts}
    met = {share.concept_id for share in shares if not share.is_broad}
    return len(subjects) >= _SEVERAL and subjects <= met


def _told(share: float, least: float) -> Fit:
    if share < least:
        return Fit.NOBODY
    return Fit.UNSURE if share < UNSURE_BELOW else Fit.GOOD
