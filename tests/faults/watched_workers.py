"""The platform whose workers say who they are, and hash while a test looks at them.

`gunicorn tests.faults.watched_workers:app`. Each answer carries the number of its process, so that
a test knows whether both workers were met. While `hold` is set, whoever has the right to hash a
password keeps it, so that what others are answered meanwhile depends on no clock.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response

from webapp.accounts import hashing

HEADER = "X-Worker"
_folder = Path(os.environ.get("INSTANCE", "."))
_slot = hashing.slot


def hold(instance: Path) -> None:
    """Let whoever hashes from now on go on only after `release`."""
    (instance / "hold-hashing").touch()


def release(instance: Path) -> None:
    """Let them go on."""
    (instance / "hold-hashing").unlink()


def held(instance: Path) -> set[str]:
    """Return the workers in which a password was hashed, or is, since the hold began."""
    return {file.suffix for file in instance.glob("hashing.*")}


@contextmanager
def _watched(line: hashing.Line) -> Iterator[None]:
    with _slot(line):
        while (_folder / "hold-hashing").exists():
            (_folder / f"hashing.{os.getpid()}").touch()
            time.sleep(0.01)
        yield


def _say_who(answer: Response) -> Response:
    answer.headers[HEADER] = str(os.getpid())
    return answer


def _watch(watched: Flask) -> Flask:
    hashing.slot = _watched
    watched.after_request(_say_who)
    return watched


if os.environ.get("WATCHED_WORKERS"):
    from wsgi import app as _app

    app = _watch(_app)
