"""From rows to a thesaurus: merge them, check them against each other, make them findable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from matcher.errors import ThesaurusError
from matcher.language import LANGUAGES, fold, to_latin
from matcher.thesaurus.matching import Thesaurus, context_words
from matcher.thesaurus.model import KINDS, Acronym, Concept, Sense, Theme, all_broader

_Item = TypeVar("_Item")


class ThesaurusTables(NamedTuple):
    """The rows of a thesaurus, not checked against each other yet."""

    concepts: Sequence[Concept]
    acronyms: Sequence[Acronym]
    themes: Sequence[Theme]
    senses: Sequence[Sense] = ()

    def merged(self, changes: ThesaurusTables) -> ThesaurusTables:
        """These rows with those of ``changes`` in place of the ones with the same id or code, or
        the same acronym for the same concepts, and after them where there is none."""
        return ThesaurusTables(
            _merged(self.concepts, changes.concepts, lambda concept: concept.id),
            _merged(
                self.acronyms, changes.acronyms, lambda acronym: (acronym.acronym, acronym.concepts)
            ),
            _merged(self.themes, changes.themes, lambda theme: theme.code),
            _merged(self.senses, changes.senses, lambda sense: sense.id),
        )


def _merged(
    rows: Sequence[_Item], changes: Sequence[_Item], key: Callable[[_Item], object]
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


def empty_thesaurus() -> Thesaurus:
    """A thesaurus that finds nothing, for measuring what one brings."""
    return build_thesaurus((), (), ())
