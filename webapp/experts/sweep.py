"""Every minute: what processes of the version before did with profiles while an upgrade lasted is
noted on its side; they do not know that it has to be (decision 108)."""

from functools import partial

from webapp.core.record.acts import LATEST
from webapp.core.sweeps import catch_up
from webapp.experts import sides


def note_acts() -> None:
    """Note for which side people have acted where that is missing; call it in an application
    context."""
    catch_up(partial(sides.list_missing, among_latest=LATEST), sides.write)
