"""Paragraphs that have been read: each with its heading and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from matcher.boilerplate.headings import Heading
from matcher.boilerplate.layout import Paragraph
from matcher.boilerplate.sentence_signs import Sentence

# So many sentences in one paragraph are a paper pasted on one line.
LONG_PARAGRAPH: Final = 10


class Block(NamedTuple):
    """A paragraph with the heading that it is or begins with, and its sentences behind that."""

    paragraph: Paragraph
    heading: Heading | None
    read: Sequence[Sentence]

    @property
    def asks(self) -> bool:
        return any(sentence.asks for sentence in self.read)


def lists_of(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """The blocks, the items of one list together."""
    group: list[Block] = []
    for block in blocks:
        goes_on = block.paragraph.is_item and not block.paragraph.apart and not block.heading
        if group and not (goes_on and group[-1].paragraph.is_item):
            yield group
            group = []
        group.append(block)
    if group:
        yield group
