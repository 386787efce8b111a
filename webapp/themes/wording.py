"""The labels of themes in the reader's language, and where they are found for translation."""

import csv
import io
from collections.abc import Iterator
from typing import IO, Any

from flask import Flask

from webapp.core.text_rules import first_capital
from webapp.core.translation import translated
from webapp.themes.models import Theme


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
