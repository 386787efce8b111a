"""E-mails in a pasted text: their heads, and how one answers or passes on another.

Who wrote to whom and when is nobody's subject. What stands behind "Subject:" may be one, and is
left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from matcher.boilerplate.cues import cue_table
from matcher.language import LANGUAGES, folded_words, is_small_word

_SUBJECT: Final = "subject"
_PARTS: Final = frozenset({"mail", _SUBJECT})
# A single line such as "To: the border police" may be anything.
_LINES_AT_LEAST: Final = 2
_LONGEST: Final = 200
_NAME: Final = 40
# "-----Original message-----"
_BETWEEN: Final = re.compile(r"[-_*]{3,} ?(?:[^\W\d_]+ ?){1,3}[-_*]{3,}")
# "On 3 May 2026 at 10:12, Ana Kos <ana@example.org> wrote:"
_WROTE: Final = re.compile(r"[^\n]*\d[^\n]*@[^\n]*:")


def mail_heads(written: Sequence[str]) -> Iterator[int]:
    """The places of the paragraphs that are heads of e-mails, or stand between two of them."""
    parts = [_field(line) for line in written]
    run = list[int]()
    for at, part in enumerate([*parts, None]):
        if part is not None:
            run.append(at)
            continue
        if len(run) >= _LINES_AT_LEAST:
            yield from (place for place in run if parts[place] != _SUBJECT)
        run = []
    yield from (at for at, line in enumerate(written) if _is_between(line))


def _field(line: str) -> str | None:
    """Which part of such a head a line is, its subject or another field; None if it is none."""
    name, sign, value = line.partition(":")
    if not (sign and value.strip()) or len(name) > _NAME or len(line) > _LONGEST:
        return None
    words = folded_words(name)
    for language in LANGUAGES:
        for cue, first, last in cue_table(language, _PARTS).find(name, words):
            if first == 0 and all(is_small_word(each.folded, language) for each in words[last:]):
                return cue.part
    return None


def _is_between(line: str) -> bool:
    return len(line) <= _LONGEST and bool(_BETWEEN.fullmatch(line) or _WROTE.fullmatch(line))
