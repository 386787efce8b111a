"""Deleting drafts that were left lying."""

from webapp.core.sweeps import sweep_out
from webapp.curricula import operations, queries


def delete_due() -> None:
    """Delete what was kept long enough; call it in an application context."""
    sweep_out(queries.is_any_old, operations.delete_old)
