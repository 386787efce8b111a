"""A database on another machine is believed only when it proves by TLS whose it is.

The server that a package brings is built without TLS: a line before it speaks TLS in its place, as
the proxies of hosted databases do. The platform's side checks the certificate, as in real use.
"""

import select
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import databases
from tests.certificates import certificate
from tests.faults.lines import Line
from webapp.core.db import db

pytestmark = [pytest.mark.postgres, pytest.mark.long]
HOST = "db.example.org"
# How a client asks for encryption before its first message. Source: PostgreSQL, 54.2.
WANTS_TLS = (80877103).to_bytes(4)
MakeApp = Callable[..., Flask]


class TlsLine(Line):
    """A line whose near end speaks TLS, with the certificate of the file `proof`."""

    def __init__(self, url: sa.URL, proof: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(proof)
        super().__init__(url)

    def _join(self, near: socket.socket) -> None:
        with ExitStack() as stack, suppress(OSError):  # Whoever does not believe us leaves.
            stack.callback(near.close)
            while near.recv(8)[4:] != WANTS_TLS:
                near.sendall(b"N")  # It asks for another kind of encryption first.
            near.sendall(b"S")
            private = stack.enter_context(self._context.wrap_socket(near, server_side=True))
            relay(private, stack.enter_context(self._reach()))


def relay(near: ssl.SSLSocket, far: socket.socket) -> None:
    """Carry bytes both ways until one side leaves; one thread, for TLS is not for two."""
    while True:
        ready = [near] if near.pending() else select.select([near, far], [], [])[0]
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            (far if source is near else near).sendall(data)


@pytest.fixture(autouse=True)
def mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name a mail server: without one nothing starts on a database that is elsewhere."""
    given = databases.environment
    named = {"MAIL_SERVER": "127.0.0.1", "MAIL_DEFAULT_SENDER": "platform@example.org"}
    monkeypatch.setattr(databases, "environment", lambda *where: {**given(*where), **named})


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """Return the certificate that the server shows."""
    return certificate(tmp_path, "server", HOST)


@pytest.fixture
def line(database_url: str, proof: Path) -> Iterator[TlsLine]:
    """Return a line to the test's database that speaks TLS."""
    made = TlsLine(sa.make_url(database_url), proof)
    yield made
    made.cut()


def address(line: Line, root: Path, host: str = HOST) -> str:
    """Return where the database of the line is found under a name, and what must prove it."""
    query: dict[str, Any] = {
        "hostaddr": "127.0.0.1", "sslmode": "verify-full", "sslrootcert": str(root),
    }  # fmt: skip
    url = sa.make_url(line.url).set(host=host).update_query_dict(query)
    return url.render_as_string(hide_password=False)


def is_served(app: Flask) -> bool:
    """Tell whether the platform finds its database."""
    status = app.test_client().get("/readyz").status_code
    assert status in {200, 503}
    return status == 200


def test_a_server_that_proves_whose_it_is_is_believed_and_the_line_is_encrypted(
    make_app: MakeApp, line: TlsLine, proof: Path
) -> None:
    app = make_app(address(line, proof))
    assert is_served(app)
    with app.app_context(), db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        assert driver.pgconn.ssl_in_use


def test_a_server_of_another_root_is_refused(
    make_app: MakeApp, line: TlsLine, tmp_path: Path
) -> None:
    assert not is_served(make_app(address(line, certificate(tmp_path, "another", HOST))))


def test_a_server_of_another_name_is_refused(make_app: MakeApp, line: TlsLine, proof: Path) -> None:
    assert not is_served(make_app(address(line, proof, "other.example.org")))


def test_a_server_without_tls_is_refused(make_app: MakeApp, database_url: str, proof: Path) -> None:
    plain = Line(sa.make_url(database_url))
    try:
        assert not is_served(make_app(address(plain, proof)))
    finally:
        plain.cut()
