"""Reads a file in a process of its own, which is ended when it takes longer than it may."""

from pathlib import Path

from webapp.core.files import bounded_process
from webapp.core.files.bounded_process import BoundsError
from webapp.core.words.text_rules import storable
from webapp.core.words.translation import Message, _
from webapp.curricula import extraction

PROGRAM = Path(extraction.__file__)

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
    try:
        answer = bounded_process.run(PROGRAM, data)
    except BoundsError as error:
        raise UnreadableError(str(error)) from None
    if "fault" in answer:
        raise UnreadableError(answer["fault"])
    return storable(answer["text"])
