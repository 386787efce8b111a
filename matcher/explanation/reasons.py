"""Which of the things that a request and a profile share are reasons for the place of the profile.

Every share counts in the score, but a reader who is told all of them believes none. No reason is
what a profile shares in passing, a broad subject where a narrower one is asked for, the service in
which most of a roster are ("police") beside a weightier reason, a word that only the name of a
theme has ("mechanisms"), what other reasons quote already ("focal" beside "focal points"), what is
told by the same name, and what adds next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from matcher.explanation.analyzed_request import (
    NOBODY_BELOW,
    UNSURE_BELOW,
    AnalyzedRequest,
)
from matcher.explanation.fit import Fit, fit_of
from matcher.explanation.shares import TermShare
from matcher.explanation.wordings import stands_in

# Who does not suit for sure, and is so far behind the best, shares things in passing.
_NEAR_THE_BEST: Final = 0.75
# What adds less of a score does not carry it.
_LEAST_SHARE: Final = 0.03


class Shares(NamedTuple):
    """The shares that are reasons, and those beside them; each the weightiest first."""

    reasons: tuple[TermShare, ...]
    besides: tuple[TermShare, ...]


def told_apart(
    asked: AnalyzedRequest,
    score: float,
    best: float,
    shares: Sequence[TermShare],
    empty: Sequence[TermShare] = (),
) -> Shares:
    """Tell the reasons for a score, whose ``shares`` are given weightiest first, from what counts
    beside them; ``empty`` is what says nothing by itself.

    The best of a ranking of which it is not said that nobody fits has one reason at least.
    """
    reasons = _reasons(asked, score, best, shares)
    is_best = score >= best > 0
    if not reasons and is_best and fit_of(asked, score, (*shares, *empty)) is not Fit.NOBODY:
        reasons = _likeliest(asked, shares)
    besides = [share for share in shares if share not in reasons]
    return Shares(tuple(reasons), (*besides, *empty))


def _reasons(
    asked: AnalyzedRequest, score: float, best: float, shares: Sequence[TermShare]
) -> list[TermShare]:
    """Those of the ``shares`` that are reasons by themselves.

    Below the bound of decision 58 nothing is one. The bound of those who suit a request for
    sure has to be reached by who shares nothing but common words, subjects that the request names
    by such ("soldiers", "court"), or broad ones, and by who is far behind the ``best`` score.
    """
    telling = any(share.term not in asked.ordinary for share in shares)
    is_near = score >= _NEAR_THE_BEST * best
    if asked.in_rarest_words(score) < (NOBODY_BELOW if telling and is_near else UNSURE_BELOW):
        return []
    reasons: list[TermShare] = []
    names = set[str]()
    for share in shares:
        small = share.contribution < _LEAST_SHARE * score
        broad = share.term in asked.too_broad
        everybodys = bool(reasons) and share.term in asked.services
        again = share.name in names or _is_told(share, reasons)
        if not (small or broad or everybodys or again or _is_nobodys_own(share)):
            reasons.append(share)
            names.add(share.name)
    return reasons


def _likeliest(asked: AnalyzedRequest, shares: Sequence[TermShare]) -> list[TermShare]:
    """The weightiest of the shares that are the requester's and the expert's own, a broad one only
    where there is no other."""
    own = [share for share in shares if not _is_nobodys_own(share)]
    return [min(own, key=lambda share: share.term in asked.too_broad)] if own else []


def _is_nobodys_own(share: TermShare) -> bool:
    """Whether it is a word that only the name of a theme has ("mechanisms"), be it claimed or asked
    for."""
    return share.concept_id is None and (share.claimed or not share.own)


def _is_told(share: TermShare, reasons: Sequence[TermShare]) -> bool:
    """Whether weightier reasons quote all that a share does, on both sides."""
    return stands_in(share.asked, [reason.asked for reason in reasons]) and stands_in(
        share.found, [reason.found for reason in reasons]
    )
