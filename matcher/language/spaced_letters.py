"""Words in spaced letters: "P O L I C E   A D V I S E R" in a heading.

The blanks between the letters of such a word are taken for characters that nobody sees, as soft
hyphens are, so that every word keeps its place. Rows of initials, codes and letters of a list stay
what they are: one of the words must be one that a language has, and no piece of the alphabet, which
the lists of words, that let some others through, may take for one.
"""

from __future__ import annotations

import re
from typing import Final

from matcher.language.tokens import LANGUAGES, fold, to_latin
from matcher.language.wordlists import words_of

_SPACED: Final = re.compile(r"(?<![^\s(])[^\W\d_](?:[ \u00a0][^\W\d_])+(?![^\s.,:;!?)])")
_BLANK: Final = re.compile(r"[ \u00a0]")
_UNSEEN: Final = "\u2060"
# The lists have no shorter words.
_SHORTEST: Final = 5


def joined_letters(text: str) -> str:
    """A text of the same length in which words in spaced letters are whole."""
    written = (_BLANK.sub("", found) for found in _SPACED.findall(text))
    if not any(map(_is_word, written)):
        return text
    return _SPACED.sub(lambda found: _BLANK.sub(_UNSEEN, found.group()), text)


def _is_word(written: str) -> bool:
    folded = fold(written)
    if len(folded) < _SHORTEST or folded == "".join(sorted(folded)):
        return False
    return any(form in words_of(each) for each in LANGUAGES for form in (folded, to_latin(folded)))
