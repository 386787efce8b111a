"""A forged POST changes nothing: for every form that anybody finds, whatever its token lacks.

The token is missing, empty, wrong, or that of somebody else's session; each time the answer is 400,
the database is as it was, and what was typed is still there.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from tests import factories
from tests.databases import content, forget_limits
from tests.pages import Form, Page, Pages
from tests.structure.test_access_matrix import addresses
from tests.structure.walkers import WALKERS, Walker, each_walker
from webapp.core.roles import Role

pytestmark = pytest.mark.long

TEXTS = ("text", "search", "email", "url", "tel")
WITHOUT_FORM = {
    # Nobody reaches these pages of the library, whose places pages of ours have taken.
    *("security.mf_recovery_codes", "security.two_factor_rescue"),
    *("security.two_factor_setup", "security.two_factor_setup_validate"),
    # What a passkey answers: a form that only the answer to another form has, sent by a script.
    *("security.wan_register_response", "security.wan_signin_response"),
    "security.wan_verify_response",
    # Sent by a script while somebody types; and what throws that away stands where they did.
    *("kept_texts.keep_typing", "kept_texts.forget"),
    "security.logout",  # A button of every page, which stands below.
}
STALE_PAGE = "open for too long"


def bad_tokens(other: Pages) -> Iterator[tuple[str, str | None]]:
    """Yield what a forger might send instead of the token."""
    yield "missing", None
    yield "empty", ""
    yield "wrong", "x.y.z"
    yield "somebody else's", other.own_token()


def without_token(form: Form) -> dict[str, list[str]]:
    """Return what the form would send, but for its token."""
    return {name: value for name, value in form.values.items() if name != "csrf_token"}


def hidden(form: Form) -> dict[str, list[str]]:
    """Return what the form sends that nobody fills in, but for its token."""
    names = {str(c.get("name")) for c in form.controls if c.get("type") == "hidden"}
    return {name: value for name, value in without_token(form).items() if name in names}


def text_controls(form: Form) -> list[str]:
    """Return the names of the fields that people write in."""
    return [
        str(control.get("name"))
        for control in form.controls
        if control.tag == "textarea"
        or (
            control.tag == "input"
            and control.get("type", "text") in TEXTS
            and not _is_code(control)
        )
    ]


def _is_code(control: Element) -> bool:
    """Tell whether a field is for a code: like a password, none of them is ever shown again."""
    return control.get("name") == "code" and control.get("autocomplete") in {"one-time-code", "off"}


@each_walker
def test_no_form_does_anything_without_the_token_of_its_session(
    walker: Walker, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    other = visitor().come_in(world.second(Role.COORDINATOR))
    forms = walker.forms(walker.come(visitor(), world), world)
    before = content(app)
    for form in forms:
        pages = form.page.pages
        forget_limits(app)
        for name, token in bad_tokens(other):
            page = pages.check(form.action, pages.client.post(form.action, data=_data(form, token)))
            assert page.status == 400, f"{form.action} with a {name} token: {page.status}"
            assert content(app) == before, f"{form.action} with a {name} token changed something"
            assert "alert-success" not in page.text


def _data(form: Form, token: str | None) -> dict[str, list[str]]:
    return {**without_token(form), **({} if token is None else {"csrf_token": [token]})}


def changed(form: Form) -> dict[str, list[str]]:
    """Return other values than the form has, for everything that people fill in."""
    sent: dict[str, list[str]] = {}
    for number, control in enumerate(form.controls):
        name, kind = str(control.get("name")), control.get("type", "text")
        if control.tag == "select":
            options = [option.get("value", "") for option in control.iter("option")]
            sent[name] = [next(o for o in reversed(options) if [o] != form.values[name])]
        elif kind == "checkbox":
            ticked = control.get("checked") is not None
            sent.setdefault(name, []).extend([] if ticked else [control.get("value", "on")])
        elif kind in {"date", "month"}:
            sent[name] = [f"2031-05-{number % 28 + 1:02}" if kind == "date" else "2031-05"]
        # Nobody types into the field of a file, which no page can fill in; a password is never
        # shown again.
        elif kind not in {"hidden", "password", "radio", "file"} and not _is_code(control):
            sent[name] = [f"typed{number}@example.org" if kind == "email" else f"typed {number}"]
    return sent


def lost(page: Page, sent: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what of `sent` no form of the page shows as it was sent."""
    shown = [form.values for form in page.forms]
    return {
        name: values
        for name, values in sent.items()
        if not any(sorted(form.get(name, [])) == sorted(values) for form in shown)
    }


@each_walker
def test_what_was_typed_is_kept_when_the_token_is_refused(
    walker: Walker, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = walker.come(visitor(), world)
    for form in walker.forms(pages, world):
        if not (typed := changed(form)):
            continue
        sent = {**hidden(form), **typed, "csrf_token": ["wrong"]}
        page = pages.check(form.action, pages.client.post(form.action, data=sent))
        assert page.status == 400
        assert not lost(page, typed), f"{form.action} lost {lost(page, typed)}"
        assert STALE_PAGE in page.text, f"{form.action} does not say why"


@each_walker
def test_the_token_of_ones_own_session_is_taken(
    walker: Walker, world: factories.World, visitor: Callable[[], Pages],
    rewind: Callable[[], None],
) -> None:  # fmt: skip
    """Without this, a platform that refuses every token would pass the tests above."""
    pages = walker.come(visitor(), world)
    done = 0
    for form in walker.forms(pages, world):
        rewind()
        sent = _data(form, pages.own_token())
        page = pages.check(form.action, pages.client.post(form.action, data=sent))
        assert STALE_PAGE not in page.text, form.action
        done += page.status < 400
    assert done or walker.stays


def test_every_endpoint_that_takes_a_post_was_tried(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    urls = app.url_map.bind("localhost")
    tried = {"security.login"}
    for walker in WALKERS:
        for form in walker.forms(walker.come(visitor(), world), world):
            tried.add(urls.match(urlsplit(form.action).path, "POST")[0])
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts - tried == WITHOUT_FORM


def test_what_no_walk_reaches_refuses_a_missing_token_as_well(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    people = [visitor(), *(visitor().sign_in(world.first(role)) for role in Role)]
    before = content(app)
    for pages in people:
        for address in addresses(app, world):
            if address.endpoint in WITHOUT_FORM and "POST" in address.methods:
                answer = pages.client.post(address.url)
                assert answer.status_code >= 300, address
                answer.close()
    assert content(app) == before


def test_a_forged_sign_in_signs_nobody_in(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    sent = {"email": world.first(Role.ADMINISTRATOR).email, "password": factories.PASSWORD}
    for _, token in bad_tokens(visitor()):
        pages = visitor()
        pages.get("/login")  # Without a session every token would be refused as one of no session.
        data = {**sent, **({} if token is None else {"csrf_token": token})}
        page = pages.check("/login", pages.client.post("/login", data=data))
        assert page.status == 400
        assert sent["email"] in page.form("Sign in").values["email"]
        pages.get("/accounts", status=302)


def test_a_forged_sign_out_signs_nobody_out(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(world.first(Role.ADMINISTRATOR))
    for _, token in bad_tokens(visitor().sign_in(world.second(Role.ADMINISTRATOR))):
        pages.post("/logout", token=token, status=400)
        pages.get("/accounts")
    pages.post("/logout")
    pages.get("/accounts", status=302)


def test_json_is_refused_because_its_token_could_not_be_checked(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(world.first(Role.REQUESTER))
    before = content(app)
    response = pages.client.post(
        "/requests/new", json={"title": "Forged"}, headers={"X-CSRFToken": pages.own_token()}
    )
    assert pages.check("/requests/new", response).status == 415
    assert content(app) == before


@pytest.mark.parametrize("path", ["/my-data/copy", "/my-data/document"])
def test_no_file_is_given_to_a_form_without_a_token(
    path: str, sign_in_as: Callable[..., Pages]
) -> None:
    pages = sign_in_as(Role.REQUESTER)
    page = pages.post(path, token=None, status=400)
    assert page.heading == "This could not be understood"
    assert page.response.mimetype == "text/html"
    assert "Content-Disposition" not in page.response.headers
