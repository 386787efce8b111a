"""The forms of the pages of one's own data."""

from wtforms import BooleanField

from webapp.core.forms.checks import Needed
from webapp.core.forms.page_forms import PageForm
from webapp.core.words.translation import _


class EraseForm(PageForm):
    """The last question before somebody is erased."""

    understood = BooleanField(
        _("I understand that nobody can bring this back"),
        validators=[Needed(_("Please tick this if you want to go on."))],
    )
