"""What the things that a request asks for are called to the reader.

A subject of the field has a translated name. An everyday word has none; to whoever does not read
English it is told by the wording that the thesaurus has for it in their language, since a request
in another would else be quoted at them word by word. Words that are the wording of a subject
("action plan") are told by its name also where they were read as words alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup

from webapp.core.words.language import SOURCE_LANGUAGE, current_language
from webapp.matches.ranking.subjects import subject_name
from webapp.matches.ranking.vocabulary import shipped_tables

# A wording by its language and the stems of its words.
Wording = tuple[str, frozenset[str]]
# Nobody has said in which language people wrote.
UNSAID = ""


class Name(NamedTuple):
    """A name, and the language that it is in."""

    text: str
    language: str

    def __html__(self) -> str:
        """Return the name marked with its language, as templates write it."""
        return Markup('<span lang="{}">{}</span>').format(self.language, self.text)


def name_of(concept: str | None, sense: str | None, asked: str) -> Name:
    """Return what is asked for in the reader's language, else as it was written."""
    language = current_language()
    if language != SOURCE_LANGUAGE and not concept:
        if sense and (word := _words(language).get(sense)):
            return Name(word, language)
        concept = _subject_worded(asked)
    if concept:
        name = subject_name(concept)
        return Name(name, SOURCE_LANGUAGE if name == concept else language)
    return Name(asked, UNSAID)


def called(told: Mapping[str, Any]) -> Name:
    """Return the name of a thing that an explanation tells; one kept from before has no sense."""
    return name_of(told["concept"], told.get("sense"), told["asked"])


@cache
def _words(language: str) -> dict[str, str]:
    """Return the first wording of each everyday word in a language, by its sense."""
    senses = shipped_tables().senses
    return {one.id: one.labels[language][0] for one in senses if language in one.labels}


@lru_cache(maxsize=5_000)
def _subject_worded(asked: str) -> str | None:
    """Return the subject of which some words are a wording, in whatever forms and language."""
    subjects = _subjects_by_wording()
    keys = {_key(language, asked) for language in {language for language, _words in subjects}}
    found = {subjects[key] for key in keys if key in subjects}
    return found.pop() if len(found) == 1 else None


@cache
def _subjects_by_wording() -> dict[Wording, str]:
    """Return the subject of each wording of several words that no other subject has.

    A word alone is none: most have another meaning besides.
    """
    by_wording: dict[Wording, set[str]] = {}
    for concept in shipped_tables().concepts:
        for language, wordings in concept.labels.items():
            for wording in wordings:
                by_wording.setdefault(_key(language, wording), set()).add(concept.label)
    return {
        key: subjects.pop()
        for key, subjects in by_wording.items()
        if len(key[1]) > 1 and len(subjects) == 1
    }


def _key(language: str, wording: str) -> Wording:
    import matcher

    tokens = matcher.tokenize(wording, language)
    return language, frozenset(token.term for token in tokens if token.term)
