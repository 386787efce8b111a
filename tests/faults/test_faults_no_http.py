"""What gunicorn refuses by itself carries the platform's headers as well."""

import http.client
import socket
from io import BytesIO
from urllib.parse import urlsplit

import pytest

from tests.live import HEADERS

pytestmark = [pytest.mark.attack, pytest.mark.usefixtures("ends_sound")]


class _Received(BytesIO):
    """What came over the wire, as http.client wants to read it."""

    def makefile(self, _mode: str) -> BytesIO:
        """Return what is read from."""
        return self


def send(url: str, sent: bytes) -> http.client.HTTPResponse:
    """Send these bytes and return the answer."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as line:
        line.sendall(sent)
        received = b""
        while more := line.recv(65536):
            received += more
    answer = http.client.HTTPResponse(_Received(received))  # type: ignore[arg-type]
    answer.begin()
    return answer


CASES = [
    (b"GET\r\n\r\n", 400),
    (b"GET / HTTP/9.9\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
    (b"GET /<script> HTTP/1.1 again\r\nHost: localhost\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nBad Name: 1\r\n\r\n", 400),
    (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 200 + b"\r\n", 431),
    (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: odd\r\n\r\n", 501),
    (
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
]

FORM = (
    b"POST /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
)
# What the pieces of a form hold that is no HTTP, or more than any form holds.
PIECES = [
    b"3\r\na=b\r\n0\r\n\r\n",
    b"ZZ\r\na=b\r\n0\r\n\r\n",
    b"3\r\na=b and more\r\n0\r\n\r\n",
    b'3;x="\rb"\r\na=b\r\n0\r\n\r\n',
    b"3\r\na=b\r\n0\r\nno header\r\n\r\n",
    b"3\r\na=b\r\n0\r\n" + b"X: a\r\n" * 200 + b"\r\n",
    b"100000\r\n" + b"x" * 0x100000 + b"\r\n0\r\n\r\n",
]


@pytest.mark.long
def test_what_is_no_http_is_refused_with_the_headers_of_every_answer(live_url: str) -> None:
    for sent, status in CASES:
        answer = send(live_url, sent)
        assert answer.status == status, sent
        assert {name.lower() for name in answer.headers} >= HEADERS, sent
        assert answer.headers["Cache-Control"] == "no-store"
        assert b"<script>" not in answer.read()


@pytest.mark.long
def test_a_form_that_is_sent_piece_by_piece_is_refused_whatever_the_pieces_are(
    live_url: str,
) -> None:
    """No piece is read: one that is no HTTP was taken for a fault of ours, and of more than a form
    holds the end was cut off without a word."""
    for pieces in PIECES:
        for path in (b"/login", b"/language", b"/no-such-page"):
            sent = FORM.replace(b"/login", path) + pieces
            answer = send(live_url, sent)
            assert answer.status == 411, sent[:300]
            assert {name.lower() for name in answer.headers} >= HEADERS, sent[:300]
        # Nobody reads it of what has no form.
        answer = send(live_url, FORM.replace(b"POST /login", b"GET /no-such-page") + pieces)
        assert answer.status == 404, pieces[:300]
