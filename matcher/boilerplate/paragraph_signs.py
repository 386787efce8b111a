"""What speaks for a whole paragraph's being of one kind: words that set parts are full of.

"Patient", "a team" and "listens" say nothing alone, and a request may have any of them; a paragraph
in which every sixth word is of such a sort, and of the same, is a set part in whatever wording. It
is believed only of a paper in which several such parts are found, and never of a paragraph that
asks for something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from matcher.boilerplate.blocks import LONG_PARAGRAPH, Block, lists_of
from matcher.boilerplate.cues import cue_table
from matcher.boilerplate.headings import TASK
from matcher.boilerplate.kinds import WITHOUT_REQUEST, set_parts
from matcher.boilerplate.layout import may_be_heading
from matcher.boilerplate.sentence_signs import Sentence
from matcher.language import folded_words

_PARTS: Final = frozenset({"hint"})
# So many words of a kind, and such a share of all words, make a paragraph one of that kind.
_AT_LEAST: Final = 3
_SHARE: Final = 0.12
# A sentence of which every fifth word is a trait of a person asks for nothing else.
_TRAITS: Final = "competencies"
_MOSTLY: Final = 0.2
# Of a long paragraph, where parts follow each other on one line, a sentence is read with its
# neighbours; one at the edge of such a stretch needs more signs of its own, because what is asked
# for begins right behind.
_AROUND: Final = 3
_AT_EDGE: Final = 2


class _Counted(NamedTuple):
    """How many words of a sentence begin a sign of each kind, and how many words it has."""

    signs: Counter[str]
    words: int


class _Weighed(NamedTuple):
    share: float
    kind: str


def with_signs(
    text: str, blocks: Sequence[Block], topics: frozenset[str], framed: Collection[str] = ()
) -> Iterator[Block]:
    """The blocks with the kinds that their words are signs of, but for those that a request is
    about itself: its ``topics``. The kinds ``framed`` are known of the text beside the blocks."""
    signs, is_task = dict[int, str](), False
    for group in lists_of(blocks):
        for block in group:
            if block.heading or may_be_heading(text, block.paragraph):
                is_task = block.heading is not None and block.heading.kind == TASK
        if not is_task:
            signs |= _signs(text, [sentence for block in group for sentence in block.read])
    signs = {start: kind for start, kind in signs.items() if kind not in topics}
    known = {s.kind for block in blocks for s in block.read if s.kind} | set(signs.values())
    known |= {*framed} | {block.heading.kind for block in blocks if block.heading}
    if len(set_parts(known)) < WITHOUT_REQUEST:
        signs = {}
    for block in blocks:
        yield block._replace(read=[_as_signed(s, signs.get(s.span.start)) for s in block.read])


def _as_signed(sentence: Sentence, kind: str | None) -> Sentence:
    if kind is None or sentence.kind is not None:
        return sentence
    return sentence._replace(kind=kind, asks=False)


def _signs(text: str, read: Sequence[Sentence]) -> Mapping[int, str]:
    """The kinds of the sentences of a paragraph or list that its words are signs of, by where they
    start; empty if there are few such words, or if something is asked for."""
    if len(read) >= LONG_PARAGRAPH:
        return dict(_signs_in_long(text, read))
    counted = [_counted(text, sentence) for sentence in read]
    if any(map(_asks_for_a_subject, read, counted)):
        return {}
    found = _weighed(counted)
    return {sentence.span.start: found.kind for sentence in read} if found else {}


def _signs_in_long(text: str, read: Sequence[Sentence]) -> Iterator[tuple[int, str]]:
    every = [_counted(text, sentence) for sentence in read]
    asking = map(_asks_for_a_subject, read, every)
    counted = [None if asks else each for asks, each in zip(asking, every, strict=True)]
    for at, own in enumerate(counted):
        if own is None:
            continue
        if read[at].asks:
            yield read[at].span.start, _TRAITS
            continue
        found = list[_Weighed]()
        for back in range(_AROUND):
            around = counted[max(0, at - back) : at - back + _AROUND]
            weighed = _weighed([each for each in around if each is not None])
            is_edge = back in (0, _AROUND - 1)
            if weighed is not None and own.signs[weighed.kind] >= (_AT_EDGE if is_edge else 1):
                found.append(weighed)
        if found:
            yield read[at].span.start, max(found).kind


def _asks_for_a_subject(sentence: Sentence, counted: _Counted) -> bool:
    """Whether a sentence asks for more than what somebody is like: "They should be patient, tidy
    and at ease with others" asks for nothing of the field."""
    traits = counted.signs[_TRAITS]
    return sentence.asks and traits < max(_AT_LEAST, _MOSTLY * counted.words)


def _weighed(counted: Sequence[_Counted]) -> _Weighed | None:
    """The kind that most words are signs of, with their share of all words; None if they are too
    few."""
    signs = sum((each.signs for each in counted), Counter[str]())
    words = sum(each.words for each in counted)
    kind, number = max(signs.items(), key=lambda item: item[1], default=("", 0))
    return _Weighed(number / words, kind) if number >= max(_AT_LEAST, _SHARE * words) else None


def _counted(text: str, sentence: Sentence) -> _Counted:
    """Counted in the language that has most."""
    words = folded_words(text, *sentence.span)
    by_language = [
        Counter(
            kind
            for kind, _ in {
                (hit.cue.kind, hit.first) for hit in cue_table(language, _PARTS).find(text, words)
            }
        )
        for language in sentence.languages
    ]
    return _Counted(max(by_language, key=Counter.total, default=Counter()), len(words))
