"""Subjects of the field, acronyms, themes and everyday words of one sense.

In: rows, from tab-separated files or from an editor.
Out: a checked :class:`Thesaurus`, which finds in the tokens of a text the concepts and senses that
are written there.
"""

from __future__ import annotations

from matcher.thesaurus.build import ThesaurusTables, build_thesaurus, empty_thesaurus
from matcher.thesaurus.compounds import joined
from matcher.thesaurus.files import default_thesaurus, read_tables, read_thesaurus
from matcher.thesaurus.matching import ConceptMention, Context, Thesaurus
from matcher.thesaurus.model import Acronym, Concept, Sense, Theme

__all__ = [
    "Acronym",
    "Concept",
    "ConceptMention",
    "Context",
    "Sense",
    "Theme",
    "Thesaurus",
    "ThesaurusTables",
    "build_thesaurus",
    "default_thesaurus",
    "empty_thesaurus",
    "joined",
    "read_tables",
    "read_thesaurus",
]
