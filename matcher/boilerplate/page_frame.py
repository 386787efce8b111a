"""What frames the pages of a pasted paper: its letterhead, its form fields, lines that come again
on each page, the heads of e-mails, and how letters begin and end.

Such lines tell who wrote and when, and name projects and offices; they ask for nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from matcher.boilerplate.cues import cue_table
from matcher.boilerplate.headings import heading_of, is_field_name
from matcher.boilerplate.kinds import TERMS
from matcher.boilerplate.layout import Paragraph
from matcher.boilerplate.mail import mail_heads
from matcher.language import LANGUAGES, Span, folded_words, is_small_word

_LONGEST: Final = 120
# A shorter line that comes again may be an item of a list, such as "two days".
_SHORTEST: Final = 12
# How many words a line has at most that only greets, as "Good morning, dear colleagues from Osh,".
_SALUTATION: Final = 6
# How many lines a letterhead, or a signature, has at most.
_LINES: Final = 7
# How many words the name of a field has at most.
_NAME: Final = 4
# So many letters before its colon hold it.
_FAR: Final = 200
# A name before its value, as in "Duty station: Pristina".
_FIELD: Final = re.compile(r"[^:.;!?]{2,45}:\s+\S.{0,120}\Z")
_COLON: Final = re.compile(r":(?= )")
_ENDS: Final = (".", "!", "?", ";")
# How such a line is written, with short titles; one of two sentences also says something.
_GREETS: Final = re.compile(r"(?:\b[^\W\d_]{1,4}\.|[^:.;!?\d]){2,60}[,!]\Z")


def frame(text: str, paragraphs: Sequence[Paragraph], titled: frozenset[str]) -> set[int]:
    """The places of the paragraphs that frame the pages of ``text``; those that share one of the
    beginnings of words ``titled`` with the title come again because they are the subject."""
    written = [text[each.body : each.end] for each in paragraphs]
    found = {at for at, line in enumerate(written) if _is_known_field(line)}
    found |= set(_terms_in_form(written, found))
    found |= set(_letterhead(written, found))
    found |= {at for at, line in enumerate(written) if is_salutation(line)}
    found |= set(_signatures(written))
    found |= set(mail_heads(written))
    repeated = Counter(_form(line) for line in written)
    found |= {
        at
        for at, (line, paragraph) in enumerate(zip(written, paragraphs, strict=True))
        if _SHORTEST <= len(line) <= _LONGEST
        and repeated[_form(line)] > 1
        and not paragraph.is_item
        and not titled & beginnings(line)
    }
    return found


def fields_in(text: str, span: Span, languages: Iterable[str]) -> Span | None:
    """Where the form fields stand in a sentence that several lines of a form were joined to.

    The value of the last one ends before a small word with a capital, as in "phase II In our", and
    is left where there is none.
    """
    line = text[slice(*span)]
    colons = [found.start() for found in _COLON.finditer(line)]
    starts = [_name_before(line, at) for at in colons]
    known = [(start, at) for start, at in zip(starts, colons, strict=True) if start is not None]
    if len(line) <= _LONGEST or not known:
        return None
    is_letterhead = _begins_with(text[:_LONGEST].strip(), "letterhead") or _is_in_capitals(text)
    first = 0 if is_letterhead and span.start <= _LONGEST else span.start + known[0][0]
    last = span.start + known[-1][1] + 1
    begun = (
        word.start
        for word in folded_words(text, last, span.end)[1:]
        if text[word.start].isupper() and any(is_small_word(word.folded, la) for la in languages)
    )
    return Span(first, next(begun, last))


def _is_in_capitals(text: str) -> bool:
    """Whether a text begins as the heading of a paper in capitals, as in "VACANCY NOTICE Post"."""
    return all(word.isupper() and word.isalpha() for word in text.split(maxsplit=2)[:2])


def _name_before(line: str, colon: int) -> int | None:
    """Where the name of a field begins that ends before a colon; None if there is none."""
    # Read from the beginning for each colon, a long line of them would take minutes.
    words = folded_words(line, max(0, colon - _FAR), colon)[-_NAME:]
    capital = [word.start for word in words if line[word.start].isupper()]
    return next((start for start in capital if is_field_name(line[start:colon])), None)


def is_salutation(line: str) -> bool:
    """Whether a line is one with which letters begin, as "Dear colleagues,", and asks for nothing
    yet."""
    if not _GREETS.match(line) or len(folded_words(line)) > _SALUTATION:
        return False
    greeting = line[:-1].rpartition(",")
    return all(
        _begins_with(part.strip(), "salutation") for part in (greeting[0], greeting[2]) if part
    )


def beginnings(text: str) -> frozenset[str]:
    """The first letters of the longer words of a text, which forms of one word share."""
    return frozenset(word.folded[:5] for word in folded_words(text) if len(word.folded) >= 5)


def _form(line: str) -> str:
    """A line without its numbers: pages are counted."""
    return "".join(sign for sign in line.casefold() if not sign.isdigit())


def _is_known_field(line: str) -> bool:
    name, sign, value = line.partition(":")
    return bool(sign and value.strip()) and len(line) <= _LONGEST and is_field_name(name.strip())


def _terms_in_form(written: Sequence[str], fields: set[int]) -> Iterator[int]:
    """The lines of a form with known fields that name a term: "Deadline for application: 9 May" at
    the head of a paper is no heading of its terms."""
    runs = groupby(range(len(written)), key=lambda at: _FIELD.match(written[at]) is not None)
    for is_form, places in runs:
        run = list(places)
        if is_form and fields.intersection(run):
            yield from (at for at in run if _names_term(written[at]))


def _names_term(line: str) -> bool:
    heading = heading_of(line)
    return heading is not None and heading.kind in TERMS and heading.length < len(line)


def _letterhead(written: Sequence[str], fields: set[int]) -> Iterator[int]:
    """The lines above the first field that begin as names of authorities do."""
    first = min(fields, default=_LINES + 1)
    if first <= _LINES:
        yield from (at for at in range(first) if _begins_with(written[at], "letterhead"))


def _signatures(written: Sequence[str]) -> Iterator[int]:
    """Greetings at the end of a letter, with the short lines below them."""
    for at, line in enumerate(written):
        if len(line) <= _LONGEST and _begins_with(line, "greeting"):
            yield at
            for below in range(at + 1, min(at + _LINES, len(written))):
                if len(written[below]) > _LONGEST or written[below].endswith(_ENDS):
                    break
                yield below


def _begins_with(line: str, part: str) -> bool:
    if len(line) > _LONGEST or line.endswith(_ENDS):
        return False
    words = folded_words(line)
    return any(
        hit.first == 0
        for language in LANGUAGES
        for hit in cue_table(language, frozenset({part})).find(line, words)
    )
