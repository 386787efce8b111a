"""Browsers in which somebody has signed in: what strangers try does not keep their owners out.

At a sign-in the browser is given a cookie that names the account, unreadable to all but us. Tries
of a browser that shows it are counted by themselves (throttling.py). It is worth nothing for other
accounts, and ends with what ends all sessions of its own: a new password, other roles, disabling.
Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request

from webapp.accounts.models import Account
from webapp.core import ciphers, clock
from webapp.core.db import db

LIFETIME = timedelta(days=180)
PURPOSE = "known browser"


@dataclass(frozen=True)
class KnownBrowser:
    """The account that has signed in in a browser, and the number drawn at that sign-in."""

    account_id: int
    number: str


def _name() -> str:
    bound = current_app.config["SESSION_COOKIE_SECURE"]
    return "__Host-known-browser" if bound else "known-browser"


def remember(account: Account) -> None:
    """Let the answer to this request make its browser known for `account`."""
    g.known_browser = f"{account.fs_uniquifier} {secrets.token_urlsafe(16)}"


def find(email: str) -> KnownBrowser | None:
    """Return what is known of this browser, if the owner of the address has signed in in it."""
    shown = _shown()
    return shown[0] if shown and shown[1] == email else None


def find_of(account_id: int) -> KnownBrowser | None:
    """Return what is known of this browser, if the owner of the account has signed in in it."""
    shown = _shown()
    return shown[0] if shown and shown[0].account_id == account_id else None


def _shown() -> tuple[KnownBrowser, str] | None:
    """Return what the cookie of this browser tells, with the address of its account.

    Only who shows a cookie of ours makes the database look, and for every address alike.
    """
    text = ciphers.decrypt(
        request.cookies.get(_name(), "").encode("utf-8", "replace"),
        secrets=ciphers.installed_secrets(),
        purpose=PURPOSE,
        now=clock.now(),
        lifetime=LIFETIME,
    )
    if text is None:
        return None
    uniquifier, number = text.split(" ")
    chosen = sa.select(Account.id, Account.email).where(Account.fs_uniquifier == uniquifier)
    # A connection of its own: what is counted next could not be seen in a transaction begun before.
    with db.engine.connect() as connection:
        row = connection.execute(chosen).first()
    return (KnownBrowser(row.id, number), row.email) if row else None


def _give(response: Response) -> Response:
    text: str | None = g.get("known_browser")
    if text is not None and response.status_code < 400:
        cookie = ciphers.encrypt(
            text, secrets=ciphers.installed_secrets(), purpose=PURPOSE, now=clock.now()
        )
        response.set_cookie(
            _name(),
            cookie.decode(),
            max_age=LIFETIME,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def init_app(app: Flask) -> None:
    """Give browsers of `app` their cookie when what was done in them is committed."""
    app.after_request(_give)
