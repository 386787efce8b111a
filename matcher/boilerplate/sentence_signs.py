"""What speaks for a sentence's being beside the subject of a request: phrases, addresses, the names
of the fields of a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from matcher.boilerplate.clause_splitting import unwanted
from matcher.boilerplate.cues import Hit, cue_table, is_denied, is_one_clause
from matcher.boilerplate.holdings import HOLDING_PARTS, tells_what_is_held
from matcher.boilerplate.kinds import STORY, TERMS
from matcher.language import Span, Word, folded_words

# "Able to draft" is said of the candidate, "to draft" of the task; and who "has helped governments
# to draft" asks for nothing, unless it is us that somebody should help.
_ABLE: Final = frozenset({"able", "ability", "capable"})
_INFINITIVE: Final = "to"
_US: Final = frozenset({"us", "our"})
# "No assessment is requested" asks for nothing.
_NOTHING: Final = frozenset(
    {"no", "aucun", "aucune", "nicio", "niciun", "asnje", "nikakva", "nikakav"}
)
_NOTHING_WITHIN: Final = 4
_SENTENCE_PARTS: Final = frozenset(
    {"strong", "weak", "keep", "order", "key", "helps", "denial", "continues"}
)
_LOOKED_FOR: Final = _SENTENCE_PARTS | HOLDING_PARTS | {"previous", "hint"}
_WORTH: Final = {"strong": 2, "weak": 1}
# An address or a page number is nobody's subject.
_ADDRESS: Final = re.compile(r"\w@\w[\w.-]*\.\w{2,}|\bwww\.|https?://")
# What stands between the name of a field in a header and its value.
_VALUE: Final = re.compile(r"(?: \w)?\s?[:.]|\s*[+\d]")
# How much must speak for a sentence's being beside the subject: one sure phrase, or two others.
ENOUGH: Final = 2
_LACK: Final = "lack"
_TOLD: Final = frozenset({"strong", "weak", "hint", "holds", "holding"})
# So many signs of an organisation before an infinitive make it the purpose of that organisation.
_PURPOSE: Final = 2
# A question says as much of what is unknown as so many words.
_QUESTION: Final = 2


class Sentence(NamedTuple):
    """A sentence with what speaks for its being beside the subject: how much, of which kind,
    whether it asks for something, whether it says what somebody has, how many more of its words
    tell what is missing, hoped for or unknown than are signs of what set papers have, and whether
    it begins by going on about whoever the sentence before it is about ("Its departments ...")."""

    span: Span
    languages: tuple[str, ...]
    worth: int
    kind: str | None
    asks: bool
    points_back: bool
    holds: bool
    leaning: int
    goes_on: bool

    @classmethod
    def of(
        cls, text: str, span: Span, languages: tuple[str, ...], topics: frozenset[str]
    ) -> Sentence:
        words = folded_words(text, *span)
        found = [list(cue_table(each, _LOOKED_FOR).find(text, words)) for each in languages]
        hits = [hit for each in found for hit in each]
        worth = _worth_by_kind(text, span, words, hits)
        for topic in topics:
            worth.pop(topic, None)
        asks = _asks(text, words, hits)
        total = sum(worth.values()) - 2 * asks
        kind = max(worth, key=lambda k: worth[k], default=None)
        enough = kind is not None and (worth[kind] - 2 * asks >= ENOUGH or total > ENOUGH)
        points_back = any(hit.cue.part == "previous" for hit in hits)
        holds = not asks and tells_what_is_held(text, words, hits)
        kind = kind if enough else None
        leaning = max(map(_leaning, found), key=abs) + _QUESTION * text.count("?", *span)
        leaning -= ENOUGH * (holds or kind is not None)
        goes_on = not asks and any(h.cue.part == "continues" and h.first == 0 for h in hits)
        return cls(span, languages, total, kind, asks, points_back, holds, leaning, goes_on)

    def unwanted(self, text: str) -> list[Span]:
        """The clauses of it that say what is not wanted."""
        return unwanted(text, self.languages, self.span)


def _asks(text: str, words: Sequence[Word], hits: Sequence[Hit]) -> bool:
    if any(hit.cue.part == "order" and hit.first == 0 for hit in hits):
        return True
    folded = [word.folded for word in words]
    helping = [
        hit.last
        for hit in hits
        if hit.cue.part == "helps" and not _US.intersection(folded[hit.last : hit.last + 1])
    ]
    told = sorted(hit.last for hit in hits if _tells_of_organisation(hit))
    helping += told[_PURPOSE - 1 :]
    for cue, first, _ in hits:
        is_told = cue.pattern[0] == _INFINITIVE and any(end <= first for end in helping)
        is_able = first > 0 and folded[first - 1] in _ABLE
        if cue.part != "keep" or is_told or is_able:
            continue
        is_nothing = (
            folded[0] in _NOTHING
            and first <= _NOTHING_WITHIN
            and is_one_clause(text, words[0], words[first])
        )
        if not is_nothing and not is_denied(text, words, hits, first):
            return True
    return False


def _tells_of_organisation(hit: Hit) -> bool:
    return hit.cue.kind == "organisation" and hit.cue.part in _TOLD


def _leaning(hits: Sequence[Hit]) -> int:
    missing = {hit.first for hit in hits if hit.cue.part == _LACK}
    told = {hit.first for hit in hits if hit.cue.part in _TOLD and hit.cue.kind in STORY | TERMS}
    return len(missing) - len(told - missing)


def _worth_by_kind(
    text: str, span: Span, words: Sequence[Word], hits: Iterable[Hit]
) -> dict[str, int]:
    worth: dict[str, int] = {}
    best: dict[tuple[str, int], int] = {}
    for cue, first, last in hits:
        if cue.part == "key" and first == 0 and _VALUE.match(text, words[last - 1].end):
            best[cue.kind, first] = ENOUGH
        elif cue.part in _WORTH:
            # "Already has" is one sign, and no second one for its "already".
            best[cue.kind, first] = max(_WORTH[cue.part], best.get((cue.kind, first), 0))
    for (kind, _), value in best.items():
        worth[kind] = worth.get(kind, 0) + value
    if _ADDRESS.search(text, *span):
        worth["header"] = worth.get("header", 0) + ENOUGH
    return worth
