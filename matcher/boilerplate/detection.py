"""What a request says beside its subject, and what it says is not wanted.

Terms of reference are pasted whole: who the organisation is and all it works on, what the host has
already, how offers are paid and compared, and which policies everybody must keep. Such text names
subjects for which nobody is wanted. It is found by headings and by phrases
(:mod:`matcher.boilerplate.cues`), set aside, and shown as set aside, so that a reader can take a
piece back. The title is never set aside, but for a clause that says what is not wanted; and a
request that would be left without a word is read whole.

A profile says what somebody has not done, or would like to learn; that is no evidence either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from matcher.boilerplate.blocks import LONG_PARAGRAPH, Block, lists_of
from matcher.boilerplate.clause_splitting import unwanted
from matcher.boilerplate.headings import TASK, heading_kind, heading_of
from matcher.boilerplate.kinds import SET_PARTS_AT_LEAST, STORY, TELLING, WITHOUT_REQUEST, set_parts
from matcher.boilerplate.layout import (
    Paragraph,
    may_be_heading,
    merged,
    paragraphs,
    texts,
    without,
)
from matcher.boilerplate.page_frame import beginnings, fields_in, frame, is_salutation
from matcher.boilerplate.paragraph_signs import with_signs
from matcher.boilerplate.request_place import (
    is_sure,
    request_place,
    stands_in,
    tells_what_is_missing,
)
from matcher.boilerplate.sentence_signs import Sentence
from matcher.boilerplate.titles import beginnings_of_subject, telling_words, topics_of
from matcher.language import (
    CYRILLIC,
    Span,
    folded_words,
    guess_language,
    is_small_word,
    sentences,
)

# Letters of a description in which set parts are looked for; no terms of reference are longer.
READ_AT_MOST: Final = 60_000
_REMEMBERED: Final = 256
# A sentence is of a set paper if so many more of its words are signs of such than tell what is
# missing.
FULL: Final = -8
# From this share of a paragraph on, what is surely beside the subject tells what the rest is.
MOSTLY: Final = 0.4
# With so many sentences that no phrase knows a description is a set paper whatever its parts are
# called: nobody writes that much of a subject.
LONG_PAPER: Final = 18


class Aside(NamedTuple):
    """The stretch from ``start`` to ``end`` of the field ``title`` or ``description`` of a request
    that is not ranked by, and of which ``kind`` it is; with ``kept`` the request says that it
    counts all the same."""

    field: str
    start: int
    end: int
    kind: str
    kept: bool = False


@lru_cache(maxsize=_REMEMBERED)
def asides(title: str, description: str, language: str) -> tuple[Aside, ...]:
    """What is to be set aside of a request that is mainly in ``language``, in order; remembered,
    because a request is ranked again and again.

    Each of several texts is read by itself: what somebody writes below "tasks" asks for something,
    whatever paper was pasted below "background". Empty if nothing that tells something would be
    left.
    """
    read = description[:READ_AT_MOST]
    found = [Aside("title", *span, "not_wanted") for span in unwanted(title, (language, "en"))]
    for start, end in texts(read):
        found += (
            Aside("description", start + span.start, start + span.end, kind)
            for span, kind in _Reader(title, read[start:end], language)
        )
    return tuple(found) if _is_anything_left(title, description, found) else ()


def _is_anything_left(title: str, description: str, found: Sequence[Aside]) -> bool:
    left = [
        without(text, [(a.start, a.end) for a in found if a.field == field])
        for field, text in (("title", title), ("description", description))
    ]
    return any(folded_words(text) and heading_kind(text.strip(" ;\n")) is None for text in left)


class _Reader:
    """One description being read from top to bottom; ``section`` is the kind of text that the last
    heading announced, until another one, or a paragraph that does not fit."""

    def __init__(self, title: str, description: str, language: str) -> None:
        self._text, self._language = description, language
        self._topics = topics_of(title, language)
        self._titled = beginnings_of_subject(title, language)
        self._section: str | None = None
        self._sure_place: Span | None = None
        telling = folded_words(telling_words(title, language))
        self._has_subject = not all(is_small_word(word.folded, language) for word in telling)
        self._opening = self._under_task = self._is_long = False
        self._letter = len(description)

    def __iter__(self) -> Iterator[tuple[Span, str]]:
        cut = paragraphs(self._text, _is_a_paragraph)
        framing = frame(self._text, cut, self._titled)
        blocks = [self._block(each) for at, each in enumerate(cut) if at not in framing]
        found = [(Span(cut[at].start, cut[at].end), "header") for at in framing]
        salutations = (s.end for s, _ in found if is_salutation(self._text[s.start : s.end]))
        self._letter = max(salutations, default=self._letter)
        read, unread = list[Block](), self._continued(blocks)
        known = {"header"} if found or any(map(self._has_fields, blocks[:1])) else set[str]()
        for block in with_signs(self._text, list(unread), self._topics, known):
            found += self._paragraph(block)
            if not self._under_task:
                read.append(block)
        request = request_place(found, read, self._shares_title)
        # What a title is about may stand where other papers have their terms.
        if not self._topics and is_sure(request, found, read):
            if not self._speaks(request, read):
                request = Span(0, 0)
            self._sure_place = request
        asking = [block for block in read if any(map(self._is_subject, block.read))]
        silent = [block for block in read if not any(map(self._is_subject, block.read))]
        told = {start for (start, _), _ in found}
        left = [s for block in read for s in block.read if s.span.start not in told]
        self._is_long = self._has_subject and len(left) >= LONG_PAPER
        request = self._narrowed(request, asking, silent)
        found += self._unasked(silent, found, request, is_asked=len(silent) < len(blocks))
        if self._is_long or self._sure_place is not None:
            found += self._far_from_subjects(asking, request)
        yield from merged(self._text, found)

    def _speaks(self, place: Span, read: Sequence[Block]) -> bool:
        """Whether anything in the ``place`` of a request says that it is one: a sentence asks, has
        a word of the title or tells what is missing, or no word of a paragraph is a sign of what
        set papers have."""
        for block in read:
            there = [s for s in block.read if s.kind is None and stands_in(s, place)]
            if any(s.asks or s.leaning > 0 or self._shares_title(s) for s in there):
                return True
            is_whole = len(there) == len(block.read) < LONG_PARAGRAPH
            if there and is_whole and not any(s.leaning for s in there):
                return True
        return False

    def _narrowed(self, place: Span, asking: Sequence[Block], silent: Sequence[Block]) -> Span:
        """Of the ``place`` of a request what counts though it asks for nothing.

        A phrase of the terms that asks by accident ("to draft in English") must not leave a request
        that tells what is wrong outside, nor must a word of the title that the host's story has.
        """
        wanted = [s for block in asking for s in block.read if self._is_subject(s)]
        there = [s for s in wanted if stands_in(s, place)]
        if any(s.asks for s in there) or (wanted and not place.start):
            return Span(0, 0)
        missing = filter(tells_what_is_missing, silent)
        if there and not any(stands_in(s, place) for block in missing for s in block.read):
            return Span(0, 0)
        return place

    def _unasked(
        self,
        silent: Sequence[Block],
        found: Sequence[tuple[Span, str]],
        request: Span,
        *,
        is_asked: bool,
    ) -> Iterator[tuple[Span, str]]:
        """What asks for nothing in a set paper, but for what stands where its ``request`` does."""
        parts = set_parts(kind for _, kind in found)
        least = SET_PARTS_AT_LEAST if is_asked else WITHOUT_REQUEST
        is_set = len(parts) >= least or self._is_long
        is_letter = len(parts) < WITHOUT_REQUEST
        for block in silent:
            is_read = not is_set or (is_letter and block.paragraph.start >= self._letter)
            yield from (
                (s.span, "unasked")
                for s in block.read
                if s.kind is None
                and not stands_in(s, request)
                and (not is_read or (parts and s.leaning <= FULL))
            )

    def _far_from_subjects(
        self, blocks: Sequence[Block], request: Span
    ) -> Iterator[tuple[Span, str]]:
        """What has no neighbour that asks for something or has a word of the title, in the long
        paragraphs of a long paper: somebody pasted all on one line."""
        for block in blocks:
            if len(block.read) < LONG_PARAGRAPH:
                continue
            asks = [self._is_subject(s) or stands_in(s, request) for s in block.read]
            for at, sentence in enumerate(block.read):
                is_near = any(asks[max(0, at - 1) : at + 2])
                if self._sure_place is not None:
                    is_near = stands_in(sentence, self._sure_place)
                if sentence.kind is None and not is_near:
                    yield sentence.span, "unasked"

    def _block(self, paragraph: Paragraph) -> Block:
        written = self._text[paragraph.body : paragraph.end]
        heading = heading_of(written)
        if heading is not None and heading.kind in self._topics:
            heading = None
        start = paragraph.body + (heading.length if heading else 0)
        languages = self._languages(self._text[start : paragraph.end])
        spans = sentences(self._text, start, paragraph.end)
        is_long = len(spans) >= LONG_PARAGRAPH
        read = [
            Sentence.of(
                self._text,
                span,
                self._languages_beside(languages, span) if is_long else languages,
                self._topics,
            )
            for span in spans
        ]
        return Block(paragraph, heading, read)

    def _continued(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """What is said among sentences of one kind is of that kind, and what a host has is of its
        own."""
        subjects = sum(self._is_subject(s) for block in blocks for s in block.read)
        for group in lists_of(blocks):
            told = [sentence for block in group for sentence in block.read]
            elsewhere = subjects - sum(map(self._is_subject, told))
            is_task = any(block.heading and block.heading.kind == TASK for block in group)
            if not is_task:
                told = list(self._with_holdings(told, is_asked_elsewhere=elsewhere > 0))
            kinds = self._kinds(told, is_asked_elsewhere=elsewhere > 0 and not is_task)
            for block in group:
                read = [s._replace(kind=next(kinds)) for s in block.read]
                yield block._replace(read=read)

    def _with_holdings(
        self, told: Sequence[Sentence], *, is_asked_elsewhere: bool
    ) -> Iterator[Sentence]:
        """The sentences of a paragraph, those of the host's that say what it has, if the paragraph
        asks for nothing and the title tells a subject.

        Where nothing is asked for elsewhere either, such a sentence may tell what is wrong without
        a word of it. So it must stand among its like, and a word of the title keeps it.
        """
        may_be_host = self._has_subject and not any(s.asks for s in told)
        alone = all(s.holds or s.kind for s in told)
        for sentence in told:
            is_host = is_asked_elsewhere or (alone and not self._shares_title(sentence))
            if may_be_host and is_host and sentence.holds:
                yield sentence._replace(kind=sentence.kind or "host")
            else:
                yield sentence

    def _kinds(self, told: Sequence[Sentence], *, is_asked_elsewhere: bool) -> Iterator[str | None]:
        known = [s for s in told if s.kind is not None]
        whole = (
            is_asked_elsewhere
            and not any(s.asks for s in told)
            and _letters(known) >= MOSTLY * _letters(told)
        )
        kinds = [sentence.kind for sentence in told]
        around = zip(told, _latest(kinds), reversed(_latest(kinds[::-1])), strict=True)
        last: str | None = None
        for sentence, before, behind in around:
            goes_on = sentence.goes_on and last in STORY and sentence.leaning <= 0
            if sentence.kind or not (goes_on or self._is_open(sentence)):
                last = sentence.kind
            elif not goes_on:
                last = (before or behind) if whole or before == behind else None
            yield last

    def _is_open(self, sentence: Sentence) -> bool:
        """Whether what stands around a sentence tells of which kind it is."""
        return not (sentence.asks or self._shares_title(sentence))

    def _is_subject(self, sentence: Sentence) -> bool:
        if sentence.kind is not None or sentence.asks:
            return sentence.kind is None
        is_there = self._sure_place is None or stands_in(sentence, self._sure_place)
        return is_there and self._shares_title(sentence)

    def _shares_title(self, sentence: Sentence) -> bool:
        return bool(self._titled & beginnings(self._text[slice(*sentence.span)]))

    def _paragraph(self, block: Block) -> Iterator[tuple[Span, str]]:
        paragraph, heading, read = block
        if heading is not None:
            is_line = paragraph.body + heading.length == paragraph.end
            self._under_task = heading.kind == TASK and is_line
            self._section = None if heading.kind in (TASK, "header") else heading.kind
            self._opening = True
            if heading.kind != TASK:
                yield Span(paragraph.start, paragraph.body + heading.length), heading.kind
        elif may_be_heading(self._text, paragraph) and not self._is_left_out(paragraph):
            self._section, self._under_task = None, False
        if not read:
            return
        if self._section is not None and not self._goes_on(block):
            self._section = None
        self._opening = False
        yield from self._sentences(read)

    def _is_left_out(self, paragraph: Paragraph) -> bool:
        """Whether it is an entry of the list below "Not needed:", however short it is."""
        return self._section == "not_wanted" and paragraph.is_item and not paragraph.apart

    def _goes_on(self, block: Block) -> bool:
        if self._opening:
            return True
        kinds = {sentence.kind for sentence in block.read} - {None}
        if block.asks or (kinds and self._section not in kinds):
            return False
        known = any(sentence.worth > 0 for sentence in block.read)
        return known or (block.paragraph.is_item and not block.paragraph.apart)

    def _sentences(self, read: Sequence[Sentence]) -> Iterator[tuple[Span, str]]:
        before: Span | None = None
        if self._section is None and not self._text[: read[0].span.start].strip():
            read = [behind for sentence in read for behind in self._behind_fields(sentence)]
        for sentence in read:
            if self._section in TELLING and sentence.asks:
                self._section = None
            kind = self._section or sentence.kind
            if kind is not None:
                yield sentence.span, kind
                continue
            for span in sentence.unwanted(self._text):
                yield span, "not_wanted"
            if sentence.points_back and before is not None:
                yield Span(before.start, sentence.span.end), "not_wanted"
            before = sentence.span

    def _has_fields(self, block: Block) -> bool:
        """Whether lines of a form were joined to the first sentence of a paragraph."""
        return any(fields_in(self._text, s.span, s.languages) for s in block.read[:1])

    def _behind_fields(self, sentence: Sentence) -> Iterator[Sentence]:
        """A sentence to which the lines of a form are joined: what stands before them, those, and
        it."""
        fields = fields_in(self._text, sentence.span, sentence.languages)
        if fields is None:
            yield sentence
            return
        if fields.start > sentence.span.start:
            yield sentence._replace(span=Span(sentence.span.start, fields.start))
        yield sentence._replace(span=fields, kind="header", asks=False)
        rest = Span(fields.end, sentence.span.end)
        yield Sentence.of(self._text, rest, sentence.languages, self._topics)

    def _languages_beside(self, languages: tuple[str, ...], span: Span) -> tuple[str, ...]:
        """The languages of a paragraph with that of one of its sentences: a paper in one language
        may have a request in another on the same line."""
        own = self._languages(self._text[slice(*span)])
        return tuple(dict.fromkeys((*own, *languages)))

    def _languages(self, written: str) -> tuple[str, ...]:
        """The languages whose phrases are looked for in a paragraph; few words of Cyrillic do not
        tell the languages apart that are written so."""
        if CYRILLIC.search(written):
            return ("ru", "mk", "en")
        guess = guess_language(written, self._language)
        return tuple(dict.fromkeys((guess, self._language, "en")))


def _is_a_paragraph(line: str) -> bool:
    return heading_kind(line) is not None or is_salutation(line)


def _latest(kinds: Sequence[str | None]) -> list[str | None]:
    """For each place the last kind that stands before it, if any does."""
    found, last = list[str | None](), None
    for kind in kinds:
        found.append(last)
        last = kind or last
    return found


def _letters(read: Iterable[Sentence]) -> int:
    return sum(sentence.span.end - sentence.span.start for sentence in read)
