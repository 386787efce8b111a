"""Refused access leaves an event: who tried what from where, no more than once a minute."""

from http import HTTPStatus

from flask import Flask, Response, current_app, request
from flask_security import current_user

from webapp.core import clock, limits
from webapp.core.access import Permission, actor, permission_of
from webapp.core.db import db
from webapp.core.limits import Limit
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.transactions import leaving, transaction
from webapp.core.unit_of_work import UnitOfWork

REFUSED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS})
ONCE = Limit("refusals that are recorded", "1/minute")


def _record(_app: Flask, response: Response) -> None:
    endpoint = request.endpoint
    if response.status_code not in REFUSED or endpoint is None:
        return
    if permission_of(current_app, endpoint) is Permission.PUBLIC:
        return
    if not current_user.is_authenticated:
        return
    who, account = actor(), current_user._get_current_object()
    # On SQLite the counter would wait for what this has read.
    db.session.rollback()
    if limits.count(ONCE, str(who.id), endpoint):
        return
    with transaction() as session:
        work = UnitOfWork(session, who, clock.now())
        audit.record(
            work, Action.ACCESS_REFUSED, account,
            status=response.status_code, method=request.method, page=endpoint, things=_things(),
        )  # fmt: skip


def _things() -> dict[str, int]:
    """Return the numbers in the address; words in it may be secrets, such as tokens."""
    arguments = request.view_args or {}
    return {name: value for name, value in arguments.items() if isinstance(value, int)}


def init_app(app: Flask) -> None:
    """Record what is refused to people who have signed in."""
    leaving.connect(_record, app)
