"""The form of the settings: each says in a sentence what it does."""

from wtforms import BooleanField

from webapp.core.fields import number
from webapp.core.forms import EditForm
from webapp.core.translation import _


class SettingsForm(EditForm):
    """All settings of the platform, with the limits that the table has too."""

    four_eyes = BooleanField(
        _("Two people for each match"),
        description=_(
            "Whoever approved a match does not propose it to the requester as well, so it takes two"
            " coordinators. With one coordinator on duty, matches wait for another."
        ),
    )
    accounts_on_request = BooleanField(
        _("Accounts on request"),
        description=_(
            "Strangers may ask for a requester's account on a public page. An administrator decides"
            " about each; without this, people come by invitation alone."
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
            "After this time experts are asked on their page to confirm their profile, and"
            " coordinators read a remark that it was not. The expert is still ranked."
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
        _("Time that ended requests are kept, in months"),
        6,
        240,
        hint=_("After this time what an ended request says of people is to be deleted."),
        required=True,
    )
