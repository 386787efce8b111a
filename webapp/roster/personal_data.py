"""What coordinators note about an expert: given with the copy, and gone with the expert."""

import sqlalchemy as sa

from webapp.core.personal_data import Fate, Rule, Whose, of_expert
from webapp.core.translation import _
from webapp.roster.models import CoordinatorNote, DifferentPeople

_NUMBER = "It is the number of a row."
_WRITER = "It is the number of the account of somebody else."


def _one_of_both(whose: Whose) -> sa.ColumnElement[bool]:
    pair = (DifferentPeople.expert_id, DifferentPeople.other_id)
    return sa.or_(*(of_expert(column)(whose) for column in pair))


RULES = (
    Rule(
        table=CoordinatorNote,
        title=_("What SEESAC has noted about you"),
        rows=of_expert(CoordinatorNote.expert_id),
        given={
            "text": _("note"), "written_at": _("written on"), "changed_at": _("changed on"),
        },
        withheld={
            "id": _NUMBER, "expert_id": _NUMBER, "written_by": _WRITER, "changed_by": _WRITER,
            "version": "It counts changes of the note.",
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=DifferentPeople,
        title=_("People who look like you on the roster, and are not you"),
        rows=_one_of_both,
        given={"said_at": _("said on")},
        withheld={
            "id": _NUMBER, "expert_id": "It may be another person.",
            "other_id": "It may be another person.", "said_by": _WRITER,
        },
        fate=Fate.DELETED,
    ),
)  # fmt: skip
