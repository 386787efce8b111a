"""Forms of organisations."""

from webapp.accounts.forms import address
from webapp.core.forms.fields import choice, line
from webapp.core.forms.page_forms import AddressForm, EditForm, PageForm
from webapp.core.words.translation import _, _p
from webapp.core.words.vocabularies import jurisdiction_choices
from webapp.organisations.models import OrganisationKind

KINDS = [(kind, kind.label) for kind in OrganisationKind]


class SearchForm(AddressForm):
    """What the list of organisations is narrowed to."""

    search = line(_p("name of a thing", "Name"), 100)
    kind = choice(_("Kind"), KINDS, empty=_("Every kind"))


class MemberSearchForm(AddressForm):
    """What the list of members is narrowed to."""

    search = line(_("Name, institution or e-mail"), 100)


class OrganisationForm(EditForm):
    """What an organisation is called, and what and where it is."""

    name = line(
        _p("name of a thing", "Name"),
        200,
        hint=_("As it is written on letters, such as: Ministry of Interior."),
        required=True,
    )
    kind = choice(_("Kind"), KINDS, required=True)
    jurisdiction = choice(
        _("Jurisdiction"),
        jurisdiction_choices,
        hint=_("Whose authority it is; empty for what belongs to several."),
        empty=_("None, or several"),
    )


class MemberForm(PageForm):
    """Who becomes a member, by address."""

    email = address(_("E-mail address of the account"))
