"""What the things that a request asks for are called to the reader.

A subject of the field has a translated name. An everyday word has none; to whoever does not read
English it is told by the wording that the thesaurus has for it in their language, since a request
in English would else be quoted at them word by word.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from markupsafe import Markup

from webapp.core.words.language import SOURCE_LANGUAGE, current_language
from webapp.matches.ranking.subjects import subject_name
from webapp.matches.ranking.vocabulary import shipped_tables

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
    if concept:
        name = subject_name(concept)
        return Name(name, SOURCE_LANGUAGE if name == concept else language)
    if language != SOURCE_LANGUAGE and sense and (word := _words(language).get(sense)):
        return Name(word, language)
    return Name(asked, UNSAID)


def called(told: Mapping[str, Any]) -> Name:
    """Return the name of a thing that an explanation tells; one kept from before has no sense."""
    return name_of(told["concept"], told.get("sense"), told["asked"])


@cache
def _words(language: str) -> dict[str, str]:
    """Return the first wording of each everyday word in a language, by its sense."""
    senses = shipped_tables().senses
    return {one.id: one.labels[language][0] for one in senses if language in one.labels}
