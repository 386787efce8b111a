"""The names of the matcher's subjects in the reader's language, and where they are translated.

The matcher knows a subject by its English name. Its wordings in other languages are what people
write, and not always what the subject is called, so names are translated like all other texts.
"""

import csv
import io
from collections.abc import Iterator
from typing import IO, Any

from flask import Flask
from markupsafe import Markup

from webapp.core.words.language import current_language
from webapp.core.words.translation import translated_in_context

# The same word can be a button elsewhere.
CONTEXT = "subject"
Found = tuple[int, str, tuple[str, str], list[str]]


def subject_name(subject: str) -> str:
    """Return what a subject is called in the reader's language; its English name if it has none."""
    return translated_in_context(CONTEXT, subject)


def marked_subject(subject: str) -> Markup:
    """Return the name of a subject, marked with the language that it is in."""
    name = subject_name(subject)
    language = "en" if name == subject else current_language()
    return Markup('<span lang="{}">{}</span>').format(language, name)


def extract(file: IO[bytes], *_: Any, **_options: Any) -> Iterator[Found]:
    """Yield the names in the file of concepts as texts to translate; Babel calls this."""
    rows = csv.DictReader(io.TextIOWrapper(file, "utf-8"), delimiter="\t")
    for number, row in enumerate(rows, 2):
        yield number, "pgettext", (CONTEXT, row["en"].split(";")[0]), []


def init_app(app: Flask) -> None:
    """Give the templates the names of subjects."""
    app.jinja_env.filters.update(subject=marked_subject, subject_name=subject_name)
