"""Words that are written in several ways: closed, with a hyphen, broken at the end of a line,
apart.

"Fire-arms", "fire-" at the end of a line and "fire arms" are read as "firearms" where the closed
form is a known word; "de-mining" always, because its first part is none by itself; "K-9", "AK-47"
and "C-IED" as one short form, and "UNSCR1325" as the two that it is made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from matcher.language import Token, read_word

# Parts that are no words of their own.
_PREFIXES: Final = frozenset(
    "de co pre re anti non inter multi sub post mis semi bi tri micro macro ultra trans para intra"
    " контр анти де пре не меж між међу меѓу".split()
)
_HYPHENS: Final = "-\u2010\u2011\u00ad"
_BETWEEN: Final = re.compile(rf"(?P<hyphen>[{_HYPHENS}])?(?P<blank>[ \t]*(?:\r?\n)?[ \t]*)")
_WITH_NUMBER: Final = re.compile(r"([^\W\d_]{3,})(\d{3,})")
_SHORTEST_PART: Final = 3


def joined(
    text: str, tokens: Sequence[Token], language: str, known: Callable[[str], bool]
) -> list[Token]:
    """The tokens of a text with the parts of compounds put together; ``known`` says of a stem
    whether it is one of the language's words."""
    read: list[Token] = []
    for token in tokens:
        whole = _whole(text, read[-1], token, language, known) if read else None
        if whole is None:
            read += _parts(text, token, language)
        else:
            read[-1] = whole
    return read


def _whole(
    text: str, first: Token, second: Token, language: str, known: Callable[[str], bool]
) -> Token | None:
    """Two neighbours as one, if they are parts of one word."""
    if second.start - first.end > 4:
        return None
    between = _BETWEEN.fullmatch(text, first.end, second.start)
    if between is None:
        return None
    head, tail = text[first.start : first.end], text[second.start : second.end]
    folded, term = read_word(head + tail, language)
    whole = Token(first.start, second.end, folded, term)
    hyphen, blank = between["hyphen"], between["blank"]
    if hyphen and not blank and (_is_short_form(head, tail) or first.folded in _PREFIXES):
        return whole
    if not (head.isalpha() and tail.isalpha()) or term is None:
        return None
    if hyphen and blank:
        broken = tail[0].islower() and second.term is not None
        return whole if broken and (known(term) or "\n" in blank) else None
    if not hyphen and (first.term is None or second.term is None):
        return None
    long_enough = hyphen or min(len(head), len(tail)) >= _SHORTEST_PART
    return whole if long_enough and known(term) else None


def _is_short_form(head: str, tail: str) -> bool:
    """ "K-9", "AK-47", "C-IED"."""
    if not head.isupper():
        return False
    return (tail.isdigit() and len(head) <= 3 and len(tail) <= 3) or (
        len(head) == 1 and tail.isupper() and tail.isalpha()
    )


def _parts(text: str, token: Token, language: str) -> Iterator[Token]:
    found = _WITH_NUMBER.fullmatch(text, token.start, token.end)
    if found is None or not found[1].isupper():
        yield token
        return
    for start, end in (found.span(1), found.span(2)):
        yield Token(start, end, *read_word(text[start:end], language))
