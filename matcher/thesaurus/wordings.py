"""The wordings of a thesaurus as they are found in a text: phrases of stems, of base forms and of
whole words, language by language.

Tables are plain, as JSON has them, so that they can be kept in a file
(:mod:`matcher.thesaurus.kept_wordings`): reading them takes a thirtieth of the time of making them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

from matcher.language import LANGUAGES, Token, english_forms, surfaces, tokenize
from matcher.thesaurus.compounds import KnownStems, joined
from matcher.thesaurus.model import AS_WRITTEN, EXACTLY, TURNED, Concept, Sense
from matcher.thesaurus.phrases import Phrases, add_phrase, meanings_of, words_in
from matcher.thesaurus.word_forms import english_base

_PHRASES: Final = "phrases"
_SENSE_PHRASES: Final = "phrases of senses"
_STEMS: Final = "stems"
_SPELT: Final = "spelt"
# How many words that say something a wording has that is found in its other order too, and the
# small ones between them then.
_TURNED: Final = (2, 3)
_BETWEEN: Final = ("of", "the")


@dataclass(frozen=True, eq=False)
class Wordings:
    """The tables of :func:`tables_of`, which may be read from a file one by one."""

    tables: Mapping[str, Any]

    def phrases(self, name: str) -> Phrases:
        """The wordings of concepts: in one language by stems, :data:`AS_WRITTEN` by whole words of
        any language, :data:`EXACTLY` those that are found in no other form, and :data:`TURNED`
        English ones in their other order, by stems and small words."""
        phrases: Phrases = self.tables[f"{_PHRASES} {name}"]
        return phrases

    def sense_phrases(self, name: str) -> Phrases:
        """The wordings of senses: in English by base forms, in other languages by stems, and
        :data:`EXACTLY`."""
        phrases: Phrases = self.tables[f"{_SENSE_PHRASES} {name}"]
        return phrases

    @cached_property
    def stems(self) -> Callable[[str], frozenset[str]]:
        """What stands in the wordings of a language, as stems."""
        return cache(lambda language: frozenset(self.tables[f"{_STEMS} {language}"]))

    def spelt(self, language: str) -> Mapping[str, str]:
        """The whole words of wordings in a language, folded, with their stems."""
        words: Mapping[str, str] = self.tables[f"{_SPELT} {language}"]
        return words

    @cached_property
    def english_words(self) -> frozenset[str]:
        """The whole English words of senses, folded."""
        return frozenset(self.tables["English words"])

    @cached_property
    def base_words(self) -> frozenset[str]:
        """The English words of senses as :func:`english_base` knows them: without the plural's
        "s"."""
        return frozenset(self.tables["base words"])

    @property
    def words(self) -> Mapping[str, str]:
        """For each stem the first word that has it in any wording, as it is written there."""
        words: Mapping[str, str] = self.tables["words"]
        return words


class _Wording(NamedTuple):
    meaning: str
    language: str
    label: str
    tokens: list[Token]

    @property
    def is_exact(self) -> bool:
        return self.label.startswith(EXACTLY)

    @property
    def exactly(self) -> list[str]:
        return [word for word in surfaces(self.tokens) if word is not None]

    def stems(self) -> Iterator[tuple[Token, str]]:
        """The words that say something, with their stems."""
        return ((token, token.term) for token in self.tokens if token.term is not None)


def tables_of(concepts: Iterable[Concept], senses: Iterable[Sense]) -> dict[str, Any]:
    """The tables of the wordings of some concepts and senses, each label read once."""
    subjects, meanings = list(_read(concepts)), list(_read(senses))
    english = [wording for wording in meanings if wording.language == "en"]
    base_words = {english_forms(token.folded)[-1] for one in english for token, _ in one.stems()}
    phrases = _phrases_of(subjects)
    written = {
        stem: wording.label[token.start : token.end]
        # The first of several stays.
        for wording in reversed([*subjects, *meanings])
        for token, stem in reversed(list(wording.stems()))
    }
    return {
        **_named(_PHRASES, phrases),
        **_named(_SENSE_PHRASES, _sense_phrases_of(meanings, base_words)),
        **_named(_STEMS, _stems_of(phrases, meanings)),
        **_named(_SPELT, _spelt([*subjects, *meanings])),
        "English words": sorted(_spelt(english)["en"]),
        "base words": sorted(base_words),
        "words": written,
    }


def _named(kind: str, tables: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{kind} {name}": table for name, table in tables.items()}


def _read(subjects: Iterable[Concept | Sense]) -> Iterator[_Wording]:
    for subject in subjects:
        for language, labels in subject.labels.items():
            for label in labels:
                yield _Wording(subject.id, language, label, tokenize(label, language))


def _phrases_of(subjects: Iterable[_Wording]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {
        n: {} for n in (AS_WRITTEN, EXACTLY, TURNED, *LANGUAGES)
    }
    known: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    inflected = []
    for wording in subjects:
        if wording.is_exact:
            add_phrase(found[EXACTLY], wording.exactly, wording.meaning)
        else:
            known[wording.language].update(stem for _, stem in wording.stems())
            inflected.append(wording)
    known_stems = {name: KnownStems(stems, name) for name, stems in known.items()}
    for concept_id, language, label, apart in inflected:
        # A wording is found as it is written and as a text with it is read.
        for tokens in (apart, joined(label, apart, language, known_stems[language])):
            telling = [(token.term, token.folded) for token in tokens if token.term is not None]
            add_phrase(found[language], [stem for stem, _ in telling], concept_id)
            add_phrase(found[AS_WRITTEN], [word for _, word in telling], concept_id)
    for wording in inflected:
        for words in _turned(wording):
            # Where the other order is a wording by itself, that decides.
            if not meanings_of(found["en"], [word for word in words if word not in _BETWEEN]):
                add_phrase(found[TURNED], words, wording.meaning)
    return found


def _turned(wording: _Wording) -> list[list[str]]:
    """An English wording in its other order: the stems of its words, and the small ones that must
    stand between them.

    "Investigation of arms smuggling" is "arms smuggling investigation" too, and the other way
    round; what is longer or has other small words is said in one order alone.
    """
    stems = [token.term for token in wording.tokens]
    saying = [stem for stem in stems if stem is not None]
    if wording.language != "en" or len(saying) not in _TURNED:
        return []
    if saying == stems:
        *others, last = saying
        return [[last, *between, *others] for between in (_BETWEEN[:1], _BETWEEN)]
    is_of = len(stems) == len(saying) + 1 and wording.tokens[1].folded == _BETWEEN[0]
    return [[*saying[1:], saying[0]]] if is_of else []


def _sense_phrases_of(
    meanings: Iterable[_Wording], base_words: set[str]
) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {name: {} for name in (EXACTLY, *LANGUAGES)}
    for wording in meanings:
        if wording.is_exact:
            add_phrase(found[EXACTLY], wording.exactly, wording.meaning)
            continue
        is_english = wording.language == "en"
        words = [
            english_base(token.folded, base_words) if is_english else stem
            for token, stem in wording.stems()
        ]
        # Of "hand over" and "day off" one word is left that means something else.
        if len(words) > 1 or len(wording.tokens) == 1:
            add_phrase(found[wording.language], words, wording.meaning)
    return found


def _stems_of(phrases: Mapping[str, Phrases], meanings: Iterable[_Wording]) -> dict[str, list[str]]:
    stems = {language: words_in(phrases[language]) for language in LANGUAGES}
    for wording in meanings:
        stems[wording.language].update(stem for _, stem in wording.stems())
    return {language: sorted(found) for language, found in stems.items()}


def _spelt(wordings: Iterable[_Wording]) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for wording in wordings:
        words[wording.language].update((token.folded, stem) for token, stem in wording.stems())
    return words
