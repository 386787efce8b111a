"""Sentences that say what somebody has, runs or is responsible for.

"Our directorate runs three depots" and "We have a laboratory" tell what is there; what is asked for
is told elsewhere. They are known by who has it (``holder``) and a verb of having (``holding``), or
by a phrase that says both (``holds``). A word that tells what is missing, wrong or hoped for
(``lack``) makes of any such sentence the reason why somebody asks: "We have three depots and no
fences".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matcher.boilerplate.cues import Hit, is_one_clause
from matcher.language import Word

HOLDING_PARTS: Final = frozenset({"holder", "holding", "holds", "lack"})
# Before who has something stands at most when or where: "At present our directorate runs ...".
_BEGINS_WITHIN: Final = 3
# "The ministry of the interior and of defence runs".
_VERB_WITHIN: Final = 5


def tells_what_is_held(text: str, words: Sequence[Word], hits: Sequence[Hit]) -> bool:
    """Whether a sentence says what somebody has, and nothing of what is missing."""
    found: dict[str, list[Hit]] = {part: [] for part in HOLDING_PARTS}
    for hit in hits:
        if hit.cue.part in found:
            found[hit.cue.part].append(hit)
    if found["lack"]:
        return False
    if any(hit.first <= _BEGINS_WITHIN for hit in found["holds"]):
        return True
    return any(
        0 <= verb.first - holder.last <= _VERB_WITHIN
        and is_one_clause(text, words[holder.first], words[verb.first])
        for holder in found["holder"]
        if holder.first <= _BEGINS_WITHIN
        for verb in found["holding"]
    )
