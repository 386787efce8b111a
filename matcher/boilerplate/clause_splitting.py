"""Clauses that deny: what a request does not want, what an expert has not done, hopes to learn or
does for pleasure.

A phrase such as "we do not need" denies what follows it, "is not required" what stands before it,
each up to the end of its clause: a semicolon, a dash, a "but"; "is already covered by" denies all
of a clause that asks for nothing, "excluded" what follows its colon, and "without" what a request
leaves out. Of phrases that begin alike
the longest counts ("we do not need to" denies nothing). A comma ends no clause, since it stands
between the parts of a list too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from matcher.boilerplate.cues import CueTable, Hit, cue_table, cue_tables, is_denied, longest
from matcher.language import CYRILLIC, LANGUAGES, Span, Word, folded_forms, folded_words, sentences

_DENIALS: Final = frozenset({"after", "before", "named", "whole", "without"})
_PARTS: Final = _DENIALS | {"none", "stop", "end", "keep", "denial"}
_REQUEST: Final = frozenset({"not_wanted", "turn", "asking"})
_PROFILE: Final = frozenset({"not_done", "wished", "leisure", "turn"})
_BOUNDARY: Final = re.compile(r"[;:()\u2013\u2014]|\n\s*\n")
# What is named by a phrase may stand behind a colon, as in "Hobbies: hunting".
_NAMING: Final = re.compile(r"\s*:")
# No word of so few letters is what is denied.
_SMALL_WORD: Final = 3
# "People with no experience in …" are taught, not meant.
_OTHERS: Final = frozenset({"with", "for", "having", "despite"})


def unwanted(text: str, languages: Sequence[str], within: Span | None = None) -> list[Span]:
    """The stretches of a request's text, or ``within`` a part of it, that say in one of some
    ``languages`` what is not wanted."""
    tables = [cue_table(language, _PARTS, _REQUEST) for language in dict.fromkeys(languages)]
    return _denied(text, tables, within or Span(0, len(text)))


def not_done(text: str) -> list[Span]:
    """The stretches of a profile's text that say, in whatever language, what somebody has not done
    would like to learn, or does in their free time."""
    is_latin, fillers = not CYRILLIC.search(text), _fillers()
    denials = cue_tables(is_latin, _DENIALS, _PROFILE)
    if not any(table.may_be_in(text) for table in denials):
        return []
    words = folded_forms(text)
    if not any(table.may_stand_in(_told(words, table, fillers)) for table in denials):
        return []
    tables = cue_tables(is_latin, _PARTS, _PROFILE)
    return _denied(text, tables, Span(0, len(text)), fillers)


def _told(words: Iterable[str], table: CueTable, fillers: frozenset[str]) -> list[str]:
    return [word for word in table.all_in_script(words) if word not in fillers]


def _denied(
    text: str, tables: Sequence[CueTable], within: Span, fillers: frozenset[str] = frozenset()
) -> list[Span]:
    found = list[Span]()
    for sentence in sentences(text, *within):
        every = folded_words(text, *sentence)
        for table in tables:
            words = [word for word in every if table.in_script(word.folded) not in fillers]
            hits = longest(hit for hit in table.find(text, words) if _holds(text, words, hit))
            if any(hit.cue.part in _DENIALS for hit in hits):
                found += _Clauses(text, sentence, words, hits).denied()
    return found


def _holds(text: str, words: Sequence[Word], hit: Hit) -> bool:
    """Whether what would make a denial say something else stands in its clause: "No experts on
    weapons are left" denies nothing, "No experts on weapons; they are left" does."""
    if hit.cue.part != "none":
        return True
    return not _BOUNDARY.search(text, words[hit.first].start, words[hit.last - 1].start)


@lru_cache(maxsize=1)
def _fillers() -> frozenset[str]:
    """Words that stand within a denial and change nothing, as in "has not yet worked"."""
    tables = (cue_table(language, frozenset({"filler"})) for language in LANGUAGES)
    return frozenset(
        cue.pattern[0] for table in tables for cues in table.by_start.values() for cue in cues
    )


class _Clauses(NamedTuple):
    text: str
    sentence: Span
    words: Sequence[Word]
    hits: Sequence[Hit]

    def denied(self) -> Iterator[Span]:
        # "We do not handle it ourselves" asks for help.
        said = (h for h in self.hits if not is_denied(self.text, self.words, self.hits, h.first))
        for hit in said:
            start, end = self.words[hit.first].start, self._end_of(hit)
            part = hit.cue.part
            if part == "after" and not self._is_of_others(hit):
                # "With prisons I have not worked", "I train dogs in my free time, and cats": where
                # nothing follows, or a comma, it says so of what was said before.
                first = self._start(hit, start) if self._ends_clause(end) else start
                yield Span(first, self._end(hit, end))
            elif part == "before":
                # "Not needed: prisons": where nothing is said before, it denies what follows.
                first = self._start(hit, start)
                yield Span(first, end if self._is_told(first, hit) else self._end(hit, end))
            elif part == "named" and self._is_naming(hit):
                yield Span(start, self._end(hit, end))
            elif part == "without" and self._leaves_out(hit):
                yield Span(start, self._comma_behind(hit) or self._end(hit, end))
            elif part == "whole":
                clause = Span(self._start(hit, start), self._end(hit, end))
                if not self._asks_in(clause):
                    yield clause

    def _end_of(self, hit: Hit) -> int:
        end = self.words[hit.last - 1].end
        colon = _NAMING.match(self.text, end, self.sentence.end)
        return colon.end() if colon else end

    def _is_naming(self, hit: Hit) -> bool:
        """Whether a colon follows: "Excluded: prisons" denies, "excluded groups" does not."""
        return _NAMING.match(self.text, self.words[hit.last - 1].end, self.sentence.end) is not None

    def _leaves_out(self, hit: Hit) -> bool:
        """Whether "without prisons" leaves them out of what is asked for: behind a request, or
        before one from which a semicolon or dash parts it. "Without prisons, nobody can be held"
        tells why somebody asks."""
        keep = [other for other in self.hits if other.cue.part == "keep"]
        behind = any(other.last <= hit.first for other in keep)
        return behind or (bool(keep) and self._comma_behind(hit) is None)

    def _comma_behind(self, hit: Hit) -> int | None:
        """Where the first comma of a clause stands behind a cue."""
        end = self._end_of(hit)
        at = self.text.find(",", end, self._end(hit, end))
        return at if at >= 0 else None

    def _asks_in(self, clause: Span) -> bool:
        return any(
            clause.start <= self.words[hit.first].start < clause.end
            for hit in self.hits
            if hit.cue.part == "keep"
        )

    def _is_of_others(self, hit: Hit) -> bool:
        return hit.first > 0 and self.words[hit.first - 1].folded in _OTHERS

    def _is_told(self, start: int, hit: Hit) -> bool:
        """Whether more than small words stand between the beginning of a clause and a cue."""
        before = (word for word in self.words[: hit.first] if word.start >= start)
        return any(len(word.folded) > _SMALL_WORD for word in before)

    def _ends_clause(self, at: int) -> bool:
        clause = _BOUNDARY.split(self.text[at : self.sentence.end], maxsplit=1)[0]
        return clause.startswith(",") or not any(sign.isalnum() for sign in clause)

    def _end(self, hit: Hit, start: int) -> int:
        ends = [found.start() for found in _BOUNDARY.finditer(self.text, start, self.sentence.end)]
        ends += [
            self.words[other.first].start
            for other in self.hits
            if other.cue.part in ("stop", "end") and other.first >= hit.last
        ]
        return min([self.sentence.end, *(end for end in ends if end >= start)])

    def _start(self, hit: Hit, end: int) -> int:
        """The clause begins behind the last sign or "but"; where the sentence asked for something
        before, behind the last comma."""
        area = self.text[self.sentence.start : end]
        starts = [self.sentence.start + found.end() for found in _BOUNDARY.finditer(area)]
        asked = False
        for other in self.hits:
            at = self.words[other.last - 1].end
            if other.last > hit.first:
                continue
            if other.cue.part == "stop":
                starts.append(at)
            asked = asked or other.cue.part == "keep"
        if asked and "," in area:
            starts.append(self.sentence.start + area.rindex(",") + 1)
        start = max(starts, default=self.sentence.start)
        return start + len(self.text[start:end]) - len(self.text[start:end].lstrip())
