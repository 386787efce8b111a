"""What fields refuse, in words; which field asks for which is in core/forms/fields.py."""

from collections.abc import Callable

from wtforms import Field, Form, ValidationError
from wtforms.validators import StopValidation

from webapp.core import clock
from webapp.core.words import text_rules
from webapp.core.words.formats import number_name
from webapp.core.words.translation import Deferred, Message, _, _n

Check = Callable[[Form, Field], None]
FILL_IN = _("Please fill this in.")


def plain_text(_form: Form, field: Field) -> None:
    """Refuse characters that cannot be stored or shown."""
    if character := text_rules.first_unstorable(field.data or ""):
        raise ValidationError(
            _(
                "This contains a control character that cannot be stored (%(code)s)."
                " Please remove it.",
                code=f"U+{ord(character):04X}",
            )
        )


def readable(_form: Form, field: Field) -> None:
    """Refuse a required text in which there is nothing to read."""
    if not text_rules.has_words(field.data or ""):
        raise ValidationError(_("Please write something here."))


def of_one_script(_form: Form, field: Field) -> None:
    """Refuse a word of letters of two scripts: nobody would find it, and it reads as another."""
    if word := text_rules.mixed_word(field.data or ""):
        raise ValidationError(
            _("“%(word)s” mixes letters of two alphabets that look alike.", word=word)
        )


def within_years(first: int, ahead: int) -> Check:
    """Return a check that refuses years which can only be slips of the keyboard.

    `first` is the earliest year that makes sense, and `ahead` how many there are after this one.
    """

    def check(_form: Form, field: Field) -> None:
        last = clock.today().year + ahead
        if field.data and not first <= field.data.year <= last:
            raise ValidationError(
                _(
                    "The year must lie between %(first)s and %(last)s.",
                    first=str(first),
                    last=str(last),
                )
            )

    return check


def at_most(limit: int) -> Check:
    """Return a check that counts what would be stored."""

    def check(_form: Form, field: Field) -> None:
        written = len(field.data or "")
        if written > limit:
            raise ValidationError(
                _n(
                    "You wrote %(written)s character; at most %(limit)s fit.",
                    "You wrote %(written)s characters; at most %(limit)s fit.",
                    written,
                    written=Deferred(number_name, written),
                    limit=Deferred(number_name, limit),
                )
            )

    return check


def between(least: int, most: int) -> Check:
    """Return a check of a number, both ends allowed."""

    def check(_form: Form, field: Field) -> None:
        if field.data is not None and not least <= field.data <= most:
            raise ValidationError(
                _(
                    "Please give a number from %(least)s to %(most)s.",
                    least=Deferred(number_name, least),
                    most=Deferred(number_name, most),
                )
            )

    return check


class Needed:
    """Refuse a field of which nothing is left when it has been read and cleaned.

    The checks of WTForms look at what was sent: a blank, or a character that nobody sees, is enough
    for them. What could not be read as a day or a number has its own message.
    """

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it in this form.

    def __init__(self, message: Message = FILL_IN) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Refuse what is empty, whatever else was said of it."""
        if field.process_errors or not _is_empty(field.data):
            return
        field.errors = []
        raise StopValidation(self.message)


def _is_empty(read: object) -> bool:
    """Tell whether nothing was typed, chosen or ticked; the number 0 is something."""
    return read is None or read is False or read in ("", [])
