"""What gunicorn refuses by itself carries the platform's headers as well."""

import http.client
import socket
from io import BytesIO
from urllib.parse import urlsplit

import pytest

from tests.live import HEADERS


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


@pytest.mark.long
def test_what_is_no_http_is_refused_with_the_headers_of_every_answer(live_url: str) -> None:
    for sent, status in CASES:
        answer = send(live_url, sent)
        assert answer.status == status, sent
        assert {name.lower() for name in answer.headers} >= HEADERS, sent
        assert answer.headers["Cache-Control"] == "no-store"
        assert b"<script>" not in answer.read()
