"""The form by which the language of the pages is chosen, and the field for an e-mail address."""

from flask_security.utils import validate_redirect_url
from wtforms import EmailField, Field, Form, ValidationError

from webapp.accounts.rules import is_address, looks_like_another, spelled_once
from webapp.core.forms.checks import Needed, at_most
from webapp.core.forms.fields import Text, choice, given
from webapp.core.forms.page_forms import PageForm
from webapp.core.words.language import languages
from webapp.core.words.text_rules import cleaned_line
from webapp.core.words.translation import _


def _check_address(_form: Form, field: Field) -> None:
    if field.data and looks_like_another(field.data):
        raise ValidationError(
            _("This address has letters of several scripts that look alike. Please type it anew.")
        )
    if field.data and not is_address(field.data):
        raise ValidationError(_("Please write an e-mail address, such as name@example.org."))


def address(
    label: Text, *, hint: Text = "", required: bool = True, own: bool = False
) -> EmailField:
    """Return a field for an e-mail address, for which telephones show the keys that it needs.

    However it was typed or pasted, it is read in the one spelling in which addresses are kept.
    Browsers offer to fill in an `own` one.
    """
    return EmailField(
        label,
        description=hint,
        filters=[given(cleaned_line), given(spelled_once)],
        validators=[
            *([Needed()] if required else []),
            at_most(254),
            _check_address,
        ],
        render_kw={"autocomplete": "email" if own else "off"},
    )


class LedOn:
    """A form of Flask-Security after which people are led on to `next`.

    What leads away from the platform is dropped: the library would refuse the form, as if the
    password were wrong, and its owner could be locked out by a link.
    """

    def validate_next(self, field: Field) -> None:
        """Forget a page that is none of ours."""
        if field.data and not validate_redirect_url(field.data):
            field.data = ""


class LanguageForm(PageForm):
    """The language of the pages."""

    language = choice(_("Language"), required=True)

    def __init__(self) -> None:
        super().__init__()
        self.language.choices = [(code, code) for code in languages()]
