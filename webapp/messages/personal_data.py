"""What notices and mails keep about a person, theirs and those of others that name them."""

from typing import Any

import sqlalchemy as sa

from webapp.core.record.disclosure import is_one_of
from webapp.core.record.personal_data import Fate, Rule, Whose, of_account, of_address
from webapp.core.record.stored_words import with_other_name
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.messages import queries
from webapp.messages.models import Notice, NoticePerson, OutboxMessage

_NUMBER = "It is the number of a row."


def _to_them(whose: Whose) -> sa.ColumnElement[bool]:
    """Find the mails to accounts of a person, and those that went to them in another's matter."""
    to_account, to_address = of_account(OutboxMessage.account_id), of_address(OutboxMessage.address)
    to_person = is_one_of(whose.people, OutboxMessage.person_table, OutboxMessage.person_id)
    return sa.or_(to_account(whose), to_address(whose), to_person)


RULES = (
    Rule(
        table=Notice,
        title=_("Your notices"),
        rows=of_account(Notice.account_id),
        given={
            "created_at": _("written on"), "read_at": _("read on"), "words": _("what it says"),
            "path": _("the page it leads to"), "reply_by": _("answer awaited by"),
        },
        withheld={
            "id": _NUMBER, "account_id": _NUMBER, "reason_id": _NUMBER,
            "for_digest": "It says whether the daily mail has left.",
            "people_noted": "It says whether those it names are noted.",
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=NoticePerson,
        title=_("Notices to others that name you"),
        rows=lambda whose: queries.names(whose.people),
        given={"notice_id": _("number")},
        withheld={"person_table": _NUMBER, "person_id": _NUMBER},
        fate=Fate.KEPT,
        because=_("What others were told stays for a while, with a number in place of your name."),
    ),
    Rule(
        table=OutboxMessage,
        title=_("Mails to you"),
        rows=_to_them,
        given={
            "created_at": _("written on"), "sent_at": _("sent on"), "address": _("e-mail address"),
            "subject": _("subject"), "body": _("what it says"),
        },
        withheld={
            "id": _NUMBER, "account_id": _NUMBER, "message_id": _NUMBER,
            "person_table": _NUMBER, "person_id": _NUMBER,
            "secret_link": "It lets somebody in.", "due_at": "It says when it is tried.",
            "claimed_until": "It says which job sends it.", "attempts": "It counts tries.",
            "urgent": "It tells the kind of mail, which its subject names.",
            "last_error": "It is what the mail server said.",
        },
        fate=Fate.DELETED,
    ),
)  # fmt: skip


def take_out_of_notices(whose: Whose, *, work: UnitOfWork) -> None:
    """Put a number in place of a person's name in what others were told."""
    people = whose.people
    for notice in queries.list_naming(work.session, people):
        words: dict[str, Any] = with_other_name(notice.words, people, whose.pseudonym)
        notice.words = words
    work.session.flush()
