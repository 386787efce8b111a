"""People whose session ends while they write."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests.databases import reading
from tests.factories import PASSWORD
from tests.pages import Form, Page
from webapp.kept_texts.models import KeptText

LONG = timedelta(hours=3)
TEXTS = ("text", "search", "email", "url", "tel")


def send_too_late(form: Form, values: dict[str, Any], button: str | None = None) -> Page:
    """Send the form without a session and return the page that follows."""
    form.page.pages.client.delete_cookie("session")
    return form.page.pages.post(form.action, form.filled(values, button), token=None)


def sign_in_again(page: Page, account: Any) -> Page:
    """Sign in on the page to which an ended session leads, and return the page after it."""
    assert page.heading == "Sign in", page.text
    return page.submit("Sign in", {"email": account.email, "password": PASSWORD})


def address_of_kept(page: Page) -> str:
    """Return the address of a kept text from the sign-in that leads to it."""
    action = page.form("Sign in").action
    assert "next=" in action
    return action.partition("next=")[2].replace("%2F", "/")


def text_names(form: Form) -> list[str]:
    """Return the names of the fields that people write in; a code is good for a moment only, and
    nothing is kept that was sent along with a password."""
    if any(control.get("type") == "password" for control in form.controls):
        return []
    return [
        str(control.get("name"))
        for control in form.controls
        if control.get("autocomplete") != "one-time-code"
        and (
            control.tag == "textarea"
            or (control.tag == "input" and control.get("type", "text") in TEXTS)
        )
    ]


def number_kept(app: Flask) -> int:
    """Return how many texts are kept."""
    with reading(app) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(KeptText)) or 0
