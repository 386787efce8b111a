"""Signing in and out, by Flask-Security's parts."""

from typing import Any

from flask import Flask, g, session
from flask_security import FSQLALiteUserDatastore, LoginForm, Security, user_authenticated
from flask_security.forms import EmailValidation
from wtforms import EmailField
from wtforms.validators import InputRequired

from webapp.accounts.models import Account, RoleRow
from webapp.core.db import db
from webapp.core.fields import given
from webapp.core.text_rules import trimmed, without_blanks


class Datastore(FSQLALiteUserDatastore):
    """Flask-Security's access to accounts, without its own commit: core/transactions.py commits."""

    def commit(self) -> None:
        """Leave the commit to the end of the request."""


class SignInForm(LoginForm):
    """Flask-Security's form without the box that would keep people signed in for a year."""

    remember = None
    email = EmailField(
        filters=[given(without_blanks)],
        validators=[InputRequired(), EmailValidation(verify=False)],
    )

    def validate(self, **kwargs: Any) -> bool:
        """Try the password as it was typed, then without the blanks that were pasted with it.

        The second try costs as much for an account that does not exist: what is tried depends on
        the password alone.
        """
        typed = self.password.data or ""
        if super().validate(**kwargs):
            return True
        if self.user_authenticated or trimmed(typed) in {typed, ""}:
            return False
        self.password.data = trimmed(typed)
        return bool(super().validate(**kwargs))


def _renew_token(_app: Flask, **_: Any) -> None:
    """Forget the token from before the sign-in: whoever planted that cookie knows it."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def init_app(app: Flask) -> None:
    """Let people of `app` sign in on its page and by nothing else: no bearer tokens, no JSON."""
    security = Security(app, Datastore(db, Account, RoleRow), login_form=SignInForm)
    security.want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    user_authenticated.connect(_renew_token, app)
