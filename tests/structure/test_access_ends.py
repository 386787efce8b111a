"""Whoever is disabled, or loses a role, is out at the next request, whatever did it."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from tests import factories
from tests.pages import Pages
from webapp.core.db import db
from webapp.core.roles import Role


def test_a_disabled_account_is_out_at_once(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(world.first(Role.ADMINISTRATOR))
    pages.get("/accounts")
    with _engine(app).begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE account SET active = false WHERE id = {world.first(Role.ADMINISTRATOR).id}"  # noqa: S608
        )
    pages.get("/accounts", status=302)
    email = world.first(Role.ADMINISTRATOR).email
    page = visitor().get("/login")
    words = {"E-mail address": email, "Password": factories.PASSWORD}
    assert "This account is disabled" in page.submit("Sign in", words).text
    # Whoever does not know the password learns nothing.
    words["Password"] += "!"
    wrong = page.submit("Sign in", words).text
    assert "not right" in wrong
    assert "disabled" not in wrong


def test_a_role_that_is_taken_away_ends_at_the_next_request(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(world.first(Role.COORDINATOR))
    pages.get("/queue")
    with _engine(app).begin() as connection:
        connection.exec_driver_sql(
            f"DELETE FROM account_role WHERE account_id = {world.first(Role.COORDINATOR).id}"  # noqa: S608
        )
    pages.get("/queue", status=403)


def _engine(app: Flask) -> Any:
    with app.app_context():
        return db.engine
