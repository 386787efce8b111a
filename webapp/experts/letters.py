"""The mails about evidence: who was there is asked, and the expert is told the answer."""

from webapp.core.record.disclosure import Named
from webapp.core.words.translation import _
from webapp.messages.letters import Letter, Mailing


def tells_of_roster(by: str) -> Letter:
    """Return the mail to somebody whom others have put on the roster, and who has no account."""
    return Letter(
        _("You are proposed for a roster of experts"),
        _(
            "%(by)s has proposed you for the roster of the Regional Security Sector Reform"
            " Platform, from which SEESAC finds experts for governments that ask for help. SEESAC"
            " keeps your name, what you do, and how to reach you. Until you agree, your profile is"
            " proposed to nobody.\n\nIf you do not want to be on the roster, or something is wrong,"
            " please write to SEESAC: what is kept about you is corrected or deleted. What is kept,"
            " what for and how long, and what you may ask, stands here:",
            by=by,
        ),
        "/privacy",
        mailing=Mailing.ALWAYS,
        why=_(
            "This mail was sent because your address was given with the proposal. You need no"
            " account to object."
        ),
    )


def tells_former_address() -> Letter:
    """Return the mail to the address at which an expert without an account was reached before."""
    return Letter(
        _("Your e-mail address on the roster of experts was changed"),
        _(
            "SEESAC writes to you at another address, or by telephone, from now on about your place"
            " on the roster of the Regional Security Sector Reform Platform. If it was not you who"
            " asked for that, please write to SEESAC at once."
        ),
        "/privacy",
        mailing=Mailing.ALWAYS,
        urgent=True,
        why=_(
            "This mail was sent because it is the address that SEESAC had noted before. It is sent"
            " nothing more."
        ),
    )


def tells_of_address(expert: Named, path: str) -> Letter:
    """Return the notice that somebody on the roster has another address: an invitation goes there,
    and whoever answers it keeps the profile."""
    return Letter(
        _("An expert is reached at another e-mail address"),
        _(
            "The address of %(expert)s, who has no account, was changed by SEESAC. An invitation to"
            " keep the profile goes there. If you do not know why, please ask, or call them.",
            expert=expert,
        ),
        path,
    )


def asks_to_confirm(token: str) -> Letter:
    """Return the mail to somebody who has no account; whom it is about stands behind the link."""
    return Letter(
        _("Please confirm a piece of work"),
        _(
            "Somebody who keeps a profile on the Regional Security Sector Reform Platform has named"
            " you as a person who knows of a piece of their work. Open this link within 30 days"
            " to read what it says and to answer whether it is true. It works once."
        ),
        f"/confirm-evidence/{token}",
        mailing=Mailing.ALWAYS,
        secret=True,
        why=_(
            "This mail was sent because an expert gave your address. You need no account and are"
            " sent nothing more."
        ),
    )


def tells_of_answer(*, is_true: bool) -> Letter:
    """Return the notice to the expert who has asked."""
    if is_true:
        return Letter(
            _("A piece of your evidence is confirmed"),
            _("Whom you named has confirmed it. Your profile shows so, and the ranking counts it."),
            "/profile#evidence",
        )
    return Letter(
        _("A piece of your evidence is not confirmed"),
        _(
            "Whom you named has answered that it is not true as it stands. Please read the entry"
            " again; you can change it and ask anew."
        ),
        "/profile#evidence",
    )
