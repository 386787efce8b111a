"""The form of the settings: each says in a sentence what it does."""

from wtforms import BooleanField

from webapp.accounts.forms import address
from webapp.core.forms.fields import number
from webapp.core.forms.page_forms import EditForm
from webapp.core.words.translation import _


class SettingsForm(EditForm):
    """All settings of the platform, with the limits that the table has too."""

    four_eyes = BooleanField(
        _("Two people for each match"),
        description=_(
            "Whoever puts an expert on the shortlist, or takes one up again, does not approve that"
            " expert: a colleague does, and either of the two proposes. With one coordinator on"
            " duty, matches wait for another."
        ),
    )
    accounts_on_request = BooleanField(
        _("Accounts on request"),
        description=_(
            "Strangers may ask for a requester's account on a public page. A coordinator or"
            " an administrator decides about each; without this, people come by invitation alone."
        ),
    )
    experts_on_request = BooleanField(
        _("A place on the roster on request"),
        description=_(
            "Strangers may ask on a public page to join the roster. SEESAC decides about each, and"
            " screens the profile as any other; without this, people are nominated or invited."
        ),
    )
    rest_days = number(
        _("Rest between missions, in days"),
        0,
        365,
        hint=_(
            "Who is booked for another mission nearer than this is marked with a remark in rankings"
            " and at approvals. Nobody is ruled out by it. 0 means no remark."
        ),
        required=True,
    )
    dormant_after_months = number(
        _("A profile is to be confirmed again after, in months"),
        1,
        60,
        hint=_(
            "A profile that was not confirmed for so long is dormant: it is not ranked until its"
            " expert says that it is still true. Two reminders leave before that. Nobody falls out"
            " of a mission by it."
        ),
        required=True,
    )
    ask_every_months = number(
        _("Experts are asked whether it is still true every, in months"),
        1,
        24,
        hint=_(
            "By a mail with a link, and on their page: whether the profile is still true, and"
            " whether they are free in the coming three months."
        ),
        required=True,
    )
    reply_by_days = number(
        _("Time to reply, in days"),
        1,
        60,
        hint=_("Until when those who are asked something are asked to answer, counted from then."),
        required=True,
    )
    retention_months = number(
        _("Time that ended requests and resting profiles are kept, in months"),
        6,
        240,
        hint=_(
            "After this time what an ended request says of people is taken out of it, and profiles"
            " that rest and accounts that are not in use are erased. All are told thirty days"
            " before; whoever does something with a profile keeps it."
        ),
        required=True,
    )
    contact_address = address(
        _("Address at which people reach SEESAC"),
        hint=_(
            "It stands on the first page, in the privacy notice, where people consent, and at the"
            " end of each mail. A mailbox that several people read is best."
        ),
        required=False,
    )
