"""What a profile tells beside its subjects: when, how long, where and how something was done, by
numbers that are stored with the profile.

Missing or impossible facts are 0, which says nothing. Months are counted from the year 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from matcher.arrays import Ints
from matcher.considerations.phrases import Phrase, find_in
from matcher.records import Entry, Expert

# The columns of the facts of an entry, and of those of a profile.
START, END, PLACE, PART, CONFIRMED = range(5)
RANK, YEARS, SINCE = range(3)
# The end of what has begun and goes on.
GOES_ON: Final = -1
TAUGHT: Final = 1
ATTENDED: Final = -1
# Nobody has practised longer; a greater number counts something else.
MOST_YEARS: Final = 60
# Letters of a profile in which facts are looked for.
_READ_AT_MOST: Final = 20_000
_NEAR: Final = 4
_OPENING: Final = 4
_KINDS: Final = {"training given": TAUGHT, "training attended": ATTENDED}
_LETTERS: Final = 26


def entry_facts(entries: Sequence[Entry]) -> Ints:
    """Start, end, place, part and confirmation of some entries; shape (entries, 5)."""
    facts = [_facts(entry) for entry in entries]
    return np.array(facts, dtype=np.int32).reshape(-1, 5)


def profile_facts(experts: Sequence[Expert]) -> Ints:
    """Rank, years of practice as they are told, and the month since which, of some experts; shape
    (experts, 3)."""
    facts = [(_rank(expert), *_told_years(expert)) for expert in experts]
    return np.array(facts, dtype=np.int32).reshape(-1, 3)


def place_code(jurisdiction: str | None) -> int:
    """A number for a code of three letters; 0 for none, or another code."""
    letters = [ord(letter) - ord("A") for letter in jurisdiction or ""]
    if len(letters) != 3 or not all(0 <= letter < _LETTERS for letter in letters):
        return 0
    first, second, third = letters
    return 1 + (first * _LETTERS + second) * _LETTERS + third


def _facts(entry: Entry) -> tuple[int, int, int, int, int]:
    done = entry.experience
    if done is None:
        return 0, 0, 0, _part(entry), 0
    start = _month(done.start, last=False)
    end = _month(done.end, last=True) or (GOES_ON if start else 0)
    if start > end > 0:
        start = end = 0
    return start, end, place_code(done.country), _part(entry), int(bool(done.confirmed))


def _month(written: str | None, *, last: bool) -> int:
    """The number of a month; a year alone stands for its first or ``last`` one."""
    if not written:
        return 0
    year, _, rest = written.partition("-")
    return int(year) * 12 + (int(rest[:2]) - 1 if rest else 11 * last)


def _part(entry: Entry) -> int:
    """Whether an entry tells of teaching or of attending; who says both has taught."""
    if entry.kind not in ("experience", "training"):
        return 0
    if entry.experience is not None and (kind := _KINDS.get(entry.experience.kind)):
        return kind
    text = entry.text[:_READ_AT_MOST]
    parts = {phrase.part for phrase in find_in(text, ["part"])}
    if "taught" in parts and not (entry.kind == "training" and "attended" in parts):
        # A course for trainers is attended all the same.
        return TAUGHT if entry.kind == "experience" else 0
    return ATTENDED if "attended" in parts or entry.kind == "training" else 0


def _told_years(expert: Expert) -> tuple[int, int]:
    """The most years of practice, and the earliest month since which, that headline and summary
    tell of."""
    text = f"{expert.headline}\n\n{expert.summary}"[:_READ_AT_MOST]
    found = find_in(text, ["years"])
    signs = [phrase for phrase in found if phrase.part in ("before", "after")]
    years = [
        phrase.number
        for phrase in found
        if phrase.number is not None
        and phrase.number <= MOST_YEARS
        and (phrase.part == "sure" or (phrase.part == "value" and _is_near(phrase, signs)))
    ]
    since = [p.number for p in found if p.part == "since" and 1950 <= (p.number or 0) <= 2100]
    return max(years, default=0), min((year * 12 for year in since if year), default=0)


def _is_near(value: Phrase, signs: Sequence[Phrase]) -> bool:
    return any(
        0
        <= (value.first - sign.last if sign.part == "before" else sign.first - value.last)
        <= _NEAR
        for sign in signs
    )


def _rank(expert: Expert) -> int:
    """The rank of an expert as a number from 1 to 7, of several the highest; 0 if none is known.

    Where no rank is given, it is read in the headline or the first words of the summary.
    """
    opening = " ".join(expert.summary.split()[:_OPENING])
    for text, is_rank in ((expert.rank, True), (expert.headline, False), (opening, False)):
        if found := rank_in(text, certain=is_rank):
            return found
    return 0


def rank_in(text: str, *, certain: bool) -> int:
    """The highest rank named in a text; words that mean something else, too, are ranks only where
    it is ``certain`` that the text is one."""
    named = find_in(text, ["rank"])
    return max((rank for _, rank in ranks(named, certain=certain)), default=0)


def ranks(named: Sequence[Phrase], *, certain: bool) -> list[tuple[Phrase, int]]:
    """The ranks among some phrases, each once at its longest wording."""
    levels = [phrase for phrase in named if phrase.part.rstrip("?").isdigit()]
    return [
        (phrase, int(phrase.part.rstrip("?")))
        for phrase in levels
        if phrase.part != "0"
        and (certain or not phrase.part.endswith("?"))
        and not any(other.holds(phrase) for other in levels)
    ]
