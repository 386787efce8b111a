"""What differs between two texts, word by word."""

import re
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel, MatchingBlock

_WORDS = re.compile(r"\s+|[\w'’-]+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A part of a text: what both have, or what one of them has alone."""

    text: str
    changed: bool


Pieces = tuple[Piece, ...]


def compare(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces, of which those are marked that the other does not have.

    Words are compared as wholes, and as few as possible are marked. The library compares 64 of them
    in one step of the machine: the longest texts that a field takes need some hundredths of a
    second, where Python's own comparison needs twenty seconds if few words occur often.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found = Indel.opcodes(old, new).as_matching_blocks()
    blocks = [block for block in found if old == new or not _is_blank(old, block)]
    return (
        _pieces(old, [(block.a, block.a + block.size) for block in blocks]),
        _pieces(new, [(block.b, block.b + block.size) for block in blocks]),
    )


def _is_blank(words: list[str], block: MatchingBlock) -> bool:
    """Tell whether all that both have here are the blanks between words that were changed."""
    both = words[block.a : block.a + block.size]
    return bool(both) and all(word.isspace() for word in both)


def _pieces(words: list[str], same: list[tuple[int, int]]) -> Pieces:
    found = []
    for (_begin, end), (start, stop) in pairwise([(0, 0), *same]):
        found += [Piece("".join(words[end:start]), True), Piece("".join(words[start:stop]), False)]
    return tuple(piece for piece in found if piece.text)
