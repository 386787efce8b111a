"""The field that takes a file, and the answers that give files and show them nowhere."""

import io
from typing import Any

from flask import Response, make_response, send_file
from flask_wtf.file import FileField, FileRequired
from wtforms import Form
from wtforms.validators import StopValidation

from webapp.core.files.stored_files import (
    LARGEST_FILE,
    MEDIA_TYPES,
    FileContent,
    StoredFile,
    UnfitFileError,
    read_file,
)
from webapp.core.words.translation import Message, _

ACCEPTED = _("A PDF, DOCX, ODT, JPEG or PNG file of at most 5 MB.")


class StoredFileField(FileField):
    """Takes one file; `content` is what was sent, or None where that is nothing."""

    content: FileContent | None = None

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 - WTForms gives it.
        """Refuse a file that is too large, empty or of another kind."""
        self.content = None
        if not self.data:
            return
        try:
            self.content = read_file(self.data.filename, self.data.read(LARGEST_FILE + 1))
        except UnfitFileError as error:
            raise StopValidation(str(error.message)) from error


def file_field(label: Message, *, required: bool = False) -> Any:
    """Return a field that takes one file."""
    checks = [FileRequired(_("Please choose a file."))] if required else []
    return StoredFileField(label, description=ACCEPTED, validators=checks)


def attachment(content: bytes, media_type: str, name: str) -> Response:
    """Return the answer that saves what we have written, under a name in plain letters."""
    answer = make_response(content)
    answer.content_type = media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def download(row: StoredFile) -> Response:
    """Return the answer that saves what somebody has sent, under the name that they gave it."""
    return send_file(
        io.BytesIO(row.content), MEDIA_TYPES[row.kind], as_attachment=True,
        download_name=row.name, max_age=0,
    )  # fmt: skip
