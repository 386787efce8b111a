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
    return parse_accept_header(request.headers.get(header, "")[:LONGEST], kind)
