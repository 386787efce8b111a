"""What stands in addresses: a number that no row can have is no address, nor is a control."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, UnicodeConverter

from webapp.core.db import LARGEST_ID

# PostgreSQL stores no NUL, a log or a header is broken by a line end, and no page of ours has any.
_CONTROLS = "\\x00-\\x1f\\x7f-\\x9f"


class RowIdConverter(IntegerConverter):
    """A whole number that can be a row's id."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_ID, **kwargs})


class WordConverter(UnicodeConverter):
    """A part of an address, without control characters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regex = self.regex.replace("[^/]", f"[^/{_CONTROLS}]")


def init_app(app: Flask) -> None:
    """Route no address of `app` that holds a control, and let `int` stand for ids of rows."""
    # Only names of files are still any text, and no file has such a name.
    app.url_map.converters.update(
        {"int": RowIdConverter, "default": WordConverter, "string": WordConverter}
    )
