"""The set parts of terms of reference, for which nobody is wanted.

In: the text of a request as it was pasted.
Out: the stretches that ask for nobody's expertise, by headings and by phrases, and the text without
them; and tables of phrases, by which others find theirs.
"""

from __future__ import annotations

from matcher.boilerplate.clause_splitting import not_done
from matcher.boilerplate.cues import CueTable, Hit, cue_table, cue_tables
from matcher.boilerplate.detection import Aside, asides
from matcher.boilerplate.layout import BETWEEN_TEXTS, paragraphs, without

__all__ = [
    "BETWEEN_TEXTS",
    "Aside",
    "CueTable",
    "Hit",
    "asides",
    "cue_table",
    "cue_tables",
    "not_done",
    "paragraphs",
    "without",
]
