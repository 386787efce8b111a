"""Tables of phrases, and the longest phrase of any of them that begins at a token."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import Final

from matcher.language import Token
from matcher.thesaurus.pieces import Words

# A line that wraps goes on; an empty line, and a bullet, do not.
_BETWEEN_SENTENCES: Final = re.compile(r"[.!?;:]|\n\s*(?:\n|[-\u2013\u2022*\u00b7] )")
# "Coaching of women and girls" is a wording with two small words in a row; with more between, two
# words merely stand in one sentence.
_SMALL_WORDS_AT_MOST: Final = 2

# "Searches, dogs" are two things of a list; "women, peace and security" is one.
_PARTED_BY_A_COMMA: Final = 2

# No word can contain it.
_BETWEEN_WORDS: Final = "\n"
# What stands for each phrase, its words joined; nothing for the mere beginning of a longer one.
Phrases = Mapping[str, Sequence[str]]
# Phrases with what of a token their words are compared with.
Table = tuple[Phrases, Callable[[Token], str | None]]


def add_phrase(phrases: dict[str, list[str]], words: Iterable[str], meaning: str) -> None:
    """Take in a phrase, and its beginnings, by which it is found word by word."""
    beginnings = list(accumulate(words, lambda before, word: before + _BETWEEN_WORDS + word))
    for beginning in beginnings:
        phrases.setdefault(beginning, [])
    if beginnings and meaning not in phrases[beginnings[-1]]:
        phrases[beginnings[-1]].append(meaning)


def meanings_of(phrases: Phrases, words: Iterable[str]) -> Sequence[str]:
    """What a phrase means, if it is known."""
    return phrases.get(_BETWEEN_WORDS.join(words), ())


def words_in(phrases: Phrases) -> set[str]:
    """The words of some phrases."""
    return {phrase.rpartition(_BETWEEN_WORDS)[2] for phrase in phrases}


def as_it_stands(token: Token) -> str | None:
    """A word as it is written, if it says anything and is not the second one read in a word."""
    return None if token.term is None else token.written


def as_it_reads(token: Token) -> str | None:
    """A word in the form that is read in it, if it says anything."""
    return None if token.term is None else token.folded


def word_by_word(token: Token) -> str:
    """The stem of a word, and a small word as it is: nothing else may stand between."""
    return token.folded if token.term is None else token.term


# The stem of a word, if it says anything.
by_stem: Final[Callable[[Token], str | None]] = attrgetter("term")


def longest_of(
    tables: Iterable[Table], words: Words, at: int, text: str, found: tuple[int, Sequence[str]]
) -> tuple[int, Sequence[str]]:
    """The longest wording of any table at a token, if it is longer than what was ``found``
    there."""
    token = words.tokens[at]
    for phrases, key_of in tables:
        key = key_of(token)
        if key is not None and key in phrases:
            candidate = _longest(phrases, key, key_of, words, at, text)
            if candidate[0] > found[0]:
                found = candidate
    return found


def _longest(
    phrases: Phrases,
    phrase: str,
    key_of: Callable[[Token], str | None],
    words: Words,
    at: int,
    text: str,
) -> tuple[int, Sequence[str]]:
    """The longest of some phrases at a token, of which the first word is one, or a beginning."""
    tokens = words.tokens
    best, last, length = phrases[phrase], at, 1
    end = at + 1 if best else at
    for here in range(at + 1, len(tokens)):
        key = key_of(tokens[here])
        if key is None:
            continue  # Words without a subject ("and", "of") do not count on either side.
        phrase += _BETWEEN_WORDS + key
        meanings = phrases.get(phrase)
        if meanings is None or here - last > _SMALL_WORDS_AT_MOST + 1:
            break
        between = text[words.end(last) : words.start(here)]
        if between != " " and _BETWEEN_SENTENCES.search(between):
            break
        last, length = here, length + 1
        if meanings and not (length == _PARTED_BY_A_COMMA and "," in between):
            end, best = here + 1, meanings
    # Two tokens that are read in one word end together.
    while best and end < len(tokens) and words.start(end) == words.start(end - 1):
        end += 1
    return end, best
