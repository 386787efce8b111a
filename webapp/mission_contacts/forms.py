"""The form of what an expert leaves with SEESAC for a mission."""

from wtforms import Field

from webapp.core.forms.fields import line, person_name, text
from webapp.core.forms.page_forms import EditForm
from webapp.core.forms.telephones import refuse_local
from webapp.core.words.translation import _
from webapp.mission_contacts.content import ContactContent


class ContactForm(EditForm):
    """Whom to call in an emergency, and what the expert does not eat."""

    name = person_name(_("Whom to call in an emergency"))
    telephone = line(_("Telephone"), 40, required=True, hint=_("With its international code."))
    relation = line(_("Who this is to you"), 100, hint=_("Such as: wife, brother, friend."))
    diet = text(
        _("What you do not eat"), 500,
        hint=_("Only what the host has to know; the reason is nobody's business."),
    )  # fmt: skip

    def validate_telephone(self, field: Field) -> None:
        """Refuse what SEESAC could not dial."""
        refuse_local(field)

    def content(self) -> ContactContent:
        """Return what was written, as the operation takes it."""
        return ContactContent(
            self.name.data, self.telephone.data, self.relation.data or "", self.diet.data or ""
        )
