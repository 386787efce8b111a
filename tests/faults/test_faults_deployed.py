"""The files of `deploy/` do what they say: nginx serves the platform, systemd reads its units."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from flask import Flask

from tests.certificates import certificate
from tests.conftest import ROOT, free_port, serving, unavailable
from tests.databases import reading
from tests.faults.hosts import NGINX, behind_nginx, whole
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent

pytestmark = pytest.mark.thorough
DEPLOY = ROOT / "deploy"
NAME = "platform.example.org"
LOST = b"<h1>The platform cannot reach its database</h1>"
BEHIND = {
    "BEHIND_TLS": "1",
    "TRUSTED_PROXIES": "1",
    "PLATFORM_URL": f"https://{NAME}",
    "MAIL_SERVER": "127.0.0.1",
    "MAIL_DEFAULT_SENDER": "platform@example.org",
}


def placed(text: str, folder: Path, behind: str, port: int) -> str:
    """Return nginx's whole configuration, for a place where a test may run it."""
    proof = certificate(folder, "proof", NAME)
    for old, new in {
        "listen [::]:80;": "",
        "listen [::]:443 ssl;": "",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "server 127.0.0.1:8000 ": f"server {behind} ",
        "/etc/ssl/platform/fullchain.pem": str(proof),
        "/etc/ssl/platform/privkey.pem": str(proof),
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    return whole(folder, text)


class Front:
    """Somebody who comes through nginx."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """Send a request, and return status, headers and body of the answer."""
        context = ssl._create_unverified_context()  # noqa: S323 - the proof of this test alone.
        connection = http.client.HTTPSConnection("127.0.0.1", self._port, context=context)
        try:
            connection.request(method, path, body or None, {"Host": NAME, **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()


@pytest.fixture
def front(app: Flask, instance: Path, database_url: str, tmp_path: Path) -> Iterator[Front]:
    """Return somebody who reaches the platform as people do in production."""
    if NGINX is None:
        unavailable("nginx", "REQUIRE_NGINX", "there is none")
    port = free_port()
    with serving(instance, database_url, **BEHIND) as url:
        file = tmp_path / "nginx.conf"
        behind = url.removeprefix("http://")
        file.write_text(placed((DEPLOY / "nginx.conf").read_text(), tmp_path, behind, port))
        checked = subprocess.run([NGINX, "-t", "-c", file], capture_output=True, check=False)
        assert checked.returncode == 0, checked.stderr
        process = subprocess.Popen([NGINX, "-c", file])
        try:
            _wait_for(port)
            yield Front(port)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx did not answer in time")


def test_nginx_writes_no_address_of_a_page_down() -> None:
    """They hold links that sign people in, also where one is asked for without TLS."""
    _upstream, *servers = (DEPLOY / "nginx.conf").read_text().split("\nserver {")
    assert len(servers) == 2
    for server in servers:
        assert re.search(r"^    access_log off;$", server, re.MULTILINE)
        assert re.search(r"^    error_log \S+ crit;$", server, re.MULTILINE)


def test_people_come_through_nginx_as_the_platform_expects_them(front: Front, app: Flask) -> None:
    status, headers, page = front.ask("GET", "/login")
    assert status == 200
    assert headers["Strict-Transport-Security"]
    assert "__Host-session=" in headers["Set-Cookie"]
    assert front.ask("GET", "/readyz")[0] == 200
    assert front.ask("GET", "/metrics", Authorization="Bearer any")[0] == 404
    assert front.ask("GET", "/static/css/theme.css")[0] == 200
    # What is too much is refused by the platform, on its own page.
    status, _headers, page = front.ask("POST", "/login", b"x" * 2_000_000)
    assert status in {400, 413}
    assert "<h1" in page
    # An address that somebody makes up is not the one that is believed.
    cookie = headers["Set-Cookie"].partition(";")[0]
    token = front.ask("GET", "/login", Cookie=cookie)[2].split('name="csrf_token"')[1]
    value = token.split('value="')[1].split('"')[0]
    form = f"email=nobody%40example.org&password=wrong-password&csrf_token={value}".encode()
    front.ask(
        "POST", "/login", form, Cookie=cookie, Referer=f"https://{NAME}/login",
        **{"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": "192.0.2.66"},
    )  # fmt: skip
    with reading(app) as session:
        failed = session.query(AuditEvent).filter_by(action=Action.SIGN_IN_FAILED).one()
        assert failed.address == "127.0.0.1"


class _Lost(BaseHTTPRequestHandler):
    """A host that has lost the database, and says so on a page of its own."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        started = self.path == "/readyz"
        self.send_response(200 if started else 503)
        self.send_header("Content-Length", str(len(LOST)))
        self.end_headers()
        self.wfile.write(LOST)


def test_when_all_hosts_have_lost_the_database_their_own_page_says_so(tmp_path: Path) -> None:
    with ExitStack() as stack:
        hosts = [ThreadingHTTPServer(("127.0.0.1", 0), _Lost) for _ in range(2)]
        for host in hosts:
            stack.enter_context(host)
            threading.Thread(target=host.serve_forever, daemon=True).start()
            stack.callback(host.shutdown)
        behind = [f"127.0.0.1:{host.server_port}" for host in hosts]
        url = stack.enter_context(behind_nginx(tmp_path, behind))
        # The first that fails would be passed over, then the second, and then nobody is left.
        for _time in range(6):
            with pytest.raises(urllib.error.HTTPError) as answer:
                urllib.request.urlopen(f"{url}/queue", timeout=30)  # noqa: S310 - our own.
            assert (answer.value.code, answer.value.read()) == (503, LOST)


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        unavailable("systemd", "REQUIRE_SYSTEMD", "there is no systemd-analyze")
    for unit in DEPLOY.glob("rssrp-*"):
        text = unit.read_text().replace("/opt/rssrp/.venv/bin/", "/bin/env ")
        (tmp_path / unit.name).write_text(text)
    units = sorted(str(unit) for unit in tmp_path.glob("rssrp-*"))
    assert len(units) == 4
    told = subprocess.run([verify, "verify", *units], capture_output=True, text=True, check=False)
    assert [line for line in told.stderr.splitlines() if "rssrp" in line] == []
