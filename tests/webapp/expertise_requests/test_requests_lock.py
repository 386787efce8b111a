"""On SQLite a form that is refused waits for nobody who writes."""

from collections.abc import Callable

from flask import Flask

from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role


def test_a_form_is_read_and_checked_before_the_lock_is_taken(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    requester = sign_in_as(Role.REQUESTER)
    requester.get("/requests/new").submit("Save as draft", {"Title": "Police training"})
    page = requester.get("/requests/1/edit")
    with writing(app):  # Somebody writes all the while.
        page.submit("Save as draft", {"First day": "soon"}, status=400)
