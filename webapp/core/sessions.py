"""When a session ends: some time after its last request, at the latest some hours after sign-in.

The signature of the cookie holds when it was last renewed, and Flask refuses one that is too old;
the moment of the sign-in stands in the session.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, current_app, request, session
from flask_security import user_authenticated

from webapp.core import clock

SIGNED_IN_AT = "signed_in_at"
# Files and questions of machines keep nobody signed in.
NO_ACTIVITY = frozenset({"static", "bootstrap.static", "home.healthz", "home.readyz"})


def _begin(_app: Flask, **_: Any) -> None:
    session[SIGNED_IN_AT] = clock.now().isoformat()


def _time_left() -> timedelta:
    """Return how long a session may go on however busy it is: nothing if nobody knows its age."""
    if SIGNED_IN_AT not in session:
        return timedelta(0)
    signed_in_for = clock.now() - datetime.fromisoformat(session[SIGNED_IN_AT])
    limit: timedelta = current_app.config["SESSION_LIMIT"]
    return limit - signed_in_for


def idle_seconds() -> int:
    """Return after how many seconds without a request a session ends."""
    return int(current_app.permanent_session_lifetime.total_seconds())


def seconds_left() -> int:
    """Return after how many seconds the session of this person ends if no request comes."""
    return min(idle_seconds(), int(_time_left().total_seconds()))


def _end_if_over() -> None:
    if request.endpoint in NO_ACTIVITY:
        return
    if "_user_id" in session and _time_left() <= timedelta(0):
        session.clear()


def _renew(response: Response) -> Response:
    if request.endpoint not in NO_ACTIVITY and "_user_id" in session:
        session.modified = True  # It is signed anew, with the time of now.
    return response


def init_app(app: Flask) -> None:
    """Let the sessions of `app` end, before anything else looks at who somebody is."""
    app.before_request(_end_if_over)
    app.after_request(_renew)
    user_authenticated.connect(_begin, app)
    app.jinja_env.globals.update(session_seconds_left=seconds_left, session_idle=idle_seconds)
