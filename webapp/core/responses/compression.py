"""Answers compressed by what the browser accepts, where that can tell nobody anything.

An answer whose length depends on a secret of the reader and on words of somebody else tells the
secret to whoever sees the length. So only pages of people who sent no cookie are compressed: they
hold what everybody may read.
"""

import gzip
from functools import cache

import brotli
from flask import Flask, Response, request
from werkzeug.datastructures import Accept

from webapp.core.responses.accepts import accepts

# How hard each encoding tries for what is compressed once, and for what is made for one reader.
ONCE = {"br": 11, "gzip": 9}
EACH_TIME = {"br": 5, "gzip": 6}


def accepted_encoding() -> str | None:
    """Return the encoding to answer this request in, the smaller one first, or None for none."""
    # A browser that would rather have it plain says so with a quality for "identity".
    chosen = accepts("Accept-Encoding", Accept).best_match([*ONCE, "identity"])
    return chosen if chosen in ONCE else None


def compress(content: bytes, encoding: str, effort: dict[str, int]) -> bytes:
    """Return the content in this encoding."""
    if encoding == "br":
        return bytes(brotli.compress(content, quality=effort["br"]))
    # Without the time of day, every process makes the same bytes.
    return gzip.compress(content, effort["gzip"], mtime=0)


@cache
def compress_once(content: bytes, encoding: str) -> bytes:
    """Return the content as small as this encoding can make it; the work is done once."""
    return compress(content, encoding, ONCE)


def _compress_page(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed:
        return response
    response.vary.update(("Accept-Encoding", "Cookie"))
    encoding = accepted_encoding()
    if encoding and not request.cookies and "Content-Encoding" not in response.headers:
        response.set_data(compress(response.get_data(), encoding, EACH_TIME))
        response.content_encoding = encoding
    return response


def init_app(app: Flask) -> None:
    """Compress the pages of `app` for visitors without cookies."""
    app.after_request(_compress_page)
