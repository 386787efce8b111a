"""The page-checking client itself: every rule catches a page that breaks it."""

from collections.abc import Callable

import pytest

from tests import factories, html
from tests.pages import Pages
from webapp.core.roles import Role

GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A – B</title></head>
<body><h1>A</h1><h2 id="x">B</h2><a href="#x">To B</a><a href="/there">There</a>
<img src="/there" alt=""><form method="post" action="/there">
<input type="hidden" name="csrf_token" value="t"><label for="n">Name</label>
<input id="n" name="n"><button>Send</button></form></body></html>"""

BROKEN = {
    "unclosed": ("</form>", "</section>"),
    "no language": (' lang="en"', ""),
    "no title": ("A – B", " – B"),
    "no heading": ("<h1>A</h1>", "<p>A</p>"),
    "two headings": ("<h2 id", "<h1>C</h1><h2 id"),
    "skipped level": ('<h2 id="x">B</h2>', '<h4 id="x">B</h4>'),
    "same id twice": ('<input id="n"', '<input id="n" aria-label="m"><input id="n"'),
    "label for nothing": ('for="n"', 'for="m"'),
    "no label": ('<label for="n">Name</label>', ""),
    "cuts a pasted text": ('<input id="n"', '<input maxlength="9" id="n"'),
    "described by nothing": ('<input id="n"', '<input aria-describedby="gone" id="n"'),
    "silent link": (">There<", "><"),
    "no alt": (' alt=""', ""),
    "inline style": ("<h1>", '<h1 style="color:red">'),
    "style element": ("</head>", "<style>p{}</style></head>"),
    "inline script": ("</body>", "<script>1</script></body>"),
    "handler": ("<button>", '<button onclick="x()">'),
    "script address": ('href="/there"', 'href="javascript:x()"'),
    "no token": ('<input type="hidden" name="csrf_token" value="t">', ""),
    "empty token": ('value="t"', 'value=""'),
    "dead link": ('href="/there"', 'href="/gone"'),
    "dead form": ('action="/there"', 'action="/gone"'),
    "dead anchor": ('href="#x"', 'href="#y"'),
    "foreign script": ("</body>", '<script src="https://cdn.example.org/x.js"></script></body>'),
    "foreign form": ('action="/there"', 'action="https://example.org/"'),
    "plain http": ('href="/there"', 'href="http://example.org/"'),
    "too large": ("<h1>A</h1>", f"<h1>A</h1><p>{'x' * 100_000}</p>"),
}


def _faults(text: str) -> list[str]:
    return html.faults(html.parse(text), "/", lambda path, _method: path in {"/", "/there"})


def test_a_good_page_has_no_fault() -> None:
    assert _faults(GOOD) == []


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_catches_a_page_that_breaks_it(name: str) -> None:
    old, new = BROKEN[name]
    assert old in GOOD
    assert _faults(GOOD.replace(old, new, 1))


WEAK_HEADERS = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "",
    "Referrer-Policy": "unsafe-url",
    "Cache-Control": "private",
    "Set-Cookie": "session=x",
}


@pytest.mark.parametrize("source", ["https:", "https://cdn.example.org", "*", "blob:"])
def test_a_policy_that_lets_something_come_from_elsewhere_is_caught(
    pages: Pages, source: str
) -> None:
    response = pages.client.get("/privacy")
    policy = response.headers["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace("data:", f"data: {source}")
    with pytest.raises(AssertionError, match="may be loaded from"):
        pages.check("/privacy", response)


@pytest.mark.parametrize("name", WEAK_HEADERS)
def test_each_missing_header_is_caught(pages: Pages, name: str) -> None:
    response = pages.client.get("/privacy")
    pages.check("/privacy", response)
    response.headers[name] = WEAK_HEADERS[name]
    with pytest.raises(AssertionError):
        pages.check("/privacy", response)


def test_signing_in_works_through_the_real_page(sign_in_as: Callable[..., Pages]) -> None:
    page = sign_in_as(Role.ADMINISTRATOR).get("/accounts")
    assert page.heading == "Accounts"
    assert "administrator" in page.text


def test_a_wrong_password_does_not_sign_in(pages: Pages) -> None:
    page = pages.get("/login").submit(
        "Sign in", {"E-mail address": "nobody@example.org", "Password": "wrong"}
    )
    assert "not right" in page.text
    pages.get("/accounts", status=302)


def test_a_rewound_world_still_knows_who_has_left_it(
    world: factories.World, visitor: Callable[[], Pages], rewind: Callable[[], None]
) -> None:
    """Without this, what is tried after an erasure would be tried by a stranger."""
    pages = visitor().sign_in(world.first(Role.EXPERT))
    rewind()
    pages.get("/my-data/erase")
    assert pages.post("/my-data/erase", {"understood": "y"}).heading == "You are erased"
    pages.client.post("/logout", data={"csrf_token": pages.own_token()})
    for _ in range(2):
        rewind()
        assert pages.get("/my-data/erase").form(action="/my-data/erase")
