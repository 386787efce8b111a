"""What differs between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

_WORDS = re.compile(r"\s+|[\w'’-]+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A part of a text: what both have, or what one of them has alone."""

    text: str
    changed: bool


Pieces = tuple[Piece, ...]


def compare(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces, of which those are marked that the other does not have.

    Words are compared as wholes. In long texts, those that occur very often are not looked for by
    themselves, or the time would grow with the square of the length.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    blocks = SequenceMatcher(_is_blank, old, new).get_matching_blocks()
    return (
        _pieces(old, [(block.a, block.a + block.size) for block in blocks]),
        _pieces(new, [(block.b, block.b + block.size) for block in blocks]),
    )


def _is_blank(word: str) -> bool:
    return word.isspace()


def _pieces(words: list[str], same: list[tuple[int, int]]) -> Pieces:
    found = []
    for (_begin, end), (start, stop) in pairwise([(0, 0), *same]):
        found += [Piece("".join(words[end:start]), True), Piece("".join(words[start:stop]), False)]
    return tuple(piece for piece in found if piece.text)
