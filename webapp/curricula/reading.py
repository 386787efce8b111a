"""Reads a file in a process of its own, which is ended when it takes longer than it may."""

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from webapp.core.errors import TooOftenError
from webapp.core.translation import Message, _
from webapp.curricula import extraction

PROGRAM = Path(extraction.__file__)
# A little more than the processor time that the program allows itself, and less than people wait.
SECONDS = 4.7
# Each takes a processor and memory for seconds; others are served meanwhile.
AT_ONCE = 2
_running = threading.BoundedSemaphore(AT_ONCE)

FAULTS: dict[str, Message] = {
    "too large": _("The file is larger than 5 MB. Please send a smaller one, without pictures."),
    "empty": _("The file is empty."),
    "another kind": _("This is no PDF, DOCX, ODT or TXT file, whatever its name says."),
    "locked": _("The file is protected by a password. Please save it without one."),
    "broken": _("The file is damaged and cannot be read. Please save it anew and try again."),
    "scanned": _(
        "The pages are pictures, as of a scanner: there is no text in them to read. Please send the"
        " file that was printed, or write your entries by hand."
    ),
    "too long": _("The file is longer than a curriculum: at most 60 pages are read."),
    "bomb": _("Unpacked, the file is far larger than a curriculum, so it was not opened."),
    "too slow": _(
        "Reading the file took too long, so it was stopped. Please save it as plain text and send"
        " that."
    ),
}


class UnreadableError(ValueError):
    """A file that cannot be read; `message` says why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.message = FAULTS[fault]


def read_text(data: bytes) -> str:
    """Return the text of a file. Raises UnreadableError, and TooOftenError while many are read."""
    if not _running.acquire(blocking=False):
        raise TooOftenError(_("Other files are being read. Please try again in a minute."), 60)
    try:
        return _read(data)
    finally:
        _running.release()


def _read(data: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        try:
            # It gets nothing of the platform: no environment, no folder, no path to its packages.
            ended = subprocess.run(  # noqa: S603 - our own program.
                [sys.executable, "-I", "-B", str(PROGRAM)],
                input=data,
                capture_output=True,
                timeout=SECONDS,
                cwd=folder,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise UnreadableError("too slow") from None
    if ended.returncode < 0:
        # The operating system has ended it for its time or its memory.
        raise UnreadableError("too slow")
    if ended.returncode or not ended.stdout:
        raise UnreadableError("broken")
    answer = json.loads(ended.stdout)
    if "fault" in answer:
        raise UnreadableError(answer["fault"])
    text: str = answer["text"]
    return text
