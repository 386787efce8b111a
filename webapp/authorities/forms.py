"""Forms of nominating authorities: the letter of a release, and the file of a list."""

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, ValidationError

from webapp.core import clock
from webapp.core.forms.fields import day, line, text
from webapp.core.forms.file_fields import file_field
from webapp.core.forms.page_forms import PageForm
from webapp.core.words.translation import _


class ReleaseForm(PageForm):
    """The letter by which an official is released."""

    number = line(
        _("Number of the letter"), 100, required=True, hint=_("As it stands in your register.")
    )
    dated = day(_("Day of the letter"), 2015, 1, required=True)
    conditions = text(
        _("Conditions"),
        2000,
        hint=_(
            "Such as days that must be kept free. SEESAC reads them, and so does your official once"
            " selected; the requester does not."
        ),
    )

    file = file_field(_("The signed letter"))

    def validate_dated(self, field: Field) -> None:
        """Refuse a letter that is not written yet."""
        if field.data and field.data > clock.latest_today():
            raise ValidationError(_("This day is still to come."))


class LetterFileForm(PageForm):
    """The signed letter of a release that was given by its number."""

    file = file_field(_("The signed letter"), required=True)


class ListForm(PageForm):
    """A list of nominations as a CSV file."""

    file = FileField(_("CSV file"), validators=[FileRequired(_("Please choose a CSV file."))])
