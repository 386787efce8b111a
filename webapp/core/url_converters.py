"""Numbers in addresses: one that no row can have is no address."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

LARGEST_ID = 2**31 - 1


class RowIdConverter(IntegerConverter):
    """A whole number that can be a row's id."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_ID, **kwargs})


def init_app(app: Flask) -> None:
    """Let `int` in the addresses of `app` stand for ids of rows."""
    app.url_map.converters["int"] = RowIdConverter
