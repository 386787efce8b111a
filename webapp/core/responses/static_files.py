"""Static files: read and compressed once, at addresses that change with their content.

The digest of a whole folder stands in the address before the name of the file. So a module of
JavaScript finds the others by relative names, and all of them are of one version; what came from
such an address never changes, and browsers need not ask again.
"""

import hashlib
import mimetypes
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request, session

from webapp.core.responses import compression

# What the pages use of Bootstrap; the package brings some hundred files more.
OF_BOOTSTRAP = ("css/bootstrap.min.css",)
# Flask's and Bootstrap-Flask's names for the addresses of files.
ENDPOINTS = frozenset({"static", "bootstrap.static"})
ONE_DAY, ONE_YEAR = 86_400, 31_536_000
# Python's own table differs from machine to machine, and without the right type scripts do not run.
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True)
class Version:
    """The files of a folder as they were read, by name, and the digest of all of them."""

    digest: str
    files: Mapping[str, bytes]


def read_version(folder: Path, names: Collection[str] | None = None) -> Version:
    """Read the named files of a folder, or all of them."""
    if names is None:
        found = (path for path in folder.rglob("*") if path.is_file())
        names = [path.relative_to(folder).as_posix() for path in found]
    files = {name: (folder / name).read_bytes() for name in sorted(names)}
    parts = (f"{name} {len(content)} ".encode() + content for name, content in files.items())
    return Version(hashlib.sha256(b"".join(parts)).hexdigest()[:16], files)


class Folder:
    """A folder of static files; under `flask run --debug` it is read anew for each request."""

    def __init__(self, path: Path, names: Collection[str] | None = None) -> None:
        self._path = path
        self._names = names
        self._version = read_version(path, names)

    @property
    def version(self) -> Version:
        """Return the files to serve now."""
        return read_version(self._path, self._names) if current_app.debug else self._version

    def send(self, filename: str, version: str | None = None) -> Response:
        """Answer with a file; only names that were read exist, so no path leads elsewhere."""
        current = self.version
        if filename not in current.files:
            abort(404)
        response = _answer(filename, current.files[filename])
        response.headers["Cache-Control"] = _cache_control(version, current)
        return response


def _answer(filename: str, content: bytes) -> Response:
    encoding = compression.accepted_encoding()
    body = compression.compress_once(content, encoding) if encoding else content
    if len(body) >= len(content):
        encoding, body = None, content
    kind = KINDS.get(Path(filename).suffix) or mimetypes.guess_type(filename)[0]
    response = Response(body, mimetype=kind or "application/octet-stream")
    response.vary.add("Accept-Encoding")
    if encoding:
        response.content_encoding = encoding
    # Each encoding is a thing of its own to caches, so its mark must differ.
    response.set_etag(f"{hashlib.sha256(content).hexdigest()[:16]}-{encoding or 'plain'}")
    response.make_conditional(request)
    return response


def _cache_control(asked: str | None, current: Version) -> str:
    if asked == current.digest:
        return f"public, max-age={ONE_YEAR}, immutable"
    # While a new version is brought out, a page of one process may ask another one for its files:
    # the nearest are better than none, but nobody may keep them by that name.
    return "no-cache" if asked else f"public, max-age={ONE_DAY}"


def _depend_on_no_cookie(response: Response) -> Response:
    # Flask-Login looks into the session after every request. If that counted, browsers would load
    # the files anew whenever their cookie changes.
    if request.endpoint in ENDPOINTS and response.status_code < 400:
        session.accessed = False
    return response


def compress_all(app: Flask) -> None:
    """Compress every file of `app` now, so that no visitor waits for it."""
    with app.app_context():
        for folder in app.extensions["static_files"].values():
            for content in folder.version.files.values():
                for encoding in compression.ONCE:
                    compression.compress_once(content, encoding)


def init_app(app: Flask) -> None:
    """Serve the folders of `app` and of Bootstrap; `url_for` gives addresses with the version."""
    ours, bootstrap = app.static_folder, app.blueprints["bootstrap"].static_folder
    folders = {
        "static": Folder(Path(str(ours))),
        "bootstrap.static": Folder(Path(str(bootstrap)), OF_BOOTSTRAP),
    }
    app.extensions["static_files"] = folders
    for endpoint, folder in folders.items():
        app.view_functions[endpoint] = folder.send
    for endpoint, url in (("static", "/static"), ("bootstrap.static", "/bootstrap/static")):
        rule = f"{url}/<string(length=16):version>/<path:filename>"
        app.add_url_rule(rule, endpoint, folders[endpoint].send)

    app.after_request(_depend_on_no_cookie)

    @app.url_defaults
    def _name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in folders:
            values.setdefault("version", folders[endpoint].version.digest)
