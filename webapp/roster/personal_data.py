"""What coordinators note about an expert: given with the copy, and gone with the expert."""

from webapp.core.personal_data import Fate, Rule, of_expert
from webapp.core.translation import _
from webapp.roster.models import CoordinatorNote

_NUMBER = "It is the number of a row."
_WRITER = "It is the number of the account of somebody else."

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
)  # fmt: skip
