"""What briefing packs keep about the experts who are sent, and about those who ask for one."""

import sqlalchemy as sa

from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.personal_data import Fate, Rule, Whose, of_account, of_expert
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.matches.models import Match
from webapp.mission_documents.models import BriefingPack


def _of_own_missions(whose: Whose) -> sa.ColumnElement[bool]:
    own = (
        sa.select(Deployment.id)
        .join(Match, Match.id == Deployment.match_id)
        .where(of_expert(Match.expert_id)(whose))
    )
    return BriefingPack.deployment_id.in_(own)


_GIVEN = {
    "deployment_id": _("mission"), "asked_at": _("asked for on"), "language": _("language"),
    "state": _("state"), "state_since": _("since"),
}  # fmt: skip
_WITHHELD = {
    "id": "It is the number of a row.", "asked_by": "It may be another person.",
    "done": "It tells how far the making is.",
    "content": "It is made of what is given elsewhere, and saved from the page of the mission.",
}  # fmt: skip

RULES = (
    Rule(
        table=BriefingPack, title=_("Briefing packs of your missions"), rows=_of_own_missions,
        given=_GIVEN, withheld=_WITHHELD, fate=Fate.DELETED,
    ),
    Rule(
        table=BriefingPack, title=_("Briefing packs that you asked for"),
        rows=of_account(BriefingPack.asked_by),
        given=_GIVEN, withheld=_WITHHELD, fate=Fate.DELETED,
    ),
)  # fmt: skip


def drop_packs(event: AuditEvent, *, work: UnitOfWork, **_: object) -> None:
    """Delete the packs of a request that somebody has taken over: they name who it was before."""
    if event.action == Action.REQUEST_TAKEN_OVER:
        of_request = (
            sa.select(Deployment.id).join(Match).where(Match.request_id == event.request_id)
        )
        gone = sa.delete(BriefingPack).where(BriefingPack.deployment_id.in_(of_request))
        work.session.execute(gone)


def forget_packs(_whose: Whose, work: UnitOfWork) -> None:
    """Delete all packs when somebody is erased: any may name them, and is made anew by a click."""
    work.session.execute(sa.delete(BriefingPack))
