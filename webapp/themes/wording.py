"""The labels of themes in the reader's language, and where they are found for translation."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import IO, Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from webapp.core.words.text_rules import first_capital
from webapp.core.words.translation import translated
from webapp.themes.models import Theme

Count = Callable[[Session], dict[str, int]]
# Where the packages that use themes put the functions that count, by theme, what uses it.
EXPERTS, REQUESTS = "themes.experts", "themes.requests"


def keep_count(app: Flask, name: str, count: Count) -> None:
    """Let `count` say how many experts or requests use each theme."""
    app.extensions[name] = count


def counted(session: Session, name: str) -> dict[str, int]:
    """Return how many experts or requests use each theme that is used at all."""
    count: Count = current_app.extensions[name]
    return count(session)


def label_of(theme: Theme) -> str:
    """Return the label of a theme in the current language."""
    return translated(theme.label)


def area_of(theme: Theme) -> str:
    """Return the name of the theme's area in the current language."""
    return translated(theme.area)


def extract(file: IO[bytes], *_: Any, **_options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the labels of the file of themes as texts to translate; Babel calls this."""
    rows = csv.DictReader(io.TextIOWrapper(file, "utf-8"), delimiter="\t")
    for number, row in enumerate(rows, 2):
        yield number, "gettext", first_capital(row["label_en"]), []


def init_app(app: Flask) -> None:
    """Give the templates the labels of themes."""
    app.jinja_env.globals.update(theme_area=area_of, theme_label=label_of)
