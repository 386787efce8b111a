"""What several steps of a mission tell: to its two sides, the authority, and the rest of a team."""

from typing import Any

from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Mail, Recipient

NOT_CLEARED = _(
    "The mission of %(expert)s for “%(title)s” is not cleared any more. You are told here when it"
    " is."
)
NOT_CLEARED_FOR_REQUESTER: Mail[Any] = Mail(
    Recipient.REQUESTER, _("%(reference)s: a mission is not cleared any more"), NOT_CLEARED
)
# An authority may have been asked for no release: what it was told of the mission itself is all it
# knows, so that has to be taken back as well.
NOT_CLEARED_FOR_AUTHORITY: Mail[Any] = Mail(
    Recipient.AUTHORITY,
    _("%(reference)s: the mission of an official of yours is not cleared any more"),
    NOT_CLEARED,
)
ENDED_FOR_AUTHORITY: Mail[Any] = Mail(
    Recipient.AUTHORITY,
    _("%(reference)s: the mission of an official of yours has ended early"),
    _("The mission of %(expert)s for “%(title)s” has ended early."),
)


CLEARED: tuple[Mail[Any], ...] = (
    Mail(
        Recipient.EXPERT,
        _("%(reference)s: you can go"),
        _("SEESAC has cleared your mission for “%(title)s”, and you can go."),
    ),
    Mail(
        Recipient.REQUESTER,
        _("%(reference)s: an expert can come"),
        _("SEESAC has cleared the mission of %(expert)s for “%(title)s”."),
    ),
    Mail(
        Recipient.AUTHORITY,
        _("%(reference)s: an official of yours is cleared to go"),
        _("SEESAC has cleared the mission of %(expert)s for “%(title)s”."),
    ),
)


OTHER_DAYS: tuple[Mail[Any], ...] = (
    Mail(
        Recipient.EXPERT,
        _("%(reference)s: your mission has other days"),
        _("The days of your mission for “%(title)s” have changed."),
    ),
    Mail(
        Recipient.REQUESTER,
        _("%(reference)s: a mission has other days"),
        _("The days of the mission of %(expert)s for “%(title)s” have changed."),
    ),
    Mail(
        Recipient.AUTHORITY,
        _("%(reference)s: the mission of an official of yours has other days"),
        _("The days of the mission of %(expert)s for “%(title)s” have changed."),
    ),
    Mail(
        Recipient.TEAM,
        _("%(reference)s: somebody of your team has other days"),
        _("The days of somebody who goes with you for “%(title)s” have changed to those below."),
    ),
)


# What a team that is moved by one form is told: its requester once, whoever has other days by
# `OTHER_DAYS`, and those who stay behind by this.
TEAM_HAS_OTHER_DAYS: Mail[Any] = Mail(
    Recipient.REQUESTER,
    _("%(reference)s: the mission has other days"),
    _("The days of the mission for “%(title)s” have changed, for all who go."),
    path="/requests/%(request_id)s",
)
PART_HAS_OTHER_DAYS: Mail[Any] = Mail(
    Recipient.REQUESTER,
    _("%(reference)s: the mission has other days"),
    _(
        "The days of the mission for “%(title)s” have changed. Not all who go can come on these"
        " days: the request says who has which, and SEESAC sees to the others."
    ),
    path="/requests/%(request_id)s",
)
STAYS_BEHIND: Mail[Any] = Mail(
    Recipient.EXPERT,
    _("%(reference)s: the others of your team have other days"),
    _(
        "The others who go for “%(title)s” go on other days, on which you cannot go as far as"
        " SEESAC knows. Your own days stay those below until SEESAC has talked to you."
    ),
)


GOES_INSTEAD: Mail[Any] = Mail(
    Recipient.TEAM,
    _("%(reference)s: somebody else goes with you"),
    _("For “%(title)s” somebody else goes with you now, in the place of whoever fell out."),
)
GOES_NOT: Mail[Any] = Mail(
    Recipient.TEAM,
    _("%(reference)s: somebody of your team does not go"),
    _(
        "Somebody who was to go with you for “%(title)s” does not go. Your own mission stays as it"
        " is, and you are told here if somebody else goes instead."
    ),
)
ENDED_FOR_TEAM: Mail[Any] = Mail(
    Recipient.TEAM,
    _("%(reference)s: the mission of somebody of your team has ended early"),
    _("The mission of somebody who goes with you for “%(title)s” has ended early; yours goes on."),
)
