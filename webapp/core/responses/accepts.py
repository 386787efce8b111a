"""What a browser says it would take: read as far as anybody writes it.

A header can come in many pieces, which together are of any length, and reading one takes long.
"""

from typing import TypeVar

from flask import request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

LONGEST = 1000
Kind = TypeVar("Kind", bound=Accept)


def accepts(header: str, kind: type[Kind]) -> Kind:
    """Return the choices of this request in the order in which the browser prefers them."""
    written = request.headers.get(header, "")
    if len(written) > LONGEST:
        # A choice that is cut off could read as another one.
        written = written[:LONGEST].rpartition(",")[0]
    return parse_accept_header(written, kind)
