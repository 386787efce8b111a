"""What coordinators note about an expert: given with the copy, and gone with the expert."""

import sqlalchemy as sa

from webapp.core.record.personal_data import Fate, Rows, Rule, Whose, of_expert
from webapp.core.words.translation import _
from webapp.roster.models import CoordinatorNote, DifferentPeople, LikelyPair

_NUMBER = "It is the number of a row."
_WRITER = "It is the number of the account of somebody else."


def _one_of_both(table: type[DifferentPeople | LikelyPair]) -> Rows:
    def rows(whose: Whose) -> sa.ColumnElement[bool]:
        pair = (table.expert_id, table.other_id)
        return sa.or_(*(of_expert(column)(whose) for column in pair))

    return rows


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
        rows=_one_of_both(DifferentPeople),
        given={"said_at": _("said on")},
        withheld={
            "id": _NUMBER, "expert_id": "It may be another person.",
            "other_id": "It may be another person.", "said_by": _WRITER,
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=LikelyPair,
        title=_("People who look like you on the roster, and may be you"),
        rows=_one_of_both(LikelyPair),
        given={"since": _("pointed out since")},
        withheld={
            "id": _NUMBER, "expert_id": "It may be another person.",
            "other_id": "It may be another person.",
        },
        fate=Fate.DELETED,
    ),
)  # fmt: skip
