"""Reads a file that somebody sent in a process of its own, which may do nothing else."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from webapp.core.errors import TooOftenError
from webapp.core.files import bounded_program
from webapp.core.words.translation import _

PROGRAM = Path(bounded_program.__file__)
# A little more than the processor time that the readers allow themselves, and less than people
# wait.
SECONDS = 4.7
# Each takes a processor and memory for seconds; others are served meanwhile.
AT_ONCE = 2
_running = threading.BoundedSemaphore(AT_ONCE)


class BoundsError(Exception):
    """The program came to no answer; its argument is "too slow", "bomb" or "broken"."""


def run(reader: Path, data: bytes) -> dict[str, Any]:
    """Return what a reader (core/files/bounded_program.py) tells of `data`.

    Raises BoundsError, and TooOftenError while many files are read.
    """
    if not _running.acquire(blocking=False):
        raise TooOftenError(_("Other files are being read. Please try again in a minute."), 60)
    try:
        return _run(reader, data)
    finally:
        _running.release()


def _run(reader: Path, data: bytes) -> dict[str, Any]:
    # The answer is a file in memory: nothing of it comes to a disk, and a full one hinders nobody.
    with (
        tempfile.TemporaryDirectory() as folder,
        os.fdopen(os.memfd_create("answer"), "w+b") as told,
    ):
        try:
            # It gets nothing of the platform: no environment, no folder, no path to its packages.
            ended = subprocess.run(  # noqa: S603 - our own program.
                [sys.executable, "-I", "-B", str(PROGRAM), str(reader)],
                input=data,
                stdout=told,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                cwd=folder,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BoundsError("too slow") from None
        if ended.returncode == -signal.SIGXFSZ:
            raise BoundsError("bomb")
        if ended.returncode < 0:
            # The operating system has ended it for its time or its memory.
            raise BoundsError("too slow")
        told.seek(0)
        written = told.read()
    if ended.returncode or not written:
        raise BoundsError("broken")
    answer: dict[str, Any] = json.loads(written)
    return answer
