"""What people do on pages with a passkey, or with an application that shows codes: add it, sign in
by it, show it anew."""

import json
from typing import Any

from flask import Flask

from tests.authenticator import Authenticator
from tests.pages import Form, Page, Pages


def ceremony(page: Page) -> tuple[Form, dict[str, Any]]:
    """Return the form that a passkey's answer is sent by, and what it is asked."""
    (form,) = (one for one in page.forms if one.element.get("data-passkey"))
    return form, json.loads(form.element.get("data-options", ""))


def answer(pages: Pages, form: Form, said: str) -> Page:
    """Send what a passkey has said, with the token of this visitor's own session."""
    values = {**form.values, "credential": [said], "csrf_token": [pages.own_token()]}
    return pages.check(form.action, pages.client.post(form.action, data=values))


def begin_adding(
    pages: Pages, usage: str = "first", name: str = "Phone"
) -> tuple[Form, dict[str, Any]]:
    """Begin to add a passkey."""
    values = {"name": name, "usage": usage}
    return ceremony(pages.post("/wan-register", values, status=200))


def add(
    pages: Pages, usage: str = "first", *, verifies: bool = True, name: str = "Phone"
) -> Authenticator:
    """Add a passkey to the account of somebody who is signed in."""
    passkey = Authenticator(verifies=verifies)
    form, asked = begin_adding(pages, usage, name)
    answer(pages, form, passkey.create(asked))
    return passkey


def begin_signing_in(pages: Pages) -> tuple[Form, dict[str, Any]]:
    """Begin to sign in by a passkey, alone or after the password."""
    return ceremony(pages.post("/wan-signin", {}, status=200))


def show_again(pages: Pages, passkey: Authenticator, *, then: str = "/account") -> Page:
    """Show again who one is by a passkey, and return the page that it leads to."""
    form, asked = ceremony(pages.post(f"/wan-verify?next={then}", {}, status=200))
    answer(pages, form, passkey.get(asked))
    return pages.get(then)


def code_of(app: Flask, secret: str) -> str:
    """Return what the person's application shows now."""
    with app.app_context():
        return str(app.extensions["security"].totp_factory.generate_totp_password(secret))


def set_up_codes(app: Flask, pages: Pages) -> Page:
    """Set up codes of an application."""
    page = pages.get("/account/authenticator")
    with pages.client.session_transaction() as session:
        secret = session["totp_secret_to_be_confirmed"]
    return page.submit("Confirm", {"Code of six digits": code_of(app, secret)})
