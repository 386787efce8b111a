"""Every minute: what processes of the version before did on requests while an upgrade lasted is
noted on its side; they do not know that it has to be (decision 108)."""

from webapp.core.transactions import sweep_out
from webapp.expertise_requests import sides

# More than are written while an upgrade lasts.
_LATEST = 10_000


def note_acts() -> None:
    """Note for which side people have acted where that is missing; call it in an application
    context."""
    sweep_out(
        lambda session, _now: bool(sides.list_missing(session, among_latest=_LATEST)),
        lambda session, _now: sides.write(
            session, sides.list_missing(session, among_latest=_LATEST)
        ),
    )
