"""Texts cut into tokens piece by piece: what stands between two blanks is read once, and taken from
memory wherever it comes again.

Hardly a word of a roster comes only once. Nothing of a token depends on what is beyond the blanks
around it, but where the words on both sides of one may be parts of a compound ("fire arms"); only
there are they read together.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from typing import NamedTuple

from matcher.language import Remembered, Token, tokenize
from matcher.thesaurus.compounds import KnownStems, goes_on_with, joined, opening_letter


class Words(NamedTuple):
    """The tokens of a text, and which of them the wording or short form of a concept may begin
    with, and which one of a sense.

    Tokens that are remembered are shared by all texts: their places are counted from where their
    piece begins, so that none is made anew for each time that its word comes.
    """

    tokens: list[Token]
    begins: list[int]
    concepts: list[int]
    senses: list[int]

    def start(self, at: int) -> int:
        """Where a token begins in the text."""
        return self.begins[at] + self.tokens[at].start

    def end(self, at: int) -> int:
        """Where a token ends in the text."""
        return self.begins[at] + self.tokens[at].end

    def placed(self) -> list[Token]:
        """The tokens with their places in the text."""
        return [
            token._replace(start=begin + token.start, end=begin + token.end)
            for token, begin in zip(self.tokens, self.begins, strict=True)
        ]


class _Piece(NamedTuple):
    """What stands between two blanks: its words, with places counted from its beginning; the letter
    that a compound may go on with in it; and the letters that its last word may go on with behind
    it."""

    tokens: list[Token]
    concepts: list[int]
    senses: list[int]
    first: str | None
    goes_on: Container[str | None]


class PieceReader:
    """Reads the texts of one language; ``begins`` tells whether a concept, and whether a sense, may
    begin with a token."""

    def __init__(
        self, language: str, known: KnownStems, begins: Callable[[Token], tuple[bool, bool]]
    ) -> None:
        self._language, self._known, self._begins = language, known, begins
        self._pieces = Remembered(self._read_piece)

    def read(self, text: str) -> Words:
        """The words of a text, as :func:`tokenize` and :func:`joined` read it; O(its length)."""
        tokens, begins, concepts, senses = read = Words([], [], [], [])
        pieces = self._pieces
        start, goes_on = 0, goes_on_with("", 0, None, self._known)
        for written in text.split(" "):
            more, beginning, meaning, first, behind = pieces[written]
            if first in goes_on:
                behind = self._read_on(read, text, start, start + len(written))
            else:
                if beginning:
                    concepts += [len(tokens) + at for at in beginning]
                if meaning:
                    senses += [len(tokens) + at for at in meaning]
                tokens += more
                begins += [start] * len(more)
            start, goes_on = start + len(written) + 1, behind
        return read

    def noted(self, tokens: Sequence[Token]) -> Words:
        """Some tokens with what may begin with each."""
        read = Words([], [], [], [])
        self._note(read, tokens)
        return read

    def _read_piece(self, written: str) -> _Piece:
        read = joined(written, tokenize(written, self._language), self._language, self._known)
        tokens, _, concepts, senses = self.noted(read)
        return _Piece(
            tokens,
            concepts,
            senses,
            opening_letter(written, tokens),
            goes_on_with(written, len(written), tokens[-1] if tokens else None, self._known),
        )

    def _read_on(self, read: Words, text: str, start: int, end: int) -> Container[str | None]:
        """Read a piece that the last word of what was read before may go on in; tells what the last
        of both may go on with."""
        apart = [
            token._replace(start=start + token.start, end=start + token.end)
            for token in tokenize(text[start:end], self._language)
        ]
        before = Words(read.tokens[-1:], read.begins[-1:], [], []).placed()
        del read.tokens[-1:], read.begins[-1:]
        for places in (read.concepts, read.senses):
            if places and places[-1] == len(read.tokens):
                places.pop()
        self._note(read, joined(text, apart, self._language, self._known, before))
        last = read.tokens[-1] if read.tokens else None
        return goes_on_with(text, end, last, self._known)

    def _note(self, read: Words, tokens: Iterable[Token]) -> None:
        for token in tokens:
            concept, sense = self._begins(token)
            if concept:
                read.concepts.append(len(read.tokens))
            if sense:
                read.senses.append(len(read.tokens))
            read.tokens.append(token)
            read.begins.append(0)
