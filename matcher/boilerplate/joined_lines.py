"""Where the lines of a text that was pasted as one long line had ended.

A line that ended without a full stop, or before a writer who begins with small letters, leaves a
sign: a capital behind a comma that begins no name ("see you on Monday, Unregistered pistols are"),
or a small letter behind the end of a sentence ("... go to court. no need for a professor").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from matcher.language import LANGUAGES, fold, is_common, is_small_word, stem, words_of

# Nobody writes a shorter paper on one line, and a longer line of a request is rare.
_LONG: Final = 400
_FIRST_COMMA: Final = re.compile(r"([^,.;:!?]{3,60}[,!])[ \t]+(?=\S)")
_BEHIND_COMMA: Final = re.compile(r"(?<=,)[ \t]+(?=([^\W\d_]{2,}) [^\W\d_])")
_BEHIND_END: Final = re.compile(r"(?<=([.!?)]))[ \t]+(?=[^\W\d_])")
_LAST_WORD: Final = re.compile(r"([^\W\d_]+)[.!?)]+\Z")
# Letters in which the word before an end is looked for.
_BEFORE: Final = 40
_REMEMBERED: Final = 4096


def joints(
    text: str, start: int, end: int, is_line: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    """The gaps of the line ``text[start:end]``, if it is long, at which a line had ended; of what
    stands before the first comma ``is_line`` says whether it was one ("Hi Marko,")."""
    if end - start < _LONG:
        return
    greeting = _FIRST_COMMA.match(text, start, end)
    if greeting and is_line(greeting[1]):
        yield greeting.end(1), greeting.end()
    for gap in _BEHIND_COMMA.finditer(text, start, end):
        if text[gap.end()].isupper() and gap[1][1:].islower() and _is_word(gap[1]):
            yield gap.span()
    for gap in _BEHIND_END.finditer(text, start, end):
        before = text[max(start, gap.start() - _BEFORE) : gap.start()]
        if text[gap.end()].islower() and _ends_sentence(before):
            yield gap.span()


def _ends_sentence(before: str) -> bool:
    """Whether the sign is a question, or stands behind a word and no abbreviation."""
    last = _LAST_WORD.search(before)
    return before.endswith(("?", "!")) or (last is not None and _is_usual(last[1]))


@lru_cache(maxsize=_REMEMBERED)
def _is_usual(written: str) -> bool:
    """Whether some language uses the word all the time, as none does "approx"."""
    folded = fold(written)
    return any(
        is_small_word(folded, each) or is_common(stem(folded, each), each) for each in LANGUAGES
    )


@lru_cache(maxsize=_REMEMBERED)
def _is_word(written: str) -> bool:
    """Whether some language has the word, and it names nobody and no place."""
    folded = fold(written)
    return folded not in words_of("names") and any(
        folded in words_of(each) or is_small_word(folded, each) for each in LANGUAGES
    )
