"""What checklists keep about the experts who are sent, and about those who see to things."""

import sqlalchemy as sa

from webapp.core.record.personal_data import Fate, Rule, Whose, of_account, of_expert
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.expertise_requests.waiting import Side
from webapp.matches.models import Match
from webapp.mission_checklists.content import NEEDS
from webapp.mission_checklists.models import Item, ItemFile


def _of_own_missions(whose: Whose) -> sa.ColumnElement[bool]:
    missions = (
        sa.select(Deployment.id)
        .join(Match, Match.id == Deployment.match_id)
        .where(of_expert(Match.expert_id)(whose))
    )
    return Item.deployment_id.in_(missions)


def _files_of_own_missions(whose: Whose) -> sa.ColumnElement[bool]:
    return ItemFile.item_id.in_(sa.select(Item.id).where(_of_own_missions(whose)))


def _files_given(whose: Whose) -> sa.ColumnElement[bool]:
    """Choose the files of one side; what SEESAC adds for a mission does not leave with a person."""
    own = [need.kind for need in NEEDS if need.side is not Side.OFFICE]
    given = of_account(Item.changed_by)(whose), Item.kind.in_(own), Item.by_office.is_(False)
    return ItemFile.item_id.in_(sa.select(Item.id).where(*given))


_NUMBER = "It is the number of a row."
_GIVEN = {
    "deployment_id": _("mission"), "kind": _("what"), "state": _("state"),
    "state_since": _("since"), "by_office": _("written down by SEESAC"),
    "text_version": _("version of the text that was signed"),
    "signed_language": _("language of the text that was signed"),
    "signed_text": _("text that was signed"),
}  # fmt: skip
_WITHHELD = {
    "id": _NUMBER, "changed_by": "It may be another person.", "reason_id": _NUMBER,
    "owner_id": "It may be another person.",
    "version": "It counts changes of the row.",
}  # fmt: skip
_FILES = {"name": _("name"), "kind": _("kind"), "size": _("size")}
_NOT_FILES = {
    "item_id": _NUMBER, "digest": "It tells whether the content changed.",
    "content": "You save those that are meant for you on the page of the mission.",
}  # fmt: skip
_STAYS = _("That things were seen to stays with the mission, without a name.")

RULES = (
    Rule(
        table=Item, title=_("What your missions needed"), rows=_of_own_missions,
        given=_GIVEN, withheld=_WITHHELD, fate=Fate.KEPT, because=_STAYS,
    ),
    Rule(
        table=Item, title=_("What you saw to for missions"), rows=of_account(Item.changed_by),
        given=_GIVEN, withheld=_WITHHELD, fate=Fate.KEPT, because=_STAYS,
    ),
    Rule(
        table=Item, title=_("What you were asked to see to for missions"),
        rows=of_account(Item.owner_id),
        given=_GIVEN, withheld=_WITHHELD, fate=Fate.KEPT, because=_STAYS,
    ),
    Rule(
        table=ItemFile, title=_("Files of your missions"), rows=_files_of_own_missions,
        given=_FILES, withheld=_NOT_FILES, fate=Fate.DELETED,
    ),
    Rule(
        table=ItemFile, title=_("Files that you added for missions"), rows=_files_given,
        given=_FILES, withheld=_NOT_FILES, fate=Fate.DELETED,
    ),
)  # fmt: skip
