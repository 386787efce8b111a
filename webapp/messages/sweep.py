"""Deleting notices and mails that were kept long enough, and noting what is missing beside them."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core.sweeps import sweep_out
from webapp.messages import operations, queries


def delete_due() -> None:
    """Delete what was kept long enough; call it in an application context."""
    sweep_out(queries.is_any_old, operations.delete_old)


def note_people() -> None:
    """Note whom those notices name of which nobody has: they were there before this was noted, or
    a process of the version before has written them while an upgrade lasted (decision 132). Call it
    in an application context."""
    sweep_out(queries.is_any_unnoted, _note_batch)


def _note_batch(session: Session, _now: datetime) -> None:
    operations.note_people(session)
