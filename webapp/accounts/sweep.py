"""Deleting what nobody needs any more: sessions that are over, and counters of tries."""

from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from webapp.accounts import operations, queries
from webapp.core import limits
from webapp.core.sweeps import sweep_out


def delete_due() -> None:
    """Delete what is over; call it in an application context."""
    sweep_out(_is_any_over, _delete_over)


def _is_any_over(session: Session, now: datetime) -> bool:
    return queries.is_any_session_over(session, *_times(now)) or limits.is_any_over(session, now)


def _delete_over(session: Session, now: datetime) -> None:
    operations.delete_old_sessions(session, *_times(now))
    limits.delete_over(session, now)


def _times(now: datetime) -> tuple[datetime, datetime]:
    """Return before when a session began, or was last used, that is over."""
    return now - current_app.config["SESSION_LIMIT"], now - current_app.config["SESSION_IDLE"]
