"""What deployments keep about the experts who are sent."""

import sqlalchemy as sa

from webapp.core.record.personal_data import Fate, Rule, Whose, of_account, of_expert
from webapp.core.words.translation import _
from webapp.deployments.models import CalendarFeed, Deployment
from webapp.matches.models import Match


def _of_own_matches(whose: Whose) -> sa.ColumnElement[bool]:
    own = sa.select(Match.id).where(of_expert(Match.expert_id)(whose))
    return Deployment.match_id.in_(own)


RULES = (
    Rule(
        table=Deployment, title=_("Your missions"), rows=_of_own_matches,
        given={
            "id": _("number"), "state": _("state"), "state_since": _("since"),
            "start": _("from"), "end": _("until"),
            "tor_version": _("version of the terms of reference"),
        },
        withheld={
            "match_id": "It is the number of a row.", "reason_id": "It is the number of a row.",
            "version": "It counts changes of the row.",
        },
        fate=Fate.KEPT,
        because=_("Missions of the past stay to be counted, without your name."),
    ),
    Rule(
        table=CalendarFeed, title=_("The secret address of your missions for a calendar"),
        rows=of_account(CalendarFeed.account_id), given={
            "made_at": _("made on"),
            "with_days_off": _("with the days on which you are not available"),
        },
        withheld={
            "account_id": "It is the number of a row.",
            "token_hash": "It lets somebody read the address.",
        },
        fate=Fate.DELETED,
    ),
)  # fmt: skip
