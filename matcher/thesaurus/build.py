"""From rows to a thesaurus: merge them, check them against each other, make them findable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from matcher.errors import ThesaurusError
from matcher.language import LANGUAGES, english_forms, fold, surfaces, to_latin, tokenize
from matcher.thesaurus.compounds import joined
from matcher.thesaurus.matching import EXACTLY, Thesaurus, context_words
from matcher.thesaurus.model import AS_WRITTEN, KINDS, Acronym, Concept, Sense, Theme, all_broader
from matcher.thesaurus.phrases import Node, Trie
from matcher.thesaurus.word_forms import english_base

_Item = TypeVar("_Item")


class ThesaurusTables(NamedTuple):
    """The rows of a thesaurus, not checked against each other yet."""

    concepts: Sequence[Concept]
    acronyms: Sequence[Acronym]
    themes: Sequence[Theme]
    senses: Sequence[Sense] = ()

    def merged(self, changes: ThesaurusTables) -> ThesaurusTables:
        """These rows with those of ``changes`` in place of the ones with the same id, acronym or
        code, and after them where there is none."""
        return ThesaurusTables(
            _merged(self.concepts, changes.concepts, lambda concept: concept.id),
            _merged(self.acronyms, changes.acronyms, lambda acronym: acronym.acronym),
            _merged(self.themes, changes.themes, lambda theme: theme.code),
            _merged(self.senses, changes.senses, lambda sense: sense.id),
        )


def _merged(
    rows: Sequence[_Item], changes: Sequence[_Item], key: Callable[[_Item], str]
) -> list[_Item]:
    merged = {key(row): row for row in rows}
    merged.update((key(row), row) for row in changes)
    return list(merged.values())


def build_thesaurus(
    concepts: Iterable[Concept],
    acronyms: Iterable[Acronym],
    themes: Iterable[Theme],
    senses: Iterable[Sense] = (),
) -> Thesaurus:
    """Check concepts, acronyms, themes and senses against each other and make them findable.

    Raises :class:`ThesaurusError` for a duplicate id or code, a concept or sense without an English
    label, an unknown kind or language, a wording of two concepts, a reference to a theme or concept
    that is not there, and broader links that lead back to where they started.
    """
    by_id = _unique("concept", ((concept.id, concept) for concept in concepts))
    by_code = _unique("theme", ((theme.code, theme) for theme in themes))
    by_word = _unique("sense", ((sense.id, sense) for sense in senses))
    acronyms = tuple(acronyms)
    for concept in by_id.values():
        _check_concept(concept, by_code)
    for sense in by_word.values():
        _check_labels("sense", sense)
    base_words = _base_words_of(by_word.values())
    _check_links(by_id)
    _check_wordings(by_id.values())
    tokens: dict[tuple[str, ...], tuple[Acronym, ...]] = {}
    for acronym in acronyms:
        for concept_id in acronym.concepts:
            if concept_id not in by_id:
                raise ThesaurusError(f"acronym {acronym.acronym}: no concept {concept_id}")
        key = tuple(to_latin(fold(word)) for word in re.findall(r"\w+", acronym.acronym))
        if not 1 <= len(key) <= 3:
            raise ThesaurusError(f"acronym {acronym.acronym!r}: one to three words are expected")
        folded = tuple(_folded_context(word) for word in acronym.context)
        entry = Acronym(acronym.acronym, acronym.concepts, acronym.any_case, folded)
        # "C-IED" is read as one word, and so is "CIED".
        closed = (to_latin(fold(acronym.acronym.replace("-", ""))),)
        for each in {key, closed} if "-" in acronym.acronym else {key}:
            tokens[each] = (*tokens.get(each, ()), entry)
    return Thesaurus(
        by_id,
        acronyms,
        by_code,
        by_word,
        _tries_of(by_id.values()),
        _sense_tries_of(by_word.values(), base_words),
        base_words,
        tokens,
    )


def _folded_context(word: str) -> str:
    folded = " ".join(context_words(word))
    return folded + "*" if word.endswith("*") else folded


def _unique(kind: str, items: Iterable[tuple[str, _Item]]) -> dict[str, _Item]:
    result: dict[str, _Item] = {}
    for key, item in items:
        if key in result:
            raise ThesaurusError(f"{kind} {key} stands there twice")
        result[key] = item
    return result


def _check_concept(concept: Concept, themes: Mapping[str, Theme]) -> None:
    _check_labels("concept", concept)
    if concept.kind not in KINDS:
        raise ThesaurusError(
            f"concept {concept.id}: kind must be one of {', '.join(KINDS)}, not {concept.kind!r}"
        )
    for code in concept.themes:
        if code not in themes:
            raise ThesaurusError(f"concept {concept.id}: no theme {code}")


def _check_labels(kind: str, subject: Concept | Sense) -> None:
    if not subject.labels.get("en"):
        raise ThesaurusError(f"{kind} {subject.id}: no English label")
    for language in subject.labels:
        if language not in LANGUAGES:
            raise ThesaurusError(f"{kind} {subject.id}: unknown language {language}")


def _check_links(concepts: Mapping[str, Concept]) -> None:
    for concept in concepts.values():
        for other in (*concept.broader, *concept.related):
            if other not in concepts:
                raise ThesaurusError(f"concept {concept.id}: no concept {other}")
            if other == concept.id:
                raise ThesaurusError(f"concept {concept.id} is linked to itself")
        if concept.id in all_broader(concepts, concept.id):
            raise ThesaurusError(f"concept {concept.id}: its broader concepts lead back to it")


def _check_wordings(concepts: Iterable[Concept]) -> None:
    owners: dict[tuple[str, str], str] = {}
    for concept in concepts:
        for language, labels in concept.labels.items():
            for label in labels:
                owner = owners.setdefault((language, label.casefold()), concept.id)
                if owner != concept.id:
                    raise ThesaurusError(f"concepts {owner} and {concept.id}: both have {label!r}")


def _tries_of(concepts: Iterable[Concept]) -> dict[str, Trie]:
    tries: dict[str, Trie] = {name: {} for name in (AS_WRITTEN, EXACTLY, *LANGUAGES)}
    known: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    read = []
    for concept in concepts:
        for language, labels in concept.labels.items():
            for label in labels:
                if label.startswith(EXACTLY):
                    _insert(tries[EXACTLY], _exactly(label, language), concept.id)
                    continue
                tokens = tokenize(label, language)
                known[language].update(token.term for token in tokens if token.term is not None)
                read.append((concept.id, language, label, tokens))
    for concept_id, language, label, apart in read:
        # A wording is found as it is written and as a text with it is read.
        for tokens in (apart, joined(label, apart, language, known[language].__contains__)):
            telling = [token for token in tokens if token.term is not None]
            _insert(tries[language], [token.term for token in telling if token.term], concept_id)
            _insert(tries[AS_WRITTEN], [token.folded for token in telling], concept_id)
    return tries


def _sense_tries_of(senses: Iterable[Sense], words: frozenset[str]) -> dict[str, Trie]:
    tries: dict[str, Trie] = {name: {} for name in (EXACTLY, *LANGUAGES)}
    for sense in senses:
        for language, labels in sense.labels.items():
            for label in labels:
                if label.startswith(EXACTLY):
                    _insert(tries[EXACTLY], _exactly(label, language), sense.id)
                    continue
                tokens = tokenize(label, language)
                keys = [
                    english_base(token.folded, words) if language == "en" else token.term
                    for token in tokens
                    if token.term is not None
                ]
                # Of "hand over" and "day off" one word is left that means something else.
                if len(keys) > 1 or len(tokens) == 1:
                    _insert(tries[language], keys, sense.id)
    return tries


def _exactly(label: str, language: str) -> list[str]:
    return [word for word in surfaces(label, tokenize(label, language)) if word is not None]


def _base_words_of(senses: Iterable[Sense]) -> frozenset[str]:
    """The English words of senses as :func:`english_base` knows them: without the plural's "s"."""
    return frozenset(
        english_forms(token.folded)[-1]
        for sense in senses
        for label in sense.labels["en"]
        for token in tokenize(label, "en")
        if token.term is not None
    )


def _insert(trie: Trie, keys: Sequence[str], concept_id: str) -> None:
    node = None
    for key in keys:
        node = trie.setdefault(key, Node())
        trie = node.children
    if node is not None and concept_id not in node.concepts:
        node.concepts = (*node.concepts, concept_id)


def empty_thesaurus() -> Thesaurus:
    """A thesaurus that finds nothing, for measuring what one brings."""
    return build_thesaurus((), (), ())
