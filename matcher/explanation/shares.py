"""What a request and a profile share, subject by subject."""

from __future__ import annotations

from typing import NamedTuple

from matcher.passages import CONCEPT_MARK, FAMILY_MARK


class TermShare(NamedTuple):
    """What one subject of the request contributes.

    ``asked`` is the request's wording and ``found`` the profile's, each wording once, joined by
    commas; ``concept`` is the English label if the thesaurus brought the two together, and
    ``concept_id`` its id. ``claimed`` says that only a claimed theme holds the subject: ``found``
    is then the theme's wording and not the expert's. ``same_words`` says that both are the same
    English words: the label then tells a reader nothing, and may say less or more than they do
    ("hunters" are not always part of the "civilian arms trade"). ``own`` says that the requester
    wrote it, and that not only the name of a theme that is asked for has it. ``sense`` is the id of
    the everyday word that the request has, where its English is what the thesaurus calls that.
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
    sense: str | None = None

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
