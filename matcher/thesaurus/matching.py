"""Concepts, acronyms and everyday words of one sense, found in text.

The longest wording decides at each place; an ambiguous acronym is decided by the words of the whole
record.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Final, NamedTuple

from matcher.language import (
    LANGUAGES,
    SAMPLE,
    Lexicon,
    Token,
    fold,
    to_latin,
    tokenize,
    visible,
    words_of,
)
from matcher.thesaurus.compounds import KnownStems
from matcher.thesaurus.kept_wordings import wordings_of
from matcher.thesaurus.model import (
    AS_WRITTEN,
    EXACTLY,
    TURNED,
    Acronym,
    Concept,
    Sense,
    Theme,
    all_broader,
)
from matcher.thesaurus.phrases import (
    Table,
    as_it_reads,
    as_it_stands,
    by_stem,
    longest_of,
    word_by_word,
    words_in,
)
from matcher.thesaurus.pieces import PieceReader, Words
from matcher.thesaurus.word_forms import base_forms
from matcher.thesaurus.wordings import Wordings

_APART: Final = re.compile(r"[-.\s]")


class ConceptMention(NamedTuple):
    """A concept found in ``text[start:end]``."""

    concept_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Thesaurus:
    """Concepts, acronyms and themes, ready to be found in text. Build it with
    :func:`matcher.thesaurus.build.build_thesaurus`."""

    concepts: Mapping[str, Concept]
    acronyms: tuple[Acronym, ...]
    themes: Mapping[str, Theme]
    senses: Mapping[str, Sense]
    _acronym_tokens: Mapping[tuple[str, ...], tuple[Acronym, ...]]

    def read(self, text: str, language: str) -> Words:
        """The tokens of a text with the parts of compounds put together, and what may begin with
        each."""
        return self._reader(language).read(text)

    def noted(self, tokens: Sequence[Token], language: str) -> Words:
        """Some tokens of a text in a language with what may begin with each."""
        return self._reader(language).noted(tokens)

    @cached_property
    def _reader(self) -> Callable[[str], PieceReader]:
        @cache
        def reader(language: str) -> PieceReader:
            # "C IED" is "C-IED", which no wording has but the list of short forms.
            short = {words[0] for words in self._acronym_tokens if len(words) == 1}
            known = KnownStems(self._wordings.stems(language), language, short)
            return PieceReader(language, known, partial(self._may_begin, language))

        return reader

    def _may_begin(self, language: str, token: Token) -> tuple[bool, bool]:
        """Whether the wording or short form of a concept, and whether one of a sense, may begin
        with a token."""
        concept = to_latin(token.folded) in self._acronym_lengths or any(
            key(token) in phrases for phrases, key in self._concept_tables(language)
        )
        return concept, any(key(token) in phrases for phrases, key in self._sense_tables(language))

    @cached_property
    def _concept_tables(self) -> Callable[[str], Sequence[Table]]:
        """The wordings of concepts that are looked for in a language, each with what of a token
        they are made of."""
        phrases = self._wordings.phrases

        @cache
        def tables(language: str) -> Sequence[Table]:
            by_term = [(phrases(name), by_stem) for name in dict.fromkeys((language, "en"))]
            turned = [(phrases(TURNED), word_by_word)] if language == "en" else []
            return (
                (phrases(EXACTLY), as_it_stands), *by_term, *turned,
                (phrases(AS_WRITTEN), as_it_reads),
            )  # fmt: skip

        return tables

    @cached_property
    def _sense_tables(self) -> Callable[[str], Sequence[Table]]:
        """The wordings of senses likewise."""
        phrases, base = self._wordings.sense_phrases, base_forms(self._wordings.base_words)

        @cache
        def tables(language: str) -> Sequence[Table]:
            key = (lambda token: base(token.term, token.folded)) if language == "en" else by_stem
            return ((phrases(EXACTLY), as_it_stands), (phrases(language), key))

        return tables

    def find(
        self, text: str, words: Words, language: str, context: Context
    ) -> list[ConceptMention]:
        """Find the concepts that ``text`` (already cut into ``words``) speaks of, in order of
        place.

        At each token the longest wording counts; wordings within a wording already found do not.
        ``context`` is the whole record, which decides on ambiguous acronyms.
        """
        tables = self._concept_tables(language)
        found: list[ConceptMention] = []
        reach = -1
        for at in words.concepts:
            acronym = self._acronym_at(text, words, at, context)
            end, concepts = longest_of(tables, words, at, text, acronym)
            if concepts and end > reach:
                reach = end
                start, stop = words.start(at), words.end(end - 1)
                found += [ConceptMention(concept, start, stop) for concept in concepts]
        return found

    def find_senses(self, text: str, words: Words, language: str) -> list[ConceptMention]:
        """Find the senses of the words of ``text``, in order of place; at each token the longest
        phrase counts."""
        tables = self._sense_tables(language)
        found: list[ConceptMention] = []
        reach = -1
        for at in words.senses:
            end, senses = longest_of(tables, words, at, text, (at, ()))
            if senses and end > reach:
                reach = end
                start, stop = words.start(at), words.end(end - 1)
                found += [ConceptMention(sense, start, stop) for sense in senses]
        return found

    def _acronym_at(
        self, text: str, words: Words, at: int, context: Context
    ) -> tuple[int, tuple[str, ...]]:
        first = to_latin(words.tokens[at].folded)
        for length in self._acronym_lengths.get(first, ()):
            others = words.tokens[at + 1 : at + length]
            key = (first, *(to_latin(token.folded) for token in others))
            if len(key) < length:
                continue
            written = text[words.start(at) : words.end(at + length - 1)]
            concepts = tuple(
                concept
                for acronym in self._acronym_tokens.get(key, ())
                if (acronym.any_case or _is_written(written, acronym.acronym))
                and context.supports(acronym.context)
                for concept in acronym.concepts
            )
            if concepts:
                return at + length, tuple(dict.fromkeys(concepts))
        return at, ()

    def is_short_form(self, written: str) -> bool:
        """Whether a word in capitals is a short form rather than a word."""
        folded = to_latin(fold(written))
        return (folded,) in self._acronym_tokens and folded not in self._wordings.english_words

    @cached_property
    def _wordings(self) -> Wordings:
        return wordings_of(self.digest, self.concepts.values(), self.senses.values())

    @cached_property
    def _acronym_lengths(self) -> Mapping[str, list[int]]:
        """For the first word of each short form the numbers of words of those that begin so,
        longest first."""
        lengths: dict[str, set[int]] = {}
        for key in self._acronym_tokens:
            lengths.setdefault(key[0], set()).add(len(key))
        return {first: sorted(found, reverse=True) for first, found in lengths.items()}

    @cached_property
    def lexicon(self) -> Callable[[str], Lexicon]:
        """The words of all wordings in one language, as stems to read a misspelt word as;
        what stands in another language's wordings, short forms and the words of the language are
        known too."""
        own = self._wordings
        known = words_in(own.phrases(AS_WRITTEN)).union(*self._acronym_tokens)
        return cache(lambda la: Lexicon(own.stems(la), known, own.spelt(la), words_of(la)))

    def likeliest_language(self, text: str, among: Sequence[str] = LANGUAGES) -> str:
        """The language in whose wordings most words of the beginning of a text stand; of equals
        that in whose list half of several are, then English, then the first it is ``among``.
        """

        def known(language: str) -> tuple[int, bool]:
            tokens, listed = tokenize(text[:SAMPLE], language), words_of(language)
            stems = self._wordings.stems(language)
            in_list = sum(token.folded in listed for token in tokens)
            return sum(token.term in stems for token in tokens), 2 * in_list >= len(tokens) > 1

        return max(among, key=lambda language: (*known(language), language == "en"))

    def word(self, term: str) -> str | None:
        """The first word in any wording that has this stem in its language, as it is written
        there."""
        return self._wordings.words.get(term)

    @cached_property
    def families(self) -> Mapping[str, tuple[str, ...]]:
        """For each concept the broad subjects it belongs to: itself if there are narrower ones, and
        all that are broader."""
        broad = {other for concept in self.concepts.values() for other in concept.broader}
        return {
            key: (*([key] if key in broad else []), *all_broader(self.concepts, key))
            for key in self.concepts
        }

    def common_ground(self, asked: Iterable[str]) -> set[str]:
        """The broad subjects by which other parts of them are near to some concepts: these
        themselves, and the next broader ones that are no fields (see :class:`Concept`)."""
        concepts = list(asked)
        return set(concepts).union(
            broader
            for concept in concepts
            for broader in self.concepts[concept].broader
            if self.concepts[broader].kind == "subject"
        )

    @cached_property
    def neighbours(self) -> Mapping[str, set[str]]:
        """The concepts that each is linked with: broader, narrower and related ones."""
        linked: dict[str, set[str]] = {concept_id: set() for concept_id in self.concepts}
        for concept in self.concepts.values():
            for other in (*concept.broader, *concept.related):
                linked[concept.id].add(other)
                linked[other].add(concept.id)
        return linked

    def is_field(self, concept_id: str) -> bool:
        """Whether a concept is a field, services among them (see :class:`Concept`)."""
        return self.concepts[concept_id].kind in ("field", "service")

    def is_scored(self, concept_id: str) -> bool:
        """Whether a concept is no word of asking and sending (see :class:`Concept`)."""
        return self.concepts[concept_id].kind != "process"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, which a stored index remembers: other concepts mean other
        terms."""
        content = hashlib.sha256()
        for row in self._rows():
            content.update(json.dumps(row, ensure_ascii=True).encode("ascii") + b"\n")
        return content.hexdigest()

    def _rows(self) -> Iterator[list[object]]:
        for c in self.concepts.values():
            labels = sorted(c.labels.items())
            yield ["concept", c.id, labels, c.themes, c.kind, c.broader, c.related]
        for a in self.acronyms:
            yield ["acronym", a.acronym, a.concepts, a.any_case, a.context]
        for t in self.themes.values():
            yield ["theme", t.code, t.label, t.synonyms]
        for s in self.senses.values():
            yield ["sense", s.id, sorted(s.labels.items())]


def _is_written(written: str, acronym: str) -> bool:
    """Whether a short form is written as it should be, or all in capitals ("TOT"), or in the
    plural ("UAVs", "MoDs"); hyphens, points and blanks do not count."""
    closed, form = _APART.sub("", visible(written)), _APART.sub("", acronym)
    if closed.endswith("s") and (closed[:-1].isupper() or closed[:-1] == form):
        closed = closed[:-1]
    return closed == form or (closed.isupper() and form[:1].isupper() and closed == form.upper())


class Context:
    """The words of a whole record, which decide on ambiguous acronyms; each is decided once."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = " \n ".join(texts)
        self._verdicts: dict[tuple[str, ...], bool] = {}

    @cached_property
    def _words(self) -> str:
        # Most records hold no ambiguous acronym, and then nobody asks.
        return " " + " ".join(context_words(self._text)) + " "

    def supports(self, words: tuple[str, ...]) -> bool:
        """Whether one of some words (beginnings if they end in ``*``) is there, or none is asked,
        or the short form stands alone: then it is read as the field means it."""
        if words not in self._verdicts:
            alone = self._words.count(" ") == 2
            self._verdicts[words] = alone or not words or any(map(self._has, words))
        return self._verdicts[words]

    @property
    def was_asked(self) -> bool:
        """Whether the record has decided on anything so far."""
        return any(self._verdicts)

    def _has(self, word: str) -> bool:
        return (f" {word[:-1]}" if word.endswith("*") else f" {word} ") in self._words


def context_words(text: str) -> list[str]:  # Any language will do: only folded forms are used.
    """The words of a text, folded, in Latin letters where South Slavic languages have two."""
    return [to_latin(token.folded) for token in tokenize(text, "en")]
