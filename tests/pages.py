"""A visitor of the platform who checks every page they get.

    page = sign_in_as(Role.REQUESTER).get("/requests")
    page = page.submit("Save", {"Title": "…"})        # the form with that button, by label or name
    page = pages.post("/requests/1/submit", {"version": "1"}, status=409)

Each answer must have the security headers, and each HTML page must keep the rules of tests/html.py.
Redirects after a POST are followed unless a status is asked for.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit
from xml.etree.ElementTree import Element

import flask
from flask import Flask
from flask_security import login_user
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from tests import html
from tests.drawn_pages import saying_when_drawn
from tests.factories import PASSWORD
from webapp.accounts.models import Account
from webapp.core.sent_fields import DRAWN_AT
from webapp.core.transactions import transaction

VALID = "the token of this visitor's own session"
Values = Mapping[str, Any]
# What a label says of its field besides the name.
NOTE = re.compile(r"\((optional|needed before you send it)\)$")


@dataclass
class Form:
    """A form as a browser sees it: what it would send if nothing were changed."""

    page: "Page"
    element: Element

    @property
    def method(self) -> str:
        """Return GET or POST."""
        return self.element.get("method", "get").upper()

    @property
    def action(self) -> str:
        """Return the address that the form is sent to."""
        target = urlsplit(
            urljoin(f"http://localhost{self.page.url}", self.element.get("action", ""))
        )
        return f"{target.path}?{target.query}" if target.query else target.path

    @property
    def controls(self) -> list[Element]:
        """Return the fields of the form, without buttons, also those that stand beside it."""
        own = self.element.get("id")
        beside = [other for other in self.page.tree.iter() if own and other.get("form") == own]
        return [
            element
            for element in (*self.element.iter(), *beside)
            if element.tag in html.CONTROLS
            and element.get("name")
            and element.get("type") not in {"submit", "button", "reset", "image"}
        ]

    @property
    def buttons(self) -> list[Element]:
        """Return the buttons that send the form."""
        return [
            element
            for element in self.element.iter()
            if (element.tag == "button" and element.get("type", "submit") == "submit")
            or (element.tag == "input" and element.get("type") == "submit")
        ]

    @property
    def values(self) -> dict[str, list[str]]:
        """Return what a browser would send, by name."""
        sent: dict[str, list[str]] = {}
        for control in self.controls:
            if control.get("disabled") is None:
                sent.setdefault(str(control.get("name")), []).extend(_values_of(control))
        return sent

    def name_of(self, label: str) -> str:
        """Return the name of the field that `label` names; names are accepted as well."""
        names = {str(control.get("name")) for control in self.controls}
        if label in names:
            return label
        found = {
            str(control.get("name"))
            for control in self.controls
            if NOTE.sub("", self.page.labels.of(control)).strip() == label
        }
        assert len(found) == 1, f"{len(found)} fields are labelled “{label}”; there are {names}"
        return found.pop()

    def filled(self, values: Values, button: str | None = None) -> dict[str, list[str]]:
        """Return what is sent when somebody fills in `values` and presses `button`."""
        sent = self.values
        for label, value in values.items():
            name = self.name_of(label)
            sent[name] = _as_list(value)
        for element in self.buttons:
            if element.get("name") and button in {None, html.text_of(element)}:
                sent[str(element.get("name"))] = [element.get("value", "")]
                break
        return sent


def _as_list(value: Any) -> list[str]:
    if value is None or value is False:
        return []
    if value is True:
        return ["y"]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(item) for item in value]
    return [str(value)]


def _values_of(control: Element) -> list[str]:
    if control.tag == "textarea":
        # The parser leaves out the line break after the tag, as browsers do.
        return ["".join(control.itertext())]
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        if not chosen and control.get("multiple") is None:
            chosen = options[:1]
        return [option.get("value", html.text_of(option)) for option in chosen]
    if control.get("type") in {"checkbox", "radio"}:
        return [control.get("value", "on")] if control.get("checked") is not None else []
    return [control.get("value", "")]


@dataclass
class Page:
    """One answer, and for HTML its tree."""

    pages: "Pages"
    url: str
    response: TestResponse
    tree: Element = field(repr=False)

    @property
    def status(self) -> int:
        """Return the status of the answer."""
        return self.response.status_code

    @cached_property
    def labels(self) -> html.Labels:
        """Return what names the controls of the page."""
        return html.Labels(self.tree)

    @property
    def text(self) -> str:
        """Return what the page says, spaces made single."""
        return html.text_of(self.tree.find("body"))

    @property
    def heading(self) -> str:
        """Return the main heading."""
        return html.text_of(next(self.tree.iter("h1"), None))

    @property
    def forms(self) -> list[Form]:
        """Return the forms of the page but the one that signs out."""
        forms = [Form(self, element) for element in self.tree.iter("form")]
        return [form for form in forms if form.action != "/logout"]

    @property
    def links(self) -> dict[str, str]:
        """Return addresses by the words of the links."""
        return {html.text_of(a): a.get("href", "") for a in self.tree.iter("a")}

    @property
    def addresses(self) -> list[str]:
        """Return the addresses of all links, for links with the same words there may be several."""
        return [a.get("href", "") for a in self.tree.iter("a")]

    @property
    def errors(self) -> dict[str, str]:
        """Return the messages at fields, by the field's id."""
        return {
            str(element.get("id")).removesuffix("-error"): html.text_of(element)
            for element in self.tree.iter()
            if str(element.get("id", "")).endswith("-error")
        }

    @property
    def token(self) -> str:
        """Return the CSRF token of the page, or nothing."""
        for element in self.tree.iter("input"):
            if element.get("name") == "csrf_token":
                return element.get("value", "")
        return ""

    def form(self, button: str = "", *, action: str = "") -> Form:
        """Return the one form with a button of these words, or that is sent to this address."""
        found = [
            form
            for form in self.forms
            if (not button or button in map(html.text_of, form.buttons))
            and (not action or urlsplit(form.action).path == action)
        ]
        known = [[html.text_of(b) for b in form.buttons] + [form.action] for form in self.forms]
        assert len(found) == 1, f"{len(found)} forms fit “{button}{action}” of {known}"
        return found[0]

    def submit(
        self, button: str, values: Values | None = None, *, action: str = "",
        status: int | None = None,
    ) -> "Page":  # fmt: skip
        """Fill in the form that has `button` and send it."""
        form = self.form(button, action=action)
        sent = form.filled(values or {}, button)
        if form.method == "GET":
            return self.pages.get(form.action, query=sent)
        if DRAWN_AT in form.values:
            return self.pages.post(form.action, sent, token=None, status=status)
        with saying_when_drawn(self.pages.app, form.action):
            return self.pages.post(form.action, sent, token=None, status=status)

    def follow(self, words: str) -> "Page":
        """Go to the link with these words."""
        return self.pages.get(urljoin(self.url, self.links[words]))


class Pages:
    """A visitor with cookies of their own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.token = ""
        self.wordiness = 1
        self.first: tuple[dict[str, Any], str] | None = None

    def sign_in(self, account: Any, password: str = PASSWORD) -> "Pages":
        """Sign in through the real page; `account` is a row or an address."""
        email = account if isinstance(account, str) else account.email
        # The page that follows is nobody's matter here, and would take half of the time.
        login = self.get("/login")
        login.submit("Sign in", {"email": email, "password": password}, status=302)
        self.token = ""
        return self

    def come_in(self, account: Account | None) -> "Pages":
        """Be signed in as by the page of the sign-in, in a small part of the time it takes."""
        assert account is not None, "an expert without an account cannot sign in"
        # A context of its own, as a request has: a test may read by a session meanwhile.
        with self.app.app_context(), self.app.test_request_context("/login", method="POST"):
            with transaction() as session:
                login_user(session.get_one(Account, account.id), authn_via=["password"])
            self.token = generate_csrf()
            held = dict(flask.session)
        with self.client.session_transaction() as cookie:
            cookie.clear()
            cookie.update(held)
        return self

    def come_back(self) -> None:
        """Hold the session again that was held at the first call, however it has ended since."""
        if self.first is None:
            token = self.own_token()
            with self.client.session_transaction() as session:
                self.first = dict(session), token
            return
        held, self.token = self.first
        with self.client.session_transaction() as session:
            session.clear()
            session.update(held)

    def get(self, url: str, *, status: int = 200, query: Values | None = None) -> Page:
        """Get a page; redirects are followed unless one is asked for."""
        response = self.client.get(url, query_string=query)
        return self._settle(url, response, status, follow=not 300 <= status < 400)

    def post(
        self,
        url: str,
        values: Values | None = None,
        *,
        token: str | None = VALID,
        status: int | None = None,
    ) -> Page:
        """Send a form; `token` is None for none at all, or any text instead of the valid one.

        Without a `status` the redirect of a success is followed, and a refusal fails the test.
        """
        data = {name: _as_list(value) for name, value in (values or {}).items()}
        if token == VALID:
            token = self.own_token()
        if token is not None:
            data["csrf_token"] = [token]
        response = self.client.post(url, data=data)
        return self._settle(url, response, status or 200, follow=status is None)

    def own_token(self) -> str:
        """Return a CSRF token that is good for this visitor."""
        if not self.token:
            self.get("/login")
        return self.token

    def _settle(self, url: str, response: TestResponse, status: int, *, follow: bool) -> Page:
        page = self.check(url, response)
        for _ in range(5):
            if not follow or not 300 <= response.status_code < 400:
                break
            url = urljoin(url, response.headers["Location"])
            response = self.client.get(url)
            page = self.check(url, response)
        assert page.status == status, f"{url}: {page.status}, {page.text[:600]}"
        return page

    def check(self, url: str, response: TestResponse) -> Page:
        """Check headers and HTML of an answer and return it as a page."""
        found = header_faults(response, public=url.startswith(("/static/", "/bootstrap/")))
        if 300 <= response.status_code < 400 and not self.resolves(_local(url, response), "GET"):
            found.append(f"redirect to {response.headers['Location']}")
        is_text = (response.mimetype or "").startswith("text/")
        text = response.get_data(as_text=True) if is_text else ""
        document = html.parse(text)
        response.close()
        redirects = 300 <= response.status_code < 400
        silent = redirects or response.request.method in {"HEAD", "OPTIONS"}
        silent = silent or response.status_code == 204
        if response.mimetype == "text/html" and not silent:
            # What was typed is kept on the page, however long it is.
            largest = self.wordiness * html.LARGEST + 2 * (response.request.content_length or 0)
            path = urlsplit(url).path
            found.extend(html.faults(document, path, self.resolves, largest=largest))
        assert not found, f"{response.request.method} {url}: " + "; ".join(found)
        page = Page(self, url, response, document.tree)
        self.token = page.token or self.token
        return page

    def resolves(self, path: str, method: str) -> bool:
        """Tell whether the platform has something at `path` for `method`."""
        try:
            endpoint, arguments = self.app.url_map.bind("localhost").match(path, method)
        except RequestRedirect:
            return True
        except (NotFound, MethodNotAllowed, HTTPException):
            return False
        if endpoint in {"static", "bootstrap.static"}:
            owner = self.app if endpoint == "static" else self.app.blueprints["bootstrap"]
            return Path(str(owner.static_folder), arguments["filename"]).is_file()
        return True


def _local(url: str, response: TestResponse) -> str:
    """Return the path that a redirect leads to, or nothing if it leaves the platform."""
    target = urlsplit(urljoin(f"http://localhost{url}", response.headers["Location"]))
    return target.path if target.netloc == "localhost" else ""


def header_faults(response: TestResponse, *, public: bool) -> list[str]:
    """Return a sentence for each security header that is missing or weak."""
    headers = response.headers
    found = _policy_faults(headers.get("Content-Security-Policy", ""))
    expected = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
    if not public:
        expected["Cache-Control"] = "no-store"
    for name, value in expected.items():
        if headers.get(name) != value:
            found.append(f"{name} is {headers.get(name)!r} and not {value!r}")
    for cookie in headers.getlist("Set-Cookie"):
        if "HttpOnly" not in cookie or "SameSite" not in cookie:
            found.append(f"cookie without protection: {cookie.partition('=')[0]}")
    return found


def _policy_faults(given: str) -> list[str]:
    policy = dict(part.strip().partition(" ")[::2] for part in given.split(";"))
    found = []
    if "unsafe" in given or "default-src" not in policy:
        found.append(f"weak Content-Security-Policy {policy}")
    if elsewhere := set(" ".join(policy.values()).split()) - {"'self'", "'none'", "data:"}:
        found.append(f"something may be loaded from {elsewhere}")
    if policy.get("frame-ancestors") != "'none'" or policy.get("form-action") != "'self'":
        found.append("frames or foreign forms are allowed")
    return found


def arguments_of(url: str) -> dict[str, str]:
    """Return the query of an address."""
    return dict(parse_qsl(urlsplit(url).query))
