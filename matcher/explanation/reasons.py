"""Which of the things that a request and a profile share are reasons for the place of the profile.

Every share counts in the score, but a reader who is told all of them believes none. No reason is
what a profile shares in passing, a broad subject where a narrower one is asked for, a word that
only the name of a theme has ("mechanisms"), what other reasons quote already ("focal"
beside "focal points"), what is told by the same name, and what adds next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from matcher.explanation.analyzed_request import (
    NOBODY_BELOW,
    UNSURE_BELOW,
    AnalyzedRequest,
)
from matcher.explanation.wordings import stands_in
from matcher.passages import CONCEPT_MARK, FAMILY_MARK

# Who does not suit for sure, and is so far behind the best, shares things in passing.
_NEAR_THE_BEST: Final = 0.75
# What adds less of a score does not carry it.
_LEAST_SHARE: Final = 0.03


class TermShare(NamedTuple):
    """What one subject of the request contributes.

    ``asked`` is the request's wording and ``found`` the profile's, each wording once, joined by
    commas; ``concept`` is the English label if the thesaurus brought the two together, and
    ``concept_id`` its id. ``claimed`` says that only a claimed theme holds the subject: ``found``
    is then the theme's wording and not the expert's. ``same_words`` says that both are the same
    English words: the label then tells a reader nothing, and may say less or more than they do
    ("hunters" are not always part of the "civilian arms trade"). ``own`` says that the requester
    wrote it, and that not only the name of a theme that is asked for has it.
    """

    term: str
    asked: str
    found: str
    concept: str | None
    concept_id: str | None
    contribution: float
    claimed: bool = False
    same_words: bool = False
    own: bool = True

    @property
    def subject(self) -> str:
        """The concept's id or the word: a broad subject is one with its concept."""
        return self.term.removeprefix(CONCEPT_MARK).removeprefix(FAMILY_MARK)

    @property
    def name(self) -> str:
        """What a reader knows it by: the name of the concept, or the words of the request."""
        return (self.concept or self.asked).casefold()

    @property
    def is_broad(self) -> bool:
        """Whether it is what a broad subject adds."""
        return self.term.startswith(FAMILY_MARK)


class Shares(NamedTuple):
    """The shares that are reasons, and those beside them; each the weightiest first."""

    reasons: tuple[TermShare, ...]
    besides: tuple[TermShare, ...]


def told_apart(
    asked: AnalyzedRequest, score: float, best: float, shares: Sequence[TermShare]
) -> Shares:
    """Tell the reasons for a score, whose ``shares`` are given weightiest first, from what counts
    beside them.

    Below the bound of decision 58 nothing is a reason. The bound of those who suit a request for
    sure has to be reached by who shares nothing but common words, subjects that the request names
    by such ("soldiers", "court"), or broad ones, and by who is far behind the ``best`` score.
    """
    telling = any(share.term not in asked.ordinary for share in shares)
    is_near = score >= _NEAR_THE_BEST * best
    if asked.in_rarest_words(score) < (NOBODY_BELOW if telling and is_near else UNSURE_BELOW):
        return Shares((), tuple(shares))
    reasons: list[TermShare] = []
    names = set[str]()
    for share in shares:
        small = share.contribution < _LEAST_SHARE * score
        broad = share.term in asked.too_broad
        again = share.name in names or _is_told(share, reasons)
        if not (small or broad or again or _is_nobodys_own(share)):
            reasons.append(share)
            names.add(share.name)
    return Shares(tuple(reasons), tuple(share for share in shares if share not in reasons))


def _is_nobodys_own(share: TermShare) -> bool:
    """Whether it is a word that only the name of a theme has ("mechanisms"), be it claimed or asked
    for."""
    return share.concept_id is None and (share.claimed or not share.own)


def _is_told(share: TermShare, reasons: Sequence[TermShare]) -> bool:
    """Whether weightier reasons quote all that a share does, on both sides."""
    return stands_in(share.asked, [reason.asked for reason in reasons]) and stands_in(
        share.found, [reason.found for reason in reasons]
    )
