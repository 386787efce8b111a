"""What is kept of a curriculum until its expert has taken or dropped each piece."""

from webapp.core.record.personal_data import Fate, Rule, of_expert
from webapp.core.words.translation import _
from webapp.curricula.models import CurriculumDraft

RULES = (
    Rule(
        table=CurriculumDraft,
        title=_("What was read in your curriculum"),
        rows=of_expert(CurriculumDraft.expert_id),
        given={"read_at": _("read on"), "text": _("text"), "pieces": _("what was found in it")},
        withheld={
            "id": "It is the number of a row.", "expert_id": "It is the number of a row.",
            "version": "It counts changes of the row.",
        },
        fate=Fate.DELETED,
    ),
)  # fmt: skip
