"""What costs keep about the experts who are sent."""

import sqlalchemy as sa

from webapp.core.record.personal_data import Fate, Rule, Whose, of_expert
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.matches.models import Match
from webapp.mission_costs.models import MissionCost


def _of_own_missions(whose: Whose) -> sa.ColumnElement[bool]:
    missions = (
        sa.select(Deployment.id)
        .join(Match, Match.id == Deployment.match_id)
        .where(of_expert(Match.expert_id)(whose))
    )
    return MissionCost.deployment_id.in_(missions)


RULES = (
    Rule(
        table=MissionCost, title=_("What your missions cost"), rows=_of_own_missions,
        given={
            "deployment_id": _("mission"), "item": _("for what"), "planned": _("planned, in euros"),
            "actual": _("actual, in euros"), "payer": _("who pays"),
        },
        withheld={"id": "It is the number of a row.", "version": "It counts changes of the row."},
        fate=Fate.KEPT, because=_("Sums stay to be counted, without your name."),
    ),
)  # fmt: skip
