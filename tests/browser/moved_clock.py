"""The platform on a day that a test chooses: `gunicorn tests.browser.moved_clock:app`.

`webapp.core.clock` is the one place that reads the time, so all that the platform says, refuses and
notes goes by what it answers. Sessions end with the days, so people sign in anew; the cookies of
their browsers go by the real time.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from webapp.core import clock

OPENS = time(8)
_read_clock = clock.now
_file = Path(os.environ.get("INSTANCE", "."), "moved-clock")


def move_to(instance: Path, day: date) -> None:
    """Let it be the morning of a day for the server of an installation, from now on."""
    moved = datetime.combine(day, OPENS, UTC) - _read_clock()
    # A server that reads meanwhile finds the old day or the new one.
    written = instance / "moved-clock.new"
    written.write_text(str(moved.total_seconds()), "ascii")
    written.replace(instance / "moved-clock")


def _now() -> datetime:
    return _read_clock() + timedelta(seconds=float(_file.read_text("ascii")))


if _file.exists():
    clock.now = _now
    from wsgi import app  # noqa: F401 - gunicorn takes it from here.
