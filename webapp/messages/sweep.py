"""Deleting notices and mails that were kept long enough, and noting what is missing beside them."""

from webapp.core.transactions import sweep_out
from webapp.messages import operations, queries


def delete_due() -> None:
    """Delete what was kept long enough; call it in an application context."""
    sweep_out(queries.is_any_old, operations.delete_old)


def note_people() -> None:
    """Note whom the notices name that processes of the version before wrote while an upgrade
    lasted; they do not know that it has to be (decision 108). Call it in an application context."""
    sweep_out(queries.is_any_unnoted, lambda session, _now: operations.note_people(session))
