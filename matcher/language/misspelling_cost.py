"""How unlikely it is that one word was written for another.

Like the optimal string alignment, the cost adds up the steps that lead from one word to the other,
but what people do more often costs less: a letter written once instead of twice or the other way
round, two neighbours exchanged, a vowel for another one, a consonant for one that sounds alike
("ofiser"), a letter left out. The order of these is that of the error classes in Kukich 1992
("Techniques for automatically correcting words in text"); the numbers were set by judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_STEP: Final = 1.0
_DOUBLING: Final = 0.5
_EXCHANGE: Final = 0.6
_ALIKE: Final = 0.6
_LEFT_OUT: Final = 0.8
_SOUNDS: Final = ("aeiouy", "csz", "ckq", "sz", "fv", "gj", "bp", "dt", "аеиоуыэюяіїє", "сз", "шщ")


def misspelling_cost(written: str, meant: str) -> float:
    """The least cost of the steps from what was meant to what was written; O(product of lengths).

    >>> misspelling_cost("traning", "training"), misspelling_cost("traning", "tracing")
    (0.8, 1.0)
    """
    # Row by row of the letters meant, the last three rows are needed.
    before: list[float] = []
    last = [0.0]
    for at in range(len(written)):
        last.append(last[at] + (_DOUBLING if _repeats(written, at) else _STEP))
    for row, letter in enumerate(meant):
        left_out = _DOUBLING if _repeats(meant, row) else _LEFT_OUT
        now = [last[0] + left_out]
        for at, other in enumerate(written):
            added = _DOUBLING if _repeats(written, at) else _STEP
            least = min(last[at] + _swap(letter, other), last[at + 1] + left_out, now[at] + added)
            if row and at and letter == written[at - 1] != other == meant[row - 1]:
                least = min(least, before[at - 1] + _EXCHANGE)
            now.append(least)
        before, last = last, now
    return round(last[-1], 3)


def sounds_like(letter: str) -> frozenset[str]:
    """The letters that one is written for by ear, itself among them."""
    return frozenset(letter).union(*(group for group in _SOUNDS if letter in group))


def undone_slips(word: str) -> Iterator[str]:
    """The words of which one slip of the hand, a letter written twice or two neighbours exchanged,
    makes this one; neither makes an ending of another.

    >>> list(undone_slips("armmy"))
    ['army', 'rammy', 'amrmy', 'armym']
    """
    for at in range(1, len(word)):
        if _repeats(word, at):
            yield word[:at] + word[at + 1 :]
    for at in range(1, len(word)):
        if not _repeats(word, at):
            yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def _repeats(word: str, at: int) -> bool:
    return at > 0 and word[at] == word[at - 1]


def _swap(one: str, other: str) -> float:
    if one == other:
        return 0.0
    return _ALIKE if any(one in group and other in group for group in _SOUNDS) else _STEP
