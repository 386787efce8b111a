"""The mails that let somebody in, or tell of what happened to their account."""

from webapp.core.record.actions import Action
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.words.translation import Message, _
from webapp.messages.letters import Letter, Mailing


def invitation(token: str) -> Letter:
    """Return the mail that invites somebody to join."""
    return Letter(
        _("Your invitation to the expert-matching platform"),
        _(
            "SEESAC has made an account for you on the Regional Security Sector Reform Platform."
            " Open this link within seven days to choose how you sign in. It works once. If you did"
            " not expect it, you need not do anything."
        ),
        f"/join/{token}",
        mailing=Mailing.ALWAYS,
        secret=True,
    )


def new_password(token: str) -> Letter:
    """Return the mail that leads to a new password."""
    return Letter(
        _("A new password for the platform"),
        _(
            "Somebody, probably you, asked for a new password. Open this link within an hour; it"
            " works once. If it was not you, you need not do anything."
        ),
        f"/password/{token}",
        mailing=Mailing.ALWAYS,
        urgent=True,
        secret=True,
    )


def new_address(token: str) -> Letter:
    """Return the mail to a new address, which shows that it is the person's own."""
    return Letter(
        _("Please confirm your new e-mail address"),
        _(
            "This address was given as the new one of an account on the platform. Sign in and open"
            " this link within a day to confirm it. If it was not you, please ignore this mail."
        ),
        f"/account/e-mail/{token}",
        mailing=Mailing.ALWAYS,
        urgent=True,
        secret=True,
    )


def address_changed() -> Letter:
    """Return the mail to the address that an account had until now."""
    return Letter(
        _("The e-mail address of your account was changed"),
        _(
            "The platform writes to another address from now on. If it was not you who changed it,"
            " write to SEESAC at once."
        ),
        "/account",
        mailing=Mailing.ALWAYS,
        urgent=True,
    )


_WAYS_IN = {
    Action.PASSWORD_CHANGED: _("A password of your account was set or changed."),
    Action.SECOND_FACTOR_CHANGED: _(
        "The application that shows codes was set up for your account, or taken off it."
    ),
    Action.RECOVERY_CODES_MADE: _("New recovery codes were made for your account."),
    Action.PASSKEY_ADDED: _("A passkey was added to your account."),
    Action.PASSKEY_REMOVED: _("A passkey was removed from your account."),
}


def way_in_changed(what: Action) -> Letter:
    """Return the mail that tells somebody of a change in how their account is entered."""
    return Letter(
        _("How you sign in was changed"),
        _(
            "%(what)s If it was not you, ask for a new password and write to SEESAC at once.",
            what=_WAYS_IN[what],
        ),
        "/account/security",
        mailing=Mailing.ALWAYS,
        urgent=True,
    )


def second_factor_reset() -> Letter:
    """Return the mail that tells somebody that others have taken off their second factor."""
    return Letter(
        _("The second factor of your account was taken off"),
        _(
            "SEESAC was told that you have lost it. Its codes, your passkeys and your recovery"
            " codes are worth nothing now, and you are signed out everywhere. When you sign in with"
            " your password you are asked for a new one, if your role needs it. If it was not you"
            " who asked, set a new password and write to SEESAC at once."
        ),
        "/account/security",
        mailing=Mailing.ALWAYS,
        urgent=True,
    )


def locked() -> Letter:
    """Return the mail that tells somebody that their account is locked for a while."""
    return Letter(
        _("Your account is locked for an hour in new browsers"),
        _(
            "Somebody tried too many passwords. For an hour no password opens your account in a"
            " browser in which you have not signed in of late. Where you have, you sign in as"
            " always; elsewhere a passkey opens it, and so does a new password, which the sign-in"
            " page offers."
        ),
        "/password",
        mailing=Mailing.ALWAYS,
        urgent=True,
    )


def guessed() -> Letter:
    """Return the mail that tells somebody that their password may be known to another."""
    return Letter(
        _("Wrong codes after your password"),
        _(
            "Somebody has given your password, and then too often a wrong code or passkey. Nobody"
            " was let in by it. If it was not you, your password is known: set a new one now."
        ),
        "/password",
        mailing=Mailing.ALWAYS,
        urgent=True,
    )


def account_refused(why: Grounds) -> Letter:
    """Return the mail to somebody who has asked for an account and gets none."""
    return Letter(
        _("Your request for an account on the expert-matching platform"),
        _(
            "Somebody, probably you, has asked for an account on the Regional Security Sector"
            " Reform Platform with this address. SEESAC does not grant it, and has deleted what was"
            " written. The reason: %(reason)s\n\nIf you think that this is a mistake, please write"
            " to SEESAC, or ask once more.",
            reason=_said(why),
        ),
        "/",
        mailing=Mailing.ALWAYS,
        why=_(
            "This mail was sent because this address was given on the platform. You need not do"
            " anything, and are sent nothing more."
        ),
    )


def _said(why: Grounds) -> Message | str:
    """Return a reason in words: its kind, and what was written beside it."""
    if why.kind is ReasonKind.OTHER:
        return why.text
    if not why.text:
        return why.kind.label
    return _("%(kind)s. %(words)s", kind=why.kind.label, words=why.text)


def account_corrected() -> Letter:
    """Return the mail to somebody for whom it was corrected where they work."""
    return Letter(
        _("Your account was corrected"),
        _(
            "An administrator has corrected the institution or the jurisdiction of your account."
            " Please look whether it is right now, and write to SEESAC if it is not."
        ),
        "/account",
    )


def account_asked_for() -> Letter:
    """Return the notice that strangers have asked for accounts."""
    return Letter(
        _("A request for an account waits"),
        _("Somebody has asked for an account. Please read who it is, and grant or refuse it."),
        "/accounts/requests",
    )
