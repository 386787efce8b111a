"""The rows of a thesaurus: subjects of the field with their wordings in the platform's languages,
senses of everyday words, acronyms, and themes.

Reading files (:mod:`matcher.thesaurus.files`), merging and checking what they hold
(:mod:`matcher.thesaurus.build`) and finding concepts in text (:mod:`matcher.thesaurus.matching`)
are separate things, so that an editor of the thesaurus can build one from rows that never were in a
file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

KINDS: Final = ("subject", "field", "service", "process")
# The table of wordings as they are written, in any language; the others hold stems of one language.
AS_WRITTEN: Final = "*"
# The table of wordings that begin with this sign, which are found in no other form: "policewomen"
# is a subject, while a policewoman is an officer like others and her forms have his stem.
EXACTLY: Final = "="
# The table of English wordings in their other order ("smuggling of arms" for "arms smuggling").
TURNED: Final = "en turned"


@dataclass(frozen=True)
class Concept:
    """One subject, with wordings per language; the first English one is its label.

    ``kind`` is ``subject`` for what somebody can be expert in, ``field`` for a subject so wide that
    two of its parts need have nothing to do with each other (oversight: of budgets and of the use
    of force), ``service`` for such a field in which the people on a roster serve (the police, the
    armed forces), and ``process`` for the vocabulary of asking and sending (terms of reference,
    deployment, roster), which is recognised but never scored. ``broader`` are the ids of subjects
    of which this one is a part or a kind, ``related`` those of neighbours that a reader may also
    want.
    """

    id: str
    labels: Mapping[str, tuple[str, ...]]
    themes: tuple[str, ...] = ()
    kind: str = "subject"
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The preferred English wording."""
        return self.labels["en"][0]


@dataclass(frozen=True)
class Acronym:
    """A short form of one or several concepts.

    With ``any_case`` it is recognised in whatever case it is written; otherwise only as given,
    because most short forms are also words ("SEA view", "in the OS"). With ``context`` (beginnings
    of words if they end in ``*``) at least one of those must stand in the same record.
    """

    acronym: str
    concepts: tuple[str, ...]
    any_case: bool = False
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class Theme:
    """A theme code that experts declare and requests carry, with its English label and synonyms."""

    code: str
    label: str
    synonyms: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """Label and synonyms, a paragraph each."""
        return "\n\n".join((self.label, *self.synonyms))


@dataclass(frozen=True)
class Sense:
    """One meaning of everyday and working words, with the words for it per language, which may be
    of any part of speech; the first English one is its label.

    Unlike the wordings of a concept a word may stand for several senses.
    """

    id: str
    labels: Mapping[str, tuple[str, ...]]

    @property
    def label(self) -> str:
        """The first English word."""
        return self.labels["en"][0]


def all_broader(concepts: Mapping[str, Concept], concept_id: str) -> dict[str, None]:
    """The broader concepts of one, theirs and so on, nearest first."""
    found: dict[str, None] = {}
    waiting = list(concepts[concept_id].broader)
    for other in waiting:
        if other not in found:
            found[other] = None
            waiting += concepts[other].broader
    return found
