"""Posts and roles that lead others, in the platform's languages.

``data/considerations/leading.tsv`` has the words by which they begin, in the form of
:mod:`matcher.boilerplate.cues`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from matcher.boilerplate import cue_tables
from matcher.considerations.phrases import words_of
from matcher.language import CYRILLIC

_LEADING: Final = Path(__file__).resolve().parents[2] / "data" / "considerations" / "leading.tsv"
# Several roles of one line: "Inspector; team leader".
_BETWEEN_ROLES: Final = re.compile(r"[,;/()|•–—]")


def leads(role: str) -> bool:
    """Whether a role, or the name of a post, is one of leading others; O(its words).

    It has to begin so: who was the assistant of a head has led nobody, and a course for team
    leaders is led by whoever gives it.
    """
    return any(_begins_with_leading(part) for part in _BETWEEN_ROLES.split(role))


def _begins_with_leading(text: str) -> bool:
    words = words_of(text)
    tables = cue_tables(not CYRILLIC.search(text), frozenset(), frozenset({"led"}), path=_LEADING)
    return any(hit.first == 0 for table in tables for hit in table.find(text, words))
