"""What people are told so that the roster stays true."""

from datetime import date

import sqlalchemy as sa

from webapp.core.record.disclosure import Named
from webapp.core.words.translation import _
from webapp.experts.models import Expert, Training
from webapp.messages.letters import Enclosed, Letter, Mailing
from webapp.messages.models import Notice

ASK_BY_TELEPHONE = _(
    "ask whether the profile is still true, and whether they are free in the coming three months"
)
_STILL_TRUE = _("Is your profile still true?")


def question(mailing: Mailing) -> Letter:
    """Return the notice that asks whether the profile still holds."""
    return Letter(
        _STILL_TRUE,
        _(
            "Please say by one click on your profile whether it is still true, and whether you are"
            " free in the coming three months."
        ),
        "/profile",
        mailing=mailing,
    )


def question_by_link(token: str) -> Letter:
    """Return the mail that asks the same, with a link by which it is answered."""
    return Letter(
        _STILL_TRUE,
        _(
            "Please open this link and say by one click whether your profile on the expert-matching"
            " platform is still true, and whether you are free in the coming three months. It works"
            " once, within thirty days."
        ),
        f"/still-true/{token}",
        mailing=Mailing.ALWAYS,
        secret=True,
    )


def enclosed_question(token: str) -> Enclosed:
    """Return the question as it stands in a daily mail, with the link by which it is answered."""
    return Enclosed(
        _(
            "One of them asks whether your profile is still true, and whether you are free in the"
            " coming three months. This link takes your answer by one click, once, within thirty"
            " days. Please pass it on to nobody:"
        ),
        f"/still-true/{token}",
    )


def is_question(notice: type[Notice]) -> sa.ColumnElement[bool]:
    """Find the notices that ask whether a profile still holds."""
    subject: sa.ColumnElement[str] = notice.words["subject"]["text"].as_string()
    return subject == _STILL_TRUE.source


def soon_dormant(day: date) -> Letter:
    """Return the reminder that a profile will rest from a day on."""
    return Letter(
        _("Your profile will soon not be ranked any more"),
        _(
            "Nobody has confirmed your profile for a long time. From %(day)s on it is not ranked"
            " unless you say before that it is still true.",
            day=day,
        ),
        "/profile",
    )


def approval_ends(expert: Expert, day: date, path: str) -> Letter:
    """Return what those are told who can renew an approval."""
    return Letter(
        _("An approval ends soon"),
        _(
            "The approval of %(expert)s ends on %(day)s. Who may be sent after that has to be"
            " approved for longer.",
            expert=Named.of(expert),
            day=day,
        ),
        path,
    )


def own_approval_ends(day: date) -> Letter:
    """Return what the expert is told before the approval ends."""
    return Letter(
        _("Your authority's approval ends soon"),
        _(
            "Your nominating authority's approval ends on %(day)s. It has been asked to approve you"
            " for longer.",
            day=day,
        ),
        "/profile",
    )


def certificate_ends(row: Training, day: date) -> Letter:
    """Return the reminder that a certificate runs out."""
    return Letter(
        _("One of your certificates runs out soon"),
        _("“%(title)s” runs out on %(day)s. If you have renewed it, please say so in your profile.",
          title=row.title, day=day),
        "/profile#training",
    )  # fmt: skip
