"""Files that people add to what they write, such as a signed letter.

Its first bytes tell what it is, whatever its name says; of an office file its lists of parts are
read, and a PDF is looked through for names of what acts; nothing else is opened. Why it is a row
and not a file of the system stands in docs/adr/0099, and what is refused in docs/adr/0205.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column, undefer

from webapp.core.db import enum_column
from webapp.core.errors import ConflictError, DoneSinceError, NotFoundError
from webapp.core.files import office_contents, pdf_contents
from webapp.core.files.brought import Brought, UnreadableError
from webapp.core.words import text_rules
from webapp.core.words.translation import LabelledEnum, Message, _, _p

File = TypeVar("File")

LARGEST_FILE = 5_000_000
LONGEST_NAME = 120
# An office file is not unpacked here, but on the computer of whoever downloads it.
LARGEST_UNPACKED = 100_000_000
DAMAGED = _("The file is damaged and cannot be read. Please save it anew and try again.")
UNSEARCHED = _(
    "The PDF cannot be looked through for what would act where it is opened. Please print it into a"
    " new PDF and send that."
)
REFUSED = {
    Brought.PROGRAM: _("The file has macros in it. Please save it without, or as a PDF."),
    Brought.OBJECT: _(
        "The file has a part in it that another program would open. Please save it without, or as"
        " a PDF."
    ),
    Brought.ELSEWHERE: _(
        "When it is opened, the file fetches a template or a picture from another computer. Please"
        " save it without, or as a PDF."
    ),
    Brought.ACTION: _(
        "The PDF has a script or another file in it, or starts a program. Fields of a form that"
        " check a date or a number have such scripts. Please print it into a new PDF and send that:"
        " its signatures can still be seen there, and only their check by a program is lost."
    ),
    Brought.PROTECTED: _(
        "The file is protected by a password, so nobody can see what it brings along. Please save"
        " it without one."
    ),
    Brought.RESTRICTED: _(
        "The PDF is protected by a password, or what may be done with it is restricted, also where"
        " it opens without a password. So nobody can see what it brings along. Please save it"
        " without protection, or print it into a new PDF, and send that."
    ),
}
ACCEPTED = _("A PDF, DOCX, ODT, JPEG or PNG file of at most 5 MB.")


class FileKind(LabelledEnum):
    """What a file is; the value ends the name under which it is downloaded."""

    PDF = "pdf", _p("kind of file", "PDF")
    DOCX = "docx", _p("kind of file", "DOCX")
    ODT = "odt", _p("kind of file", "ODT")
    JPEG = "jpg", _p("kind of file", "JPEG picture")
    PNG = "png", _p("kind of file", "PNG picture")


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
}
_BEGINNINGS = {b"%PDF-": FileKind.PDF, b"\xff\xd8\xff": FileKind.JPEG, b"\x89PNG": FileKind.PNG}


class UnfitFileError(ValueError):
    """A file that is not taken; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class FileContent:
    """A file as it was sent: its name as it is kept, what it is, and its bytes."""

    name: str
    kind: FileKind
    data: bytes

    def columns(self) -> dict[str, Any]:
        """Return what a row that keeps this file has in the columns of `StoredFile`."""
        digest = hashlib.sha256(self.data).hexdigest()
        return {
            "name": self.name, "kind": self.kind, "content": self.data,
            "size": len(self.data), "digest": digest,
        }  # fmt: skip


class StoredFile:
    """The columns of a table that keeps files; `content` is read from the database when asked for.

    `digest` is the SHA-256 of the content in hexadecimal.
    """

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 - SQLAlchemy's way.
        return (
            sa.CheckConstraint(
                f"length(content) = size AND size BETWEEN 1 AND {LARGEST_FILE}", name="size"
            ),
        )

    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    kind: Mapped[FileKind] = mapped_column(enum_column(FileKind, "kind"))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


def read_file(sent_name: str, data: bytes) -> FileContent:
    """Return a file with what its bytes say that it is. Raises UnfitFileError."""
    if not data:
        raise UnfitFileError(_("The file is empty."))
    if len(data) > LARGEST_FILE:
        raise UnfitFileError(_("The file is larger than 5 MB. Please send a smaller one."))
    kind = next((kind for start, kind in _BEGINNINGS.items() if data.startswith(start)), None)
    if data.startswith(b"PK\x03\x04"):
        kind = _office_kind(data)
    if kind is None:
        raise UnfitFileError(
            _("This is no PDF, DOCX, ODT, JPEG or PNG file, whatever its name says.")
        )
    if kind is FileKind.PDF:
        _refuse_brought(lambda: pdf_contents.find_brought(data), UNSEARCHED)
    return FileContent(_kept_name(sent_name, kind), kind, data)


def _office_kind(data: bytes) -> FileKind | None:
    """Return which office file an archive is by the list of its parts, of which none is opened but
    the file's own lists."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnfitFileError(DAMAGED) from error
    if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
        raise UnfitFileError(_("Unpacked, the file is far larger than any letter."))
    _refuse_brought(lambda: office_contents.find_brought(archive), DAMAGED)
    names = set(archive.namelist())
    if "word/document.xml" in names:
        return FileKind.DOCX
    return FileKind.ODT if {"content.xml", "META-INF/manifest.xml"} <= names else None


def _refuse_brought(find: Callable[[], Brought | None], unreadable: Message) -> None:
    """Refuse in words a file in which something is found that would act where it is opened, or that
    cannot be looked through."""
    try:
        found = find()
    except UnreadableError as error:
        raise UnfitFileError(unreadable) from error
    if found:
        raise UnfitFileError(REFUSED[found])


def _kept_name(sent: str, kind: FileKind) -> str:
    """Return a name that any system can have: no folder, nothing invisible, its kind's ending."""
    last = re.split(r"[/\\]", text_rules.cleaned_line(sent))[-1]
    kept = "".join(sign for sign in last if text_rules.first_unstorable(sign) is None)
    stem = re.sub(r'[<>:"|?*\s]+', " ", kept).rsplit(".", 1)[0].strip(" .")
    ending = f".{kind.value}"
    return (stem[: LONGEST_NAME - len(ending)] or "file") + ending


def check_fits(kept: Sequence[StoredFile], file: FileContent, most: int) -> None:
    """Refuse in words a file that stands among others already, or for which there is no room."""
    digest = hashlib.sha256(file.data).hexdigest()
    if any(row.digest == digest for row in kept):
        raise ConflictError(_("This file is there already."))
    if len(kept) >= most:
        raise ConflictError(
            _("There are %(most)s files already, and no more fit. Please remove one.", most=most)
        )


def find_changed(session: Session, table: type[StoredFile]) -> Iterator[str]:
    """Yield a sentence for each file of a table whose content is not what was sent."""
    rows = sa.select(table).options(undefer(table.content)).execution_options(yield_per=20)
    for row in session.scalars(rows):
        if hashlib.sha256(row.content).hexdigest() != row.digest:
            yield f"the content of “{row.name}” among {table.__name__} rows has changed"


def still_there(get: Callable[..., File], *which: object) -> File:
    """Return the file that `get` finds. Raises DoneSinceError where it finds none: whoever removes
    it has seen it, and somebody else was quicker."""
    try:
        return get(*which)
    except NotFoundError as error:
        raise DoneSinceError(_("The file was removed already.")) from error
