"""Words that are written in several ways: closed, with a hyphen, broken between lines, apart.

"Fire-arms", "fire-" at the end of a line and "fire arms" are read as "firearms" where the closed
form is a known word, and so is "de mining"; "de-mining" always, because its first part is none by
itself; "K-9", "AK-47" and "C-IED" as one short form, with a blank where that is known; and
"UNSCR1325" and "crossborder" as the two that they are made of.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Container, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from matcher.language import Token, forms_of_their_own, read_word, visible, written_form

# Parts that are no words of their own and change what the word means, so that both are one word.
_BOUND: Final = frozenset((
    "de", "co", "pre", "re", "inter", "sub", "post", "mis", "bi", "tri", "trans", "para", "intra",
    "пре", "меж", "між", "меѓу",
))  # fmt: skip
# Those of them that are too short to be looked for in every text: words of other languages, too.
_BOUND_IN_ENGLISH: Final = frozenset(("de", "co", "re", "bi"))
# Parts that leave the subject what it is: who fights corruption works on corruption.
_LOOSE: Final = (
    "anti", "counter", "cross", "multi", "micro", "macro", "non", "semi", "ultra", "анти", "контр",
)  # fmt: skip
_SHORTEST_REST: Final = 5
SOFT_HYPHEN: Final = "\u00ad"
_HYPHENS: Final = f"-\u2010\u2011{SOFT_HYPHEN}"
_BETWEEN: Final = re.compile(rf"(?P<hyphen>[{_HYPHENS}])?(?P<blank>[ \t]*(?:\r?\n)?[ \t]*)")
_WITH_NUMBER: Final = re.compile(r"([^\W\d_]{3,})(\d{3,})")
_PLURAL: Final = "s"
_SHORTEST_PART: Final = 3
# Words of each language whose next letters are remembered.
_REMEMBERED: Final = 50_000
# Comes after every letter.
_LAST_LETTER: Final = "\U0010ffff"
# What comes behind a blank may be another one.
_BLANK: Final = " "
_MORE_BLANKS: Final = frozenset({_BLANK})
_NOTHING: Final = frozenset[str]()
# Characters between the parts of a compound at most.
_WIDEST: Final = 4


class KnownStems:
    """The stems of a language's known words and what is known as a short form, and whether any of
    them begins in some way."""

    def __init__(
        self, stems: Collection[str], language: str, short_forms: Collection[str] = ()
    ) -> None:
        self._stems = frozenset(stems)
        self.short_forms = self._stems.union(short_forms)
        self.small_parts = _BOUND_IN_ENGLISH if language == "en" else _NOTHING
        # "Police woman" is one word, too, whose stem is that of another.
        self._in_order = sorted({*self.short_forms, *forms_of_their_own(language)})
        self.next_letters = lru_cache(maxsize=_REMEMBERED)(self._next_letters)

    def __contains__(self, stem: object) -> bool:
        return stem in self._stems

    def _next_letters(self, beginning: str) -> frozenset[str]:
        """The letters by which known words go on that begin so, none for a whole word; most words
        begin no other one. O(log of their number, and those that are found)."""
        first = bisect_left(self._in_order, beginning)
        last = bisect_left(self._in_order, beginning + _LAST_LETTER, lo=first)
        at = len(beginning)
        return frozenset(word[at : at + 1] for word in self._in_order[first:last])


def joined(
    text: str,
    tokens: Sequence[Token],
    language: str,
    known: KnownStems,
    before: Sequence[Token] = (),
) -> list[Token]:
    """The tokens of a text with the parts of compounds put together, behind those that were read
    ``before``."""
    read: list[Token] = [*before]
    for token in tokens:
        whole = None
        if read and not _are_apart(text, read[-1], token, known):
            whole = _whole(text, read[-1], token, language, known)
        if whole is not None:
            read[-1] = whole
        elif _may_have_parts(token.folded):
            read += _parts(text, token, language, known)
        else:
            read.append(token)
    return read


def _whole(
    text: str, first: Token, second: Token, language: str, known: KnownStems
) -> Token | None:
    """Two neighbours as one, if they are parts of one word."""
    if second.start - first.end > _WIDEST:
        return None
    between = _BETWEEN.fullmatch(text, first.end, second.start)
    if between is None:
        return None
    head, tail = text[first.start : first.end], text[second.start : second.end]
    hyphen = bool(between["hyphen"]) or head.endswith(SOFT_HYPHEN)
    head, tail = visible(head), visible(tail)
    folded, term, _ = read_word(head + tail, language)[0]
    written = first.written and written_form(text[first.start : second.end])
    whole = Token(first.start, second.end, folded, term, written)
    pair = _Pair(first, second, head, tail, whole)
    is_one = _are_joined(pair, between["blank"], known) if hyphen else _are_one(text, pair, known)
    return whole if is_one else None


class _Pair(NamedTuple):
    """Two neighbours, as they are written, and what they would be as one word."""

    first: Token
    second: Token
    head: str
    tail: str
    whole: Token


def _are_joined(pair: _Pair, blank: str, known: KnownStems) -> bool:
    """Whether two words with a hyphen between them, and perhaps a blank or the end of a line behind
    it, are one."""
    first, second, head, tail, whole = pair
    if not blank:
        is_part = first.folded in _BOUND or _is_short_form(head, tail)
        return is_part or (whole.term or "") in known
    if not (head + tail).isalpha() or whole.term is None or second.term is None:
        return False
    # "Cross-" and "border" are words by themselves, "investi-" and "gation" are not.
    are_words = (first.term or "") in known and second.term in known
    is_broken = "\n" in blank and not are_words
    return tail.islower() and (is_broken or whole.term in known)


def _are_one(text: str, pair: _Pair, known: KnownStems) -> bool:
    """Whether two words with a blank between them are one that is known."""
    first, second, head, tail, whole = pair
    if _is_short_form(head, tail):
        return whole.folded in known.short_forms
    may_be = _may_go_on(text, first, known) and _may_follow(second) and (head + tail).isalpha()
    return may_be and whole.term in known


def _are_apart(text: str, first: Token, second: Token, known: KnownStems) -> bool:
    """Whether a blank stands between two words that cannot be parts of a compound: one of them is
    too small, or no known word begins with the first and a letter of the second.

    Most neighbours are told apart here, without a look at what they would be as one word.
    """
    if text[first.end : second.start] != " " or text[first.end - 1] == SOFT_HYPHEN:
        return False
    if not _may_go_on(text, first, known) or not _may_follow(second):
        return True
    return second.folded[:1] not in known.next_letters(first.folded)


def _may_go_on(text: str, token: Token, known: KnownStems) -> bool:
    """Whether a word can be the first part of one that is written apart: no small one, but for
    those that are none by themselves and the capitals of short forms."""
    if token.end - token.start >= _SHORTEST_PART:
        return token.term is not None
    return token.folded in known.small_parts or text[token.start : token.end].isupper()


def _may_follow(token: Token) -> bool:
    """Whether a word can be the second part of one that is written apart."""
    is_long = token.end - token.start >= _SHORTEST_PART
    return (is_long and token.term is not None) or token.folded.isdigit()


class _Anything:
    """Letters of which nothing is known yet but that any may be among them."""

    def __contains__(self, letter: object) -> bool:
        return True


def goes_on_with(
    text: str, end: int, last: Token | None, known: KnownStems
) -> Container[str | None]:
    """What may be the opening letter behind ``text[:end]`` and a blank, if the last token of it is
    to be the first part of a compound: what :func:`_are_apart` asks, for all words at once."""
    if last is None:
        return _NOTHING
    tail = text[last.end : end]
    if tail or text[end - 1] == SOFT_HYPHEN:
        # A hyphen, and more blanks than one, are looked at together with what follows.
        is_open = len(tail) < _WIDEST and _BETWEEN.fullmatch(tail)
        return _Anything() if is_open else _NOTHING
    if not _may_go_on(text, last, known):
        return _NOTHING
    return known.next_letters(last.folded) | _MORE_BLANKS


def opening_letter(text: str, tokens: Sequence[Token]) -> str | None:
    """The letter that a compound goes on with in a text behind its first part and a blank; None if
    it cannot, and a blank if there are more of them."""
    head = text[: tokens[0].start] if tokens else text
    if not head.strip():
        if head or not tokens:
            return _BLANK
        if _may_follow(tokens[0]):
            return tokens[0].folded[:1]
    return None


def _is_short_form(head: str, tail: str) -> bool:
    """ "K-9", "AK-47", "C-IED", and several of them: "C-IEDs"."""
    if not head.isupper():
        return False
    tail = tail.removesuffix(_PLURAL)
    return (tail.isdigit() and len(head) <= 3 and len(tail) <= 3) or (
        len(head) == 1 and tail.isupper() and tail.isalpha()
    )


def _may_have_parts(folded: str) -> bool:
    """Whether a folded word may be made of two; most are not."""
    return folded.startswith(_LOOSE) or folded[-1:].isdigit()


def _parts(text: str, token: Token, language: str, known: KnownStems) -> tuple[Token, ...]:
    """A word as the two that it is made of, if it is: "UNSCR1325", and "anticorruption" where
    nobody wrote that into the thesaurus."""
    written = text[token.start : token.end]
    number = _WITH_NUMBER.fullmatch(written) if written[-1].isdigit() else None
    if number and number[1].isupper():
        return _cut(text, token, len(number[1]), language)
    if not token.folded.startswith(_LOOSE):
        return (token,)
    prefix = next(p for p in _LOOSE if token.folded.startswith(p))
    rest = written[len(prefix) :]
    if len(rest) >= _SHORTEST_REST and (token.term or "") not in known:
        first, second = _cut(text, token, len(prefix), language)
        if (second.term or "") in known:
            return (first, second)
    return (token,)


def _cut(text: str, token: Token, at: int, language: str) -> tuple[Token, Token]:
    middle = token.start + at
    return (
        Token(token.start, middle, *read_word(text[token.start : middle], language)[0]),
        Token(middle, token.end, *read_word(text[middle : token.end], language)[0]),
    )
