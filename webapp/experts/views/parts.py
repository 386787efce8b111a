"""Parts of an expert's page that packages above this one bring, which know of missions and more."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

from webapp.experts.models import Expert

Read = Callable[[Expert], dict[str, Any]]
_PARTS = "experts.parts"
# Where the package that reads texts puts the function that tells whether one is in English.
IS_IN_ENGLISH = "experts.is_in_english"


def keep(app: Flask, template: str, read: Read) -> None:
    """Show `template` on each expert's page, with what `read` returns as `told`."""
    app.extensions.setdefault(_PARTS, []).append((template, read))


def is_in_english(text: str) -> bool:
    """Tell whether a text is in English, as far as its words tell."""
    read: Callable[[str], bool] = current_app.extensions[IS_IN_ENGLISH]
    return read(text)


def parts_of(expert: Expert) -> list[tuple[str, dict[str, Any]]]:
    """Return the templates of the parts, each with what it shows; those with nothing are left
    out."""
    parts: list[tuple[str, Read]] = current_app.extensions.get(_PARTS, [])
    read = [(template, read(expert)) for template, read in parts]
    return [(template, told) for template, told in read if told]
