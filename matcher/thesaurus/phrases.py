"""Tables of phrases, and the longest phrase of any of them that begins at a token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from matcher.language import Token

# A line that wraps goes on; an empty line, and a bullet, do not.
_BETWEEN_SENTENCES: Final = re.compile(r"[.!?;:]|\n\s*(?:\n|[-\u2013\u2022*\u00b7] )")
# "Coaching of women and girls" is a wording with two small words in a row; with more between, two
# words merely stand in one sentence.
_SMALL_WORDS_AT_MOST: Final = 2

Trie = dict[str, "Node"]


@dataclass
class Node:
    children: Trie = field(default_factory=dict)
    concepts: tuple[str, ...] = ()


def longest_of(
    tables: Iterable[tuple[Trie, Sequence[str | None]]],
    tokens: Sequence[Token],
    at: int,
    text: str,
    found: tuple[int, tuple[str, ...]],
) -> tuple[int, tuple[str, ...]]:
    """The longest wording of any table at a token, if it is longer than what was ``found``
    there."""
    for trie, keys in tables:
        if keys[at] in trie:
            candidate = _longest(trie, keys, tokens, at, text)
            if candidate[0] > found[0]:
                found = candidate
    return found


def _longest(
    trie: Trie, keys: Sequence[str | None], tokens: Sequence[Token], at: int, text: str
) -> tuple[int, tuple[str, ...]]:
    end = last = at
    best: tuple[str, ...] = ()
    for here in range(at, len(tokens)):
        key = keys[here]
        if key is None:
            continue  # Words without a subject ("and", "of") do not count on either side.
        between = text[tokens[last].end : tokens[here].start] if here > last else ""
        if here - last > _SMALL_WORDS_AT_MOST + 1 or _BETWEEN_SENTENCES.search(between):
            break
        node = trie.get(key)
        if node is None:
            break
        last, trie = here, node.children
        if node.concepts:
            end, best = here + 1, node.concepts
    # Two tokens that are read in one word end together.
    while best and end < len(tokens) and tokens[end].start == tokens[end - 1].start:
        end += 1
    return end, best
