"""Static files and pages on the wire: small, kept for long, named by content, and safe."""

import gzip
import http.client
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
from flask import Flask, render_template_string, url_for

from tests import databases
from tests.pages import Pages, header_faults
from webapp.core.responses import compression
from webapp.core.responses.static_files import Folder, read_version
from webapp.core.roles import Role

ROOT = Path(__file__).resolve().parents[3]
LIGHT = 100_000
BROWSER = {"Accept-Encoding": "br, gzip"}
FILES = [
    ("static", "css/theme.css"),
    ("static", "js/page.js"),
    ("static", "img/mark.svg"),
    ("bootstrap.static", "css/bootstrap.min.css"),
]
DECODERS: dict[str | None, Callable[[bytes], bytes]] = {
    None: bytes,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}


def address(app: Flask, endpoint: str, filename: str) -> str:
    """Return the address that pages give a file."""
    with app.test_request_context():
        return url_for(endpoint, filename=filename)


def fetch(base: str, path: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Get one thing as a browser does; return its weight on the wire, its headers and its bytes."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    connection.request("GET", path, headers=BROWSER)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, path
    return len(body) + len(bytes(answer.headers)), answer.headers, decoded(answer.headers, body)


def decoded(headers: http.client.HTTPMessage, body: bytes) -> bytes:
    """Return the content of an answer."""
    return DECODERS[headers["Content-Encoding"]](body)


def referred_to(path: str, headers: http.client.HTTPMessage, content: bytes) -> set[str]:
    """Return the addresses of what a browser loads by itself because of this content."""
    patterns = {
        "text/html": r"<(?:link|script|img|source)\b[^>]*?\s(?:href|src)=\"([^\"]+)",
        "text/css": r"(?:url\(|@import)\s*[\"']?([^\"')]+)",
        "text/javascript": r"(?:\bfrom\s+|\bimport\s*\(?)[\"']([^\"']+)",
    }
    pattern = patterns.get(headers.get_content_type())
    found = re.findall(pattern, content.decode()) if pattern else []
    return {urljoin(path, one) for one in found if not one.startswith("data:")}


@pytest.mark.thorough
def test_the_first_visit_weighs_under_a_hundred_kilobytes(live_url: str) -> None:
    waiting, weights = ["/"], {}
    while waiting:
        path = waiting.pop()
        weights[path], headers, content = fetch(live_url, path)
        waiting.extend(referred_to(path, headers, content) - weights.keys())
    assert {path.rpartition("/")[2] for path in weights} >= {"", "theme.css", "bootstrap.min.css"}
    assert sum(weights.values()) < LIGHT, weights


@pytest.mark.thorough
def test_all_workers_give_a_file_the_same_name(live_url: str) -> None:
    answers = [fetch(live_url, "/") for _ in range(20)]
    assert len({frozenset(referred_to("/", *answer[1:])) for answer in answers}) == 1


@pytest.mark.parametrize(("endpoint", "filename"), FILES)
def test_a_file_by_its_full_name_may_be_kept_for_ever(
    app: Flask, pages: Pages, endpoint: str, filename: str
) -> None:
    url = address(app, endpoint, filename)
    answer = pages.client.get(url, headers=BROWSER)
    assert answer.status_code == 200
    assert header_faults(answer, public=True) == []
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("br;q=0.1, identity", None),
        ("", None),
    ],
)
def test_what_the_browser_accepts_decides_on_the_encoding(
    app: Flask, pages: Pages, accepted: str, encoding: str | None
) -> None:
    url = address(app, "static", "css/theme.css")
    answer = pages.client.get(url, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    source = (ROOT / "webapp" / "static" / "css" / "theme.css").read_bytes()
    assert DECODERS[encoding](answer.data) == source
    assert encoding is None or len(answer.data) < len(source) / 2


def test_what_compression_would_make_larger_is_sent_as_it_is(tmp_path: Path, app: Flask) -> None:
    noise = os.urandom(500)
    (tmp_path / "noise.woff2").write_bytes(noise)
    with app.test_request_context(headers=BROWSER):
        answer = Folder(tmp_path).send("noise.woff2")
    assert answer.data == noise
    assert "Content-Encoding" not in answer.headers


def test_a_browser_that_has_the_file_is_not_sent_it_again(app: Flask, pages: Pages) -> None:
    for url in ("/static/css/theme.css", address(app, "static", "css/theme.css")):
        first = pages.client.get(url, headers=BROWSER)
        mark = first.headers["ETag"]
        again = pages.client.get(url, headers={**BROWSER, "If-None-Match": mark})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        assert again.headers["X-Content-Type-Options"] == "nosniff"
        other = pages.client.get(url, headers={"Accept-Encoding": "gzip", "If-None-Match": mark})
        assert other.status_code == 200


def test_head_tells_what_get_would_bring(app: Flask, pages: Pages) -> None:
    url = address(app, "bootstrap.static", "css/bootstrap.min.css")
    got, told = pages.client.get(url, headers=BROWSER), pages.client.head(url, headers=BROWSER)
    assert (told.status_code, told.data) == (200, b"")
    assert told.headers["Content-Length"] == str(len(got.data))
    assert told.headers["Content-Encoding"] == "br"


@pytest.mark.parametrize("end", ["../config.py", "..%2fconfig.py", "css/../../config.py", "css/",
                                 "css", "nothing.css", "/etc/passwd"])  # fmt: skip
def test_no_name_leads_out_of_the_folder(app: Flask, pages: Pages, end: str) -> None:
    pages.get(address(app, "static", "css/theme.css").replace("css/theme.css", end), status=404)


def test_the_name_of_another_version_brings_the_file_but_nobody_keeps_it(pages: Pages) -> None:
    answer = pages.client.get("/static/0123456789abcdef/css/theme.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_name_changes_with_the_content_and_with_nothing_else(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    shutil.copytree(ROOT / "webapp" / "static", first)
    shutil.copytree(first, second)
    os.utime(second / "css" / "theme.css", (0, 0))
    assert read_version(first).digest == read_version(second).digest
    (second / "css" / "theme.css").write_text("main {}", "utf-8")
    assert read_version(first).digest != read_version(second).digest
    shutil.rmtree(second)
    shutil.copytree(first, second)
    (second / "css" / "theme.css").rename(second / "css" / "other.css")
    assert read_version(first).digest != read_version(second).digest


def test_an_edited_file_shows_at_once_only_while_debugging(tmp_path: Path, app: Flask) -> None:
    file = tmp_path / "page.js"
    file.write_text("before", "utf-8")
    folder = Folder(tmp_path)
    file.write_text("after", "utf-8")
    with app.test_request_context():
        name = folder.version.digest
        assert folder.send("page.js").get_data() == b"before"
        app.debug = True
        assert folder.send("page.js").get_data() == b"after"
        assert folder.version.digest != name


def test_compression_is_done_once(app: Flask, pages: Pages) -> None:
    url = address(app, "static", "css/theme.css")
    pages.client.get(url, headers=BROWSER)
    before = compression.compress_once.cache_info().misses
    pages.client.get(url, headers=BROWSER)
    assert compression.compress_once.cache_info().misses == before


def test_pages_are_compressed_for_those_without_a_cookie_only(
    sign_in_as: Callable[..., Pages], pages: Pages
) -> None:
    """Beside words of others, the length of a page would tell what its reader may see."""
    for url in ("/privacy", "/login", "/nothing"):
        answer = pages.app.test_client(use_cookies=False).get(url, headers=BROWSER)
        assert answer.headers["Content-Encoding"] == "br"
        assert b"</html>" in brotli.decompress(answer.data)
        assert {"Accept-Encoding", "Cookie"} <= set(answer.vary)
        assert answer.headers["Content-Length"] == str(len(answer.data))
    person = sign_in_as(Role.REQUESTER)
    for client in (person.client, pages.client):
        client.get("/login")
        answer = client.get("/privacy", headers=BROWSER)
        assert "Content-Encoding" not in answer.headers
        assert "</html>" in answer.text


@pytest.mark.thorough
def test_files_are_found_in_a_folder_with_spaces(tmp_path: Path, instance: Path) -> None:
    folder = tmp_path / "a folder with spaces"
    for name in ("webapp", "matcher", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    script = (
        "import webapp; app = webapp.create_app(); client = app.test_client();"
        "print(webapp.__file__); print(*(client.get(u).status_code for u in"
        " ('/static/js/page.js', '/bootstrap/static/css/bootstrap.min.css')))"
    )
    environ = databases.environment(instance, f"sqlite:///{instance / 'none.sqlite'}")
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env={**environ, "PYTHONPATH": str(folder)},
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert told == [str(folder / "webapp" / "__init__.py"), "200 200"]


def test_templates_get_the_full_name_from_the_usual_function(app: Flask) -> None:
    with app.test_request_context():
        made = render_template_string("{{ url_for('static', filename='css/theme.css') }}")
    assert re.fullmatch(r"/static/[0-9a-f]{16}/css/theme\.css", made)
