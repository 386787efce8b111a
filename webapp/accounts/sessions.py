"""Sessions are kept on the server: a cookie is worth something only while its row is there.

A session ends some time after its last request, at the latest some hours after the sign-in, and at
once with the sign-out or when its row is deleted: with a new password, other roles, or because
somebody ended it. What was under way in it at that moment is refused. The cookie holds a token,
signed as all that Flask keeps in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, flash, g, request, session
from flask_login import user_logged_out
from flask_security import user_authenticated

from webapp.accounts import known_browsers, operations, rules
from webapp.accounts.models import Account, AccountSession
from webapp.core import ciphers, clock, origins
from webapp.core.access import Permission, permission_of
from webapp.core.db import db, writing_apart
from webapp.core.errors import ConflictError
from webapp.core.monitoring import room
from webapp.core.transactions import sealed
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _, gettext

TOKEN, USER = "session_token", "_user_id"
# Files and questions of machines keep nobody signed in, and need not know who asks.
NO_ACTIVITY = frozenset(
    {"static", "bootstrap.static", "home.healthz", "home.readyz", "home.metrics"}
)
# The last use is written down no more often than this, so that reading seldom writes.
PRECISION = timedelta(minutes=1)


@dataclass(frozen=True)
class Current:
    """The session of this request, as its row was when the request came."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    organisation_id: int | None


def work_of(account: Account) -> UnitOfWork:
    """Return what an operation is given by somebody who signs in or out in this very request."""
    return UnitOfWork(db.session, account.as_actor(origins.address()), clock.now())


def begin(account: Account, ways: Iterable[str]) -> None:
    """Begin a session of `account` in this browser, with a token that nobody has seen before.

    Raises ConflictError for somebody of the demo where people are real: a database can be put there
    while processes run, and those people's passwords are on display.
    """
    if account.demo and current_app.config["PRODUCTION"]:
        raise ConflictError(_("This is an account of the demonstration, and opens nothing here."))
    session[USER] = account.get_id()  # It changes when all sessions of an account end.
    session[TOKEN] = operations.begin_session(
        work_of(account),
        account,
        browser=request.user_agent.string,
        how=", ".join(ways),
    )
    now = clock.now()
    g.account_session = Current(0, now, now, account.organisation_id)
    known_browsers.remember(account)


def _begin(_app: Flask, *, user: Account, authn_via: list[str] | None = None, **_: Any) -> None:
    begin(user, authn_via or ["second factor"])


def _end(_app: Flask, *, user: Account, **_: Any) -> None:
    token = session.pop(TOKEN, None)
    if token:
        operations.sign_out(work_of(user), user, token)
    forget()


def _limits() -> dict[str, timedelta]:
    config = current_app.config
    return {"idle": config["SESSION_IDLE"], "limit": config["SESSION_LIMIT"]}


def _find(token: str, uniquifier: str) -> Any:
    """Return the row of this session if it is still good.

    It is read by a connection of its own: the transaction of the request begins after this, and
    what it does there decides how.
    """
    chosen = (
        sa.select(
            AccountSession.id,
            AccountSession.created_at,
            AccountSession.last_seen_at,
            Account.organisation_id,
        )
        .join(Account, Account.id == AccountSession.account_id)
        .where(
            AccountSession.token_hash == ciphers.hash_of(token),
            Account.active,
            Account.fs_uniquifier == uniquifier,
            # Nobody of the demo is let in where people are real, not even who came in before.
            ~Account.demo if current_app.config["PRODUCTION"] else sa.true(),
        )
    )
    with db.engine.connect() as connection:
        row = connection.execute(chosen).first()
    if row is None or rules.is_over(row.created_at, row.last_seen_at, clock.now(), **_limits()):
        return None
    return row


def _note_use(session_id: int, now: datetime) -> None:
    changed = (
        sa.update(AccountSession)
        .where(AccountSession.id == session_id, AccountSession.last_seen_at < now)
        .values(last_seen_at=now)
    )
    # On a full disk people go on reading; what was used and is not noted ends earlier.
    with room.left_out_if_full(), writing_apart() as connection:
        connection.execute(changed)


def _recognise() -> None:
    if request.endpoint in NO_ACTIVITY or USER not in session:
        return
    row = _find(str(session.get(TOKEN, "")), session[USER])
    if row is None:
        forget()
        g.session_is_over = True
        return
    now, last_seen_at = clock.now(), row.last_seen_at
    if now - last_seen_at >= min(PRECISION, _limits()["idle"] / 10):
        _note_use(row.id, now)
        last_seen_at = now
    g.account_session = Current(row.id, row.created_at, last_seen_at, row.organisation_id)


def _say_that_it_is_over() -> None:
    """Tell whoever is led to the sign-in, or comes to it, that they were signed out.

    The sentence is one for all that ends a session: whoever holds a cookie that was stolen learns
    neither why it is worth nothing nor what its owner did. What was sent in a session that is over
    is told where it is kept (kept_texts/).
    """
    if not g.get("session_is_over"):
        return
    stated = permission_of(current_app, request.endpoint or "")
    signs_in = request.endpoint == "security.login"
    if request.method == "GET" and stated and (signs_in or stated is not Permission.PUBLIC):
        flash(gettext("You were signed out: your session is over. Please sign in again."), "error")


def forget() -> None:
    """Let this browser be a stranger's; what its person did until now is kept."""
    session.clear()
    g.pop("account_session", None)


def _ended() -> ConflictError:
    return ConflictError(
        _("Your session was ended while this was on its way, so nothing was changed.")
    )


def hold() -> None:
    """Let nobody end this session until what is done in it is committed.

    Call it before one session takes the place of another. Raises ConflictError if it has ended.
    """
    held = sa.select(AccountSession.id).where(AccountSession.id == current_id()).with_for_update()
    if db.session.scalar(held) is None:
        raise _ended()


def _refuse_what_has_ended(_app: Flask) -> None:
    """Refuse to commit what was sent in a session that somebody has ended in the meantime, or as a
    member of an organisation that the person is not in any more.

    Whoever does either writes into the audit log, and has committed or waits for this request.
    """
    begun: Current | None = g.get("account_session")
    if begun is None or not begun.id:  # A stranger, or a session that begins with this request.
        return
    here = (
        sa.select(Account.organisation_id).join(AccountSession).where(AccountSession.id == begun.id)
    )
    found = db.session.execute(here).one_or_none()
    if found is None:
        raise _ended()
    if found.organisation_id != begun.organisation_id:
        raise ConflictError(
            _(
                "While this was on its way somebody took you out of your organisation, or into one,"
                " so nothing was stored. Please load the page again."
            )
        )


def current_id() -> int | None:
    """Return the id of this request's session, if somebody has signed in."""
    found: Current | None = g.get("account_session")
    return found.id if found else None


def began_at() -> datetime:
    """Return when the session of this request began; for a stranger, now."""
    found: Current | None = g.get("account_session")
    return found.created_at if found else clock.now()


def idle_seconds() -> int:
    """Return after how many seconds without a request a session ends."""
    return int(_limits()["idle"].total_seconds())


def remaining() -> rules.Remaining:
    """Return when the session of this person ends if no request comes; for a stranger, now."""
    found: Current | None = g.get("account_session")
    if found is None:
        return rules.Remaining(0, extensible=False)
    return rules.remaining(found.created_at, found.last_seen_at, clock.now(), **_limits())


def tell_of_ends(app: Flask) -> None:
    """Tell people of `app` that they were signed out; call it when their language is known."""
    app.before_request(_say_that_it_is_over)


def init_app(app: Flask) -> None:
    """Let the sessions of `app` end, before anything else looks at who somebody is."""
    app.before_request(_recognise)
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)
    sealed.connect(_refuse_what_has_ended, app)
    app.jinja_env.globals.update(session_remaining=remaining, session_idle=idle_seconds)
