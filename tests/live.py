"""A visitor of a real server: what goes over the wire is said byte by byte, and timed.

visitor = Visitor(live_url).sign_in(account)
answer = visitor.get("/queue", {"Host": "elsewhere.example.org"})
"""

import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from io import BytesIO
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.factories import PASSWORD
from webapp.accounts.models import Account

FORM = "application/x-www-form-urlencoded"
# What every answer carries, whatever has gone wrong.
HEADERS = {
    "content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options",
    "permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy",
}  # fmt: skip


@dataclass
class Answer:
    """What the server said, and after how many seconds."""

    status: int
    headers: http.client.HTTPMessage
    body: str
    seconds: float

    @property
    def missing(self) -> set[str]:
        """Return the security headers that it lacks."""
        return HEADERS - {name.lower() for name in self.headers}


class Visitor:
    """Somebody with cookies of their own."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.cookies: dict[str, str] = {}
        # How many seconds an answer is waited for.
        self.patience = 60
        # Headers of every request.
        self.usual: Mapping[str, str] = {}

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send a request; `headers` go before those that are usual."""
        sent = {"Host": self.host, "Cookie": self._cookie(), **self.usual, **(headers or {})}
        connection = http.client.HTTPConnection(self.host, timeout=self.patience)
        began = time.monotonic()
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {**sent, "Content-Length": str(len(body))}.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            said = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for given in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(given).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, response.headers, said, time.monotonic() - began)

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a page."""
        return self.ask("GET", path, headers)

    def post(
        self, path: str, values: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a form."""
        body = urlencode(values).encode()
        return self.ask("POST", path, {"Content-Type": FORM, **(headers or {})}, body)

    def send_file(self, path: str, values: Mapping[str, str], name: str, data: bytes) -> Answer:
        """Send a form whose field `file` has a file of that name."""
        sent = {**values, "file": FileStorage(BytesIO(data), name)}
        boundary, body = encode_multipart(sent)
        content_type = f"multipart/form-data; boundary={boundary}"
        return self.ask("POST", path, {"Content-Type": content_type}, body)

    def token(self, path: str) -> str:
        """Return the token of the forms of a page."""
        found = re.search('name="csrf_token"[^>]* value="([^"]+)"', self.get(path).body)
        assert found, f"{path} has no form"
        return found[1]

    def sign_in(self, account: Account, headers: Mapping[str, str] | None = None) -> "Visitor":
        """Sign in with the password of all accounts of the tests."""
        values = {"email": account.email, "password": PASSWORD, "csrf_token": self.token("/login")}
        assert self.post("/login", values, headers).status == 302
        return self
