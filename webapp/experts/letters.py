"""The mails about evidence: who was there is asked, and the expert is told the answer."""

from webapp.core.words.translation import _
from webapp.messages.letters import Letter, Mailing


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
