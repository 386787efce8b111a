"""The forms of imports: the file, and what its columns are."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import Field

from webapp.core.forms.fields import Choices, choice, named, number, rows
from webapp.core.forms.page_forms import EditForm, PageForm, RowForm
from webapp.core.words.translation import Message, _
from webapp.roster_imports.columns import FIELDS, Header
from webapp.roster_imports.extraction import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS
from webapp.roster_imports.models import RosterImport, Twins
from webapp.roster_imports.people import missing_fields
from webapp.roster_imports.reading import Sheet, UnreadableError, letter, read_sheet


class TableForm(PageForm):
    """A file with the table of a roster."""

    file = FileField(
        _("Table of the roster"),
        description=_(
            "XLSX or CSV, at most %(megabytes)s MB and %(rows)s rows.",
            megabytes=LARGEST_FILE // 1_000_000,
            rows=MOST_ROWS,
        ),
        validators=[FileRequired(_("Please choose a file."))],
    )

    def read(self) -> Sheet | None:
        """Return the table of the file; what is wrong with it is told at its field."""
        try:
            return read_sheet(self.file.data.read(LARGEST_FILE + 1))
        except UnreadableError as error:
            self.file.errors = [error.message]
            return None


LEFT_OUT, NO_AUTHORITY = _("Left out"), _("None, or not known")


class ColumnRow(RowForm):
    """What one column is read as."""

    field = choice(_("Read as"), list(FIELDS.items()), empty=LEFT_OUT)


class ColumnsForm(EditForm):
    """Where the headings are, what the columns are, and what becomes of those who are there."""

    header_row = number(
        _("Row of the headings"),
        1,
        1_048_576,
        required=True,
        hint=_("What stands above it is not read."),
    )
    columns = rows(_("Columns"), ColumnRow, MOST_COLUMNS)
    twins = choice(_("People who stand on the roster already"), named(Twins), required=True)
    authority = choice(
        _("Nominating authority of all who are added"),
        empty=NO_AUTHORITY,
        hint=_("It is told what becomes of its officials, and approves and releases them."),
    )

    @property
    def fields(self) -> list[str]:
        """Return the field of each column, or nothing for one that is left out."""
        return [row.field.data or "" for row in self.columns]

    def problem(self, header: Header) -> Message | None:
        """Return why nobody can be read by these columns, if so."""
        if len(self.columns.entries) != len(header.labels):
            return _("The columns are not those of the table any more. Please load the page anew.")
        return missing_fields(self.fields)


def columns_form(row: RosterImport, header: Header, authorities: Choices) -> ColumnsForm:
    """Return the form with what the columns are read as now; each is called by its heading."""
    data: dict[str, Any] = {
        "version": row.version,
        "header_row": header.row,
        "columns": [{"field": field or None} for field in row.fields],
        "twins": row.twins,
        "authority": row.authority_id and str(row.authority_id),
    }
    form = ColumnsForm(data=data)
    form.authority.offer(authorities)
    _call_columns(form, header.labels)
    return form


def changed_meanwhile(form: ColumnsForm, row: RosterImport) -> list[tuple[Message | str, object]]:
    """Return, for each field in which an older page says otherwise, what it is called and what is
    stored now."""
    authority = row.authority.name if row.authority else NO_AUTHORITY
    number = str(row.authority_id) if row.authority_id else None
    stored: list[tuple[Field, object, object]] = [
        (form.header_row, row.header_row, row.header_row),
        (form.twins, row.twins.value, row.twins.label),
        (form.authority, number, authority),
    ]
    for entry, kept in zip(form.columns, row.fields, strict=False):
        stored.append((entry.field, kept or None, FIELDS[kept] if kept else LEFT_OUT))
    return [
        (field.label.text, words) for field, value, words in stored if (field.data or None) != value
    ]


def _call_columns(form: ColumnsForm, labels: Sequence[str]) -> None:
    for at, (entry, label) in enumerate(zip(form.columns, labels, strict=False)):
        entry.field.label.text = f"{letter(at)} · {label[:80]}" if label else letter(at)
