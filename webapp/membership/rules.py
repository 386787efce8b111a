"""What holds of links by mail, and what somebody still has to do before their work."""

import enum
from datetime import timedelta

from webapp.accounts import rules
from webapp.accounts.models import Account
from webapp.core.words.translation import LabelledEnum, _
from webapp.membership.models import LinkPurpose

LIFETIMES = {
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.NEW_PASSWORD: timedelta(hours=1),
    LinkPurpose.NEW_ADDRESS: timedelta(days=1),
    LinkPurpose.STILL_TRUE: timedelta(days=30),
}
# Whoever asks for a link again so soon has pressed twice: another would make the first one, whose
# mail is on its way, worthless.
JUST_SENT = timedelta(minutes=1)
# Strangers cost those who decide their time: beyond this many that wait nobody else can ask.
MOST_WAITING = 200
# Nobody decides on what has waited for so long: whoever asked has gone another way.
KEPT_REQUESTS = timedelta(days=180)


class LostFactor(LabelledEnum):
    """Why a second factor is taken off an account by somebody else."""

    LOST = "lost", _("The device, or what shows the codes, is lost")
    BROKEN = "broken", _("The device is broken, or there is another one")
    STOLEN = "stolen", _("The device was stolen")
    KNOWN = "known", _("Somebody else may be able to use it")


def place_of(account: Account) -> str:
    """Return where somebody works, by which a page knows whether it was corrected meanwhile."""
    return f"{account.jurisdiction or ''}|{account.institution}"


class FirstStep(enum.Enum):
    """What an account asks of its person before anything else."""

    CONSENT = enum.auto()
    WAY_IN = enum.auto()
    SECOND_FACTOR = enum.auto()


def next_first_step(account: Account) -> FirstStep | None:
    """Return what this person must do before their work, if anything."""
    if not account.demo and account.consent_version != rules.CONSENT_VERSION:
        return FirstStep.CONSENT
    if account.password_set_at is None and not account.signs_in_by_passkey:
        return FirstStep.WAY_IN
    if not account.has_second_factor and rules.needs_second_factor(
        account.kinds, demo=account.demo
    ):
        return FirstStep.SECOND_FACTOR
    return None
