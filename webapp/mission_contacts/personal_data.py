"""What is kept about experts for emergencies of their missions."""

import sqlalchemy as sa

from webapp.core.record.personal_data import Fate, Rule, Whose, of_expert
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.matches.models import Match
from webapp.mission_contacts.models import MissionContact


def _of_own_missions(whose: Whose) -> sa.ColumnElement[bool]:
    missions = (
        sa.select(Deployment.id)
        .join(Match, Match.id == Deployment.match_id)
        .where(of_expert(Match.expert_id)(whose))
    )
    return MissionContact.deployment_id.in_(missions)


RULES = (
    Rule(
        table=MissionContact, title=_("Whom to call in an emergency of your missions"),
        rows=_of_own_missions,
        given={
            "deployment_id": _("mission"), "name": _("name"), "telephone": _("telephone"),
            "relation": _("who this is to you"), "diet": _("what you do not eat"),
            "written_at": _("written on"), "by_office": _("written down by SEESAC"),
        },
        withheld={"version": "It counts changes of the row."},
        fate=Fate.DELETED,
    ),
)  # fmt: skip
