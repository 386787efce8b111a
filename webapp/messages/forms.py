"""Forms of notices: up to which they are read, and which mails somebody wants."""

from webapp.accounts.models import MailChoice
from webapp.core.forms.fields import VersionField, choice
from webapp.core.forms.page_forms import PageForm
from webapp.core.words.translation import _


class ReadForm(PageForm):
    """The newest notice that the person has seen: later ones stay unread."""

    newest = VersionField()


class MailForm(PageForm):
    """Which mails the person wants."""

    mail_choice = choice(
        _("Mails about your notices"),
        [(option.value, option.label) for option in MailChoice],
        hint=_("Mails about your password and your sign-in leave at once in any case."),
        required=True,
    )
