"""What changes of terms of reference keep about those who propose them."""

from webapp.amendments.models import Amendment
from webapp.core.record.personal_data import Fate, Rule, of_account
from webapp.core.words.translation import _

RULES = (
    Rule(
        table=Amendment, title=_("Changes of terms of reference that you proposed"),
        rows=of_account(Amendment.proposed_by),
        given={
            "request_id": _("request"), "proposed_at": _("proposed on"), "changes": _("text"),
            "state": _("state"), "state_since": _("since"),
            "from_version": _("version that it changes"), "into_version": _("version made by it"),
        },
        withheld={
            "id": "It is the number of a row.", "proposed_by": "It is the number of a row.",
            "by_office": "It tells the side on which it was proposed.",
            "reply_by": "It is a day for the other side.",
            "reason_id": "It is the number of a row.", "answer_id": "It is the number of a row.",
        },
        fate=Fate.KEPT,
        because=_("What was proposed to change belongs to the terms of reference of a mission."),
    ),
)  # fmt: skip
