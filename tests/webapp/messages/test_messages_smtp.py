"""A mail server gets neither the password nor a mail before it has proved by TLS who it is."""

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_mailman import EmailMessage

from tests.certificates import certificate

HOST, PASSWORD = "localhost", "a password of the mail server"


class Server(threading.Thread):
    """A mail server that offers STARTTLS with the certificate of a file; it notes what it hears."""

    def __init__(self, proof: Path) -> None:
        super().__init__()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(proof)
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self.heard = b""

    def run(self) -> None:
        """Serve one client until it goes."""
        line, _from = self._listening.accept()
        with self._listening, line:
            line.sendall(b"220 mail\r\n")
            try:
                self._serve(line)
            except OSError:  # The client has seen the certificate, and has gone.
                return

    def _serve(self, line: socket.socket) -> None:
        while said := line.recv(65536):
            self.heard += said
            if said.upper().startswith(b"STARTTLS"):
                line.sendall(b"220 go on\r\n")
                with self._context.wrap_socket(line, server_side=True) as secret:
                    self._serve(secret)
                return
            if said.upper().startswith(b"EHLO"):
                line.sendall(b"250-mail\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n")
            elif said.upper().startswith(b"AUTH"):
                line.sendall(b"235 welcome\r\n")
            elif said.upper().startswith(b"DATA"):
                line.sendall(b"354 go on\r\n")
            elif said.upper().startswith(b"QUIT"):
                line.sendall(b"221 good day\r\n")
            else:
                line.sendall(b"250 ok\r\n")


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the certificate of the server's name that this machine knows."""
    file = certificate(tmp_path, "known", HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


@pytest.fixture(params=["known", "of another name", "unknown"])
def proof(request: pytest.FixtureRequest, known: Path, tmp_path: Path) -> Iterator[Path]:
    """Return what a server shows."""
    if request.param == "known":
        yield known
    elif request.param == "unknown":
        yield certificate(tmp_path, "unknown", HOST)
    else:
        other = certificate(tmp_path, "other", "evil.example.org")
        known.write_bytes(known.read_bytes() + other.read_bytes())
        yield other


def test_only_a_server_that_proves_its_name_gets_the_password_and_mails(
    app: Flask, known: Path, proof: Path
) -> None:
    server = Server(proof)
    server.start()
    mailman = app.extensions["mailman"]
    mailman.backend, mailman.server, mailman.port = "webapp.messages.smtp", HOST, server.port
    mailman.use_tls, mailman.username, mailman.password = True, "platform", PASSWORD
    with app.app_context():
        mail = EmailMessage("A knock", "Please sign in.", "p@example.org", ["e@example.org"])
        if proof == known:
            mail.send()
        else:
            with pytest.raises(ssl.SSLCertVerificationError):
                mail.send()
    server.join(10)
    assert (b"AUTH" in server.heard) == (b"Please sign in." in server.heard) == (proof == known)
