"""The forms of a thing that a mission needs: its file, and the expert's signature."""

from typing import Any

from wtforms import BooleanField, HiddenField

from webapp.core.forms.checks import Needed
from webapp.core.forms.file_fields import file_field
from webapp.core.forms.page_forms import EditForm
from webapp.core.words.language import current_language
from webapp.core.words.translation import _
from webapp.mission_checklists.content import Need, RiskKnown, RiskRead, risk_to_read
from webapp.mission_checklists.models import NeedKind


class DoneForm(EditForm):
    """That something is done, with its file where it can have one; the version is the mission's."""

    file = file_field(_("File"))

    def __init__(self, need: Need, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not need.read_by:
            del self.file
        elif need.kind is NeedKind.CONSENT:
            # Whoever notes it for the expert has a paper, and the operation asks for it.
            self.file.label.text = _("The paper that the expert has signed")
            self.file.flags.required = True


class ConsentForm(EditForm):
    """The signature of the expert below the text of the risk, with what they read of it.

    It is for the mission as it is in its own version: on these days, under these terms.
    """

    text_version = HiddenField()
    text_language = HiddenField()
    digest = HiddenField()
    agree = BooleanField(
        _("I have read this, and I consent"),
        validators=[Needed(_("Please tick the box if you consent."))],
    )

    @property
    def read(self) -> RiskRead:
        """Return what was read before this was sent."""
        sent = (field.data or "" for field in (self.text_version, self.text_language, self.digest))
        return RiskRead(*sent)

    def show_text(self, known: RiskKnown) -> None:
        """Stand below the text as the page shows it now: a tick below any other is taken out."""
        shown = risk_to_read(current_language(), known)
        self.agree.data = self.agree.data and self.read == shown
        self.text_version.data, self.text_language.data = shown.version, shown.language
        self.digest.data = shown.digest
