"""Fields of forms: what each takes, what it refuses, and in which words.

Packages build theirs with the functions `line`, `text`, `day`, `number`, `choice` and `rows`. What
was typed stays in a refused field as a whole, so no field has a `maxlength`: browsers cut a pasted
text there without a word.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from wtforms import (
    DateField,
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
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from webapp.core.forms.checks import (
    Needed,
    at_most,
    between,
    of_one_script,
    plain_text,
    readable,
    within_years,
)
from webapp.core.words import text_rules, vocabularies
from webapp.core.words.days import read_day
from webapp.core.words.search import folded
from webapp.core.words.translation import LabelledEnum, Message, _

# The years of missions: from the one in which the platform began, to further than anybody plans.
MISSIONS = (2015, 10)

Text = str | Message
EMPTY = _("Please choose")
# What stands in a list: a value, its label, and in long lists the name of the group it stands in.
# What has a language of its own comes as a `SelectChoice` that says so.
Choices = Iterable[tuple[str, Text] | tuple[str, Text, Text] | SelectChoice]
Filter = Callable[[str | None], str | None]


def given(clean: Callable[[str], str]) -> Filter:
    """Return a filter that cleans what was sent, and leaves alone what was not."""
    return lambda value: None if value is None else clean(value)


def _text_field(
    kind: type[StringField],
    clean: Callable[[str], str],
    label: Text,
    limit: int,
    hint: Text,
    required: bool,
) -> StringField:
    presence = [Needed(), readable] if required else []
    return kind(
        label,
        description=hint,
        filters=[given(clean)],
        validators=[*presence, at_most(limit), plain_text],
        render_kw={"data-limit": limit},
    )


def line(label: Text, limit: int = 200, *, hint: Text = "", required: bool = False) -> StringField:
    """Return a field for one line of text of at most `limit` characters."""
    return _text_field(StringField, text_rules.cleaned_line, label, limit, hint, required)


def person_name(label: Text, *, hint: Text = "") -> StringField:
    """Return a field for somebody's name, each word of it in one script."""
    return StringField(
        label,
        description=hint,
        filters=[given(text_rules.cleaned_line)],
        validators=[Needed(), readable, at_most(200), plain_text, of_one_script],
        render_kw={"data-limit": 200},
    )


def text(label: Text, limit: int = 5000, *, hint: Text = "", required: bool = False) -> StringField:
    """Return a field for several lines of text of at most `limit` characters."""
    return _text_field(TextAreaField, text_rules.cleaned_text, label, limit, hint, required)


class CalendarField(DateField):
    """A day; a wrong one is told with the form in which days are written."""

    read = staticmethod(read_day)
    refusal = _("Please write a day as year-month-day, such as 2027-03-15.")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say how one is written and keep what was typed."""
        self.data, written = None, " ".join(valuelist)
        if not text_rules.cleaned_line(written):
            return
        try:
            self.data = self.read(written)
        except ValueError as error:
            raise ValueError(self.refusal) from error

    def _value(self) -> str:
        return self.sent_by_browsers(self.data) if self.data else " ".join(self.raw_data or ())

    @staticmethod
    def sent_by_browsers(day: date) -> str:
        """Return a day in the one form that a browser's calendar knows."""
        return day.isoformat()

    def __call__(self, **attributes: Any) -> Any:
        """Draw a calendar, or a plain line for what a browser's calendar would show as nothing."""
        if self.data is None and self._value():
            attributes["type"] = "text"
        return super().__call__(**attributes)


def day(
    label: Text, first: int, ahead: int, *, hint: Text = "", required: bool = False
) -> CalendarField:
    """Return a field for a day, from the year `first` to `ahead` years after this one."""
    presence = [Needed(_("Please give a day."))] if required else []
    validators = [*presence, within_years(first, ahead)]
    return CalendarField(label, description=hint, validators=validators)


def given_day(field: CalendarField) -> date:
    """Return the day of a field that needs one; ask a form that is valid."""
    if field.data is None:
        raise LookupError(f"{field.name} holds no day")
    return field.data


# No field of a number goes as far.
FAR_OUT = 10**15


class WholeNumberField(IntegerField):
    """A whole number; a wrong one is told in plain words."""

    # A browser's own field for numbers swallows what it cannot read, a pasted "1 000" for one, and
    # sends nothing.
    widget = TextInput()
    data: Any
    refusal = _("Please write a whole number.")
    # A blank stands between thousands only: "4 6" are two numbers, and "15 11" is a day.
    _written = re.compile(r"[+-]?(\d+|\d{1,3}( \d{3})+)")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or say what is expected and keep what was typed."""
        written = text_rules.cleaned_line(valuelist[0]) if valuelist else ""
        self.data = None
        if not written:
            return
        if not self._written.fullmatch(written):
            raise ValueError(self.refusal)
        try:
            number = int(written.replace(" ", ""))
        except ValueError as error:  # Python reads no number of thousands of digits.
            raise ValueError(self.refusal) from error
        # Whatever is larger is beyond the bounds of each field; what is not checked yet is summed
        # and shown, and no library shows a number of hundreds of digits.
        self.data = max(-FAR_OUT, min(number, FAR_OUT))


def number(
    label: Text, least: int, most: int, *, hint: Text = "", required: bool = False
) -> WholeNumberField:
    """Return a field for a whole number between `least` and `most`, both allowed."""
    presence = [Needed(_("Please give a number."))] if required else []
    return WholeNumberField(
        label,
        description=hint,
        validators=[*presence, between(least, most)],
        render_kw={"inputmode": "numeric"},
    )


def _option(entry: tuple[Text, ...] | SelectChoice) -> SelectChoice:
    if isinstance(entry, SelectChoice):
        return entry
    value, label, *group = entry
    return SelectChoice(str(value), label, optgroup=group[0] if group else None)


class OneOfField(SelectField):
    """A choice; one that is not offered is refused in plain words."""

    def offer(self, choices: Choices) -> None:
        """Offer these choices below the first entry, which stays."""
        self.choices: list[SelectChoice] = [
            self.choices[0],
            *map(_option, choices),
        ]

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that the list does not hold.

        Some lists are given what stands in an address, such as an institution that profiles name;
        what no database can hold stands in no list.
        """
        try:
            plain_text(form, self)
            super().pre_validate(form)
        except ValidationError as error:
            raise ValidationError(_("Please choose one of the list.")) from error


def choice(label: Text, choices: Choices | Callable[[], Choices] = (), *, hint: Text = "",
           required: bool = False, empty: Text = EMPTY) -> OneOfField:  # fmt: skip
    """Return a drop-down list; unless `required`, its first entry `empty` may be left standing.

    Choices that are named in the reader's language are given as a function, asked for each form.
    """

    def offered() -> list[SelectChoice]:
        named = choices() if callable(choices) else choices
        return [_option(entry) for entry in (("", empty), *named)]

    validators = [Needed(_("Please choose one."))] if required else [Optional()]
    return OneOfField(
        label,
        description=hint,
        choices=offered if callable(choices) else offered(),
        validators=validators,
        filters=[given(text_rules.cleaned_line), lambda value: value or None],
    )


def named(kinds: Iterable[LabelledEnum]) -> list[tuple[str, Message]]:
    """Return the members of an enum of words as choices, each with its label."""
    return [(kind.value, kind.label) for kind in kinds]


class NamedField(StringField):
    """One of a long list, by its name or code; the page offers the names once, for all fields."""

    def __init__(self, label: Text, known: Callable[[], Mapping[str, str]], **options: Any) -> None:
        super().__init__(label, **options)
        self.known = known

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed; what it names is found when the form is checked."""
        self.data = text_rules.cleaned_line(valuelist[0]) or None if valuelist else None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms calls it so.
        """Find the code, or refuse what the list does not hold and keep what was typed."""
        if not self.data:
            return
        wanted, self.data = folded(self.data.rstrip("*")), None
        for code, name in self.known().items():
            if wanted in (folded(code), folded(name.rstrip("*"))):
                self.data = code
        if self.data is None:
            raise ValidationError(_("Please choose one of the list."))

    def _value(self) -> str:
        if self.data:
            return self.known().get(self.data, self.data)
        return " ".join(self.raw_data or ())


def by_name(
    label: Text, offered: str, known: Callable[[], Mapping[str, str]] = dict, *, hint: Text = ""
) -> NamedField:
    """Return a field for one of a list that stands once on the page, with the id `offered`."""
    return NamedField(
        label,
        known,
        description=hint,
        validators=[plain_text],
        render_kw={"list": offered, "autocomplete": "off"},
    )


def jurisdiction_by_name(label: Text) -> NamedField:
    """Return a field for a jurisdiction, for pages with so many that lists would be too long."""
    return by_name(label, "all-jurisdictions", vocabularies.jurisdictions)


def language_by_name(label: Text) -> NamedField:
    """Return a field for a language, for pages with so many that lists would be too long."""
    return by_name(label, "all-languages", vocabularies.languages)


def level_by_name(label: Text) -> NamedField:
    """Return a field for a level of a language, for pages with very many."""
    return by_name(label, "all-levels", vocabularies.levels)


class CheckboxesField(SelectMultipleField):
    """Any number of choices, each a check box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that the list does not hold."""
        try:
            super().pre_validate(form)
        except ValidationError as error:
            raise ValidationError(_("Please choose from the list only.")) from error


def several(label: Text, choices: Choices, *, hint: Text = "") -> CheckboxesField:
    """Return a field of check boxes, of which any number may be chosen."""
    return CheckboxesField(label, choices=list(choices), description=hint)


class RowsField(FieldList):
    """Rows of the same fields; what is sent beyond `max_entries` is not read."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterable[int]:
        # WTForms takes "²" or five thousand digits for a row's number, and fails when it reads it.
        row = re.compile(re.escape(prefix) + r"-([0-9]{1,3})-")
        return [int(found[1]) for found in map(row.match, formdata) if found]


def rows(label: Text, form: type[Form], most: int, *, hint: Text = "") -> RowsField:
    """Return a field of at most `most` rows, each with the fields of `form`."""
    return RowsField(FormField(form), label, description=hint, max_entries=most)


class VersionField(HiddenField):
    """The version of the thing that a form was opened with; one that is no number is stale."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or one that no version has."""
        sent = valuelist[0] if valuelist else ""
        self.data = int(sent) if re.fullmatch("[0-9]{1,9}", sent) else -1
