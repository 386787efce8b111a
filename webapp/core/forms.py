"""Forms: what every field refuses, and the fields that rooms build theirs from.

A form that is refused is shown again with status 400, each message at its field and all that was
typed still there.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Response, make_response, render_template, request
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import (
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.core.translation import Words

# Characters that reorder the text around them can make a name or a sentence read as another.
REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
# What HTML does not allow: controls but tab and line ends, surrogates, Unicode's noncharacters.
UNSHOWABLE = dict.fromkeys(
    [
        *(*range(0x09), 0x0B, *range(0x0E, 0x20), *range(0x7F, 0xA0)),
        *(*range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0)),
        *(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
    ],
    "\N{REPLACEMENT CHARACTER}",
)
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)


def strip(value: str | None) -> str | None:
    """Trim a text and bring its line ends to newline, as browsers send them in two ways."""
    if value is None:
        return None
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def showable(text: str | None) -> Markup:
    """Return a text for a page, with a mark for each character that no page may hold."""
    return Markup(escape(text or "").translate(UNSHOWABLE))  # noqa: S704 - it was escaped before.


def plain_text(_form: FlaskForm, field: Field) -> None:
    """Refuse characters that cannot be stored, cannot be seen or change how others read."""
    lines = isinstance(field, TextAreaField)
    for character in field.data or "":
        control = unicodedata.category(character) == "Cc" and not (character in "\n\t" and lines)
        if control or ord(character) in UNSHOWABLE:
            raise ValidationError(
                "This contains a control character that cannot be stored"
                f" (U+{ord(character):04X}). Please remove it."
            )
        if character in REORDERING:
            raise ValidationError(
                "This contains an invisible character that changes the direction of text"
                f" (U+{ord(character):04X}). Please remove it."
            )


def readable(_form: FlaskForm, field: Field) -> None:
    """Refuse a required text that consists of spaces or invisible characters only."""
    if not re.search(r"\w", field.data or ""):
        raise ValidationError("Please write something here.")


def within_calendar(_form: FlaskForm, field: Field) -> None:
    """Refuse years that can only be slips of the keyboard."""
    if field.data and not EARLIEST <= field.data <= LATEST:
        raise ValidationError(f"The year must lie between {EARLIEST.year} and {LATEST.year}.")


def _length(limit: int) -> Length:
    return Length(max=limit, message=f"Please use at most {limit:,} characters.")


def _text_field(
    kind: type[StringField], label: str, limit: int, hint: str, required: bool
) -> StringField:
    presence = [InputRequired("Please fill this in."), readable] if required else [Optional()]
    return kind(
        label,
        description=hint,
        filters=[strip],
        validators=[*presence, _length(limit), plain_text],
        render_kw={"maxlength": limit},
    )


def line(label: str, limit: int = 200, *, hint: str = "", required: bool = False) -> StringField:
    """Return a field for one line of text of at most `limit` characters."""
    return _text_field(StringField, label, limit, hint, required)


def text(label: str, limit: int = 5000, *, hint: str = "", required: bool = False) -> StringField:
    """Return a field for several lines of text of at most `limit` characters."""
    return _text_field(TextAreaField, label, limit, hint, required)


class CalendarField(DateField):
    """A day; a wrong one is told with the form in which days are written."""

    written = "a day as year-month-day, such as 2027-03-15"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say how one is written and keep what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(f"Please write {self.written}.") from error


def day(label: str, *, hint: str = "", required: bool = False) -> CalendarField:
    """Return a field for a day."""
    presence = InputRequired("Please give a day.") if required else Optional()
    return CalendarField(label, description=hint, validators=[presence, within_calendar])


class WholeNumberField(IntegerField):
    """A whole number; a wrong one is told in plain words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or say what is expected and keep what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Please write a whole number.") from error


def number(
    label: str, least: int, most: int, *, hint: str = "", required: bool = False
) -> WholeNumberField:
    """Return a field for a whole number between `least` and `most`, both allowed."""
    presence = InputRequired("Please give a number.") if required else Optional()
    message = f"Please give a number from {least} to {most}."
    return WholeNumberField(
        label,
        description=hint,
        validators=[presence, NumberRange(least, most, message)],
        render_kw={"min": least, "max": most},
    )


# What stands in a list: a value, its label, and in long lists the name of the group it stands in.
Choices = Iterable[tuple[str, str] | tuple[str, str, str | Words]]


def _option(value: str, label: str, group: str | Words | None = None) -> SelectChoice:
    return SelectChoice(value, label, optgroup=group)


class OneOfField(SelectField):
    """A choice; one that is not offered is refused in plain words."""

    def offer(self, choices: Choices) -> None:
        """Offer these choices below the first entry, which stays."""
        self.choices: list[SelectChoice] = [
            self.choices[0],
            *(_option(*entry) for entry in choices),
        ]

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that the list does not hold."""
        try:
            super().pre_validate(form)
        except ValidationError as error:
            raise ValidationError("Please choose one of the list.") from error


def choice(label: str, choices: Choices = (), *, hint: str = "", required: bool = False,
           empty: str = "Please choose") -> OneOfField:  # fmt: skip
    """Return a drop-down list; unless `required`, its first entry `empty` may be left standing."""
    validators = [InputRequired("Please choose one.")] if required else [Optional()]
    return OneOfField(
        label,
        description=hint,
        choices=[_option(*entry) for entry in (("", empty), *choices)],
        validators=validators,
        filters=[lambda value: strip(value) or None],
    )


class CheckboxesField(SelectMultipleField):
    """Any number of choices, each a check box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that the list does not hold."""
        try:
            super().pre_validate(form)
        except ValidationError as error:
            raise ValidationError("Please choose from the list only.") from error


class Readable:
    """How fields are drawn: messages in the language of the pages, and nothing HTML cannot hold."""

    locales = ("en",)

    def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
        """Draw the field; where a character was typed that no page may hold stands a mark."""
        return showable(super().render_field(field, render_kw))  # type: ignore[misc]


class RowForm(Form):
    """One row of a list within a form."""

    class Meta(Readable, Form.Meta):
        """Draw fields as all forms do."""


class RowsField(FieldList):
    """Rows of the same fields; what is sent beyond `max_entries` is not read."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterable[int]:
        # WTForms takes "²" or five thousand digits for a row's number, and fails when it reads it.
        row = re.compile(re.escape(prefix) + r"-([0-9]{1,3})-")
        return [int(found[1]) for found in map(row.match, formdata) if found]


def rows(label: str, form: type[RowForm], most: int, *, hint: str = "") -> RowsField:
    """Return a field of at most `most` rows, each with the fields of `form`."""
    return RowsField(FormField(form), label, description=hint, max_entries=most)


class PageForm(FlaskForm):
    """A form of a page."""

    class Meta(Readable, FlaskForm.Meta):
        """Draw fields as all forms do."""


class VersionField(HiddenField):
    """The version of the thing that a form was opened with; one that is no number is stale."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or one that no version has."""
        sent = valuelist[0] if valuelist else ""
        self.data = int(sent) if re.fullmatch("[0-9]{1,9}", sent) else -1


class EditForm(PageForm):
    """A form that changes something that is stored; `version` in a hidden field tells a stale edit.

    Show it with `{{ csrf() }}` and `{{ form.version() }}`.
    """

    version = VersionField()


class AddressForm(FlaskForm):
    """A form that is read from the address: it changes nothing and carries no token."""

    class Meta(PageForm.Meta):
        """Forms of a GET have nothing to protect."""

        csrf = False


class ActionForm(PageForm):
    """A form that holds a button and nothing else to type."""


def render_form(template: str, form: FlaskForm, **context: Any) -> Response:
    """Render `template` with `form` again: 400 if it was sent and refused, 200 if it is new."""
    sent = request.method == "POST"
    return make_response(render_template(template, form=form, **context), 400 if sent else 200)
