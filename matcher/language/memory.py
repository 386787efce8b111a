"""What was worked out once for a word or a piece of text, kept for when it comes again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

_Found = TypeVar("_Found")

# So many pieces of texts, each what stands between two blanks, are remembered by whoever reads
# them: nearly all of what a roster says is said in fewer.
PIECES_REMEMBERED: Final = 50_000


class Remembered(dict[str, _Found]):
    """What a function gives for each text, worked out when it is first asked for.

    A dictionary answers in a quarter of the time that :func:`functools.lru_cache` takes to keep its
    order, and that is asked for each word of a roster. So it has none: when ``at_most`` texts are
    remembered they become the older ones, of which those are taken over that are asked for again;
    when there are as many anew, the others are forgotten.
    """

    def __init__(self, work_out: Callable[[str], _Found], at_most: int = PIECES_REMEMBERED) -> None:
        super().__init__()
        self._work_out, self._at_most = work_out, at_most
        self._older: dict[str, _Found] = {}

    def __missing__(self, text: str) -> _Found:
        older = self._older
        found = older[text] if text in older else self._work_out(text)
        if len(self) >= self._at_most:
            self._older = self.copy()
            self.clear()
        self[text] = found
        return found
