"""What the log and the reasons in it keep about a person."""

import sqlalchemy as sa

from webapp.core.record.audit import AuditEvent
from webapp.core.record.disclosure import is_one_of
from webapp.core.record.personal_data import Fate, Rule, Whose
from webapp.core.record.reasons import Reason
from webapp.core.words.translation import _

_SEAL = "It seals the log, and says nothing of the person."


def _written_by_or_about(whose: Whose) -> sa.ColumnElement[bool]:
    about = is_one_of(whose.people, Reason.person_table, Reason.person_id)
    return sa.or_(about, Reason.written_by.in_(whose.accounts))


def _done_by_or_to(whose: Whose) -> sa.ColumnElement[bool]:
    to = is_one_of(whose.people, AuditEvent.subject, AuditEvent.subject_id)
    return sa.or_(to, AuditEvent.actor_id.in_(whose.accounts))


RULES = (
    Rule(
        table=Reason,
        title=_("Reasons that you gave, or that were given about you"),
        rows=_written_by_or_about,
        given={
            "written_at": _("given on"), "kind": _("kind"), "text": _("in words"),
            "first_day": _("possible from"), "last_day": _("possible until"),
            "said_on": _("said on"), "letter": _("number of the letter"),
            "letter_day": _("day of the letter"),
        },
        withheld={
            "id": "It is the number of a row.", "written_by": "It may be another person.",
            "said_by": "It is another person.",
            "person_table": "It says what the next number is of.",
            "person_id": "It may be another person.",
            "removed_at": "It says that the text was removed.",
        },
        fate=Fate.EMPTIED,
        emptied={"text": "", "said_by": "", "letter": ""},
        because=_(
            "The kind stays, as the record of a decision; it says nothing of health, family or"
            " conduct."
        ),
    ),
    Rule(
        table=AuditEvent,
        title=_("The log of what you did, and of what was done to your data"),
        rows=_done_by_or_to,
        given={"at": _("when"), "action": _("what"), "subject": _("with which kind of thing"),
               "role": _("in which role")},
        withheld={
            "id": _SEAL, "hash": _SEAL, "previous": _SEAL,
            "actor_id": "It may be another person.", "subject_id": "It may be another person.",
            "address": "It may be another person's.", "request_id": "It is the number of a row.",
            "details": "They may name other people by their numbers.",
            "reason": "It stands among the reasons.",
        },
        fate=Fate.KEPT,
        because=_(
            "Nobody can alter the log, which protects you: it shows who has read your data. It"
            " holds numbers and no names."
        ),
    ),
)  # fmt: skip
