"""What made documents keep about the experts who are sent, and about those who ask for one."""

import sqlalchemy as sa

from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.personal_data import Fate, Rule, Whose, of_account, of_expert
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.matches.models import Match
from webapp.mission_documents.models import MADE, FormerPack, MissionDocument


def _of_own_missions(whose: Whose) -> sa.ColumnElement[bool]:
    own = sa.select(Deployment.id).join(Match).where(of_expert(Match.expert_id)(whose))
    return FormerPack.deployment_id.in_(own)


def _of_own_matches(whose: Whose) -> sa.ColumnElement[bool]:
    own = sa.select(Match.id).where(of_expert(Match.expert_id)(whose))
    return MissionDocument.match_id.in_(own)


_GIVEN = {
    "kind": _("document"), "asked_at": _("asked for on"),
    "language": _("language"), "state": _("state"), "state_since": _("since"),
}  # fmt: skip
_WITHHELD = {
    "id": "It is the number of a row.", "match_id": "It is the number of a row.",
    "asked_by": "It may be another person.",
    "done": "It tells how far the making is.",
    "whole": "It tells which parts its reader reads.",
    "people": "They are numbers of rows, of others too.",
    "content": "It is made of what is given elsewhere, and saved from the page of the mission.",
}  # fmt: skip
_GIVEN_OF_PACK = {name: words for name, words in _GIVEN.items() if name != "kind"}
_WITHHELD_OF_PACK = {
    "deployment_id": "It is the number of a row.",
    **{name: _WITHHELD[name] for name in ("id", "asked_by", "done", "content")},
}

RULES = (
    Rule(
        table=MissionDocument, title=_("Documents of your missions"), rows=_of_own_matches,
        given=_GIVEN, withheld=_WITHHELD, fate=Fate.DELETED,
    ),
    Rule(
        table=MissionDocument, title=_("Documents of missions that you asked for"),
        rows=of_account(MissionDocument.asked_by),
        given=_GIVEN, withheld=_WITHHELD, fate=Fate.DELETED,
    ),
    Rule(
        table=FormerPack, title=_("Documents of your missions"), rows=_of_own_missions,
        given=_GIVEN_OF_PACK, withheld=_WITHHELD_OF_PACK, fate=Fate.DELETED,
    ),
    Rule(
        table=FormerPack, title=_("Documents of missions that you asked for"),
        rows=of_account(FormerPack.asked_by),
        given=_GIVEN_OF_PACK, withheld=_WITHHELD_OF_PACK, fate=Fate.DELETED,
    ),
)  # fmt: skip


def drop_documents(event: AuditEvent, *, work: UnitOfWork, **_: object) -> None:
    """Delete the documents of a request that somebody has taken over: they name who it was
    before."""
    if event.action == Action.REQUEST_TAKEN_OVER:
        of_request = sa.select(Match.id).where(Match.request_id == event.request_id)
        missions = sa.select(Deployment.id).where(Deployment.match_id.in_(of_request))
        for gone in (
            sa.delete(MissionDocument).where(MissionDocument.match_id.in_(of_request)),
            sa.delete(FormerPack).where(FormerPack.deployment_id.in_(missions)),
        ):
            work.session.execute(gone)


def forget_documents(_whose: Whose, work: UnitOfWork) -> None:
    """Delete all documents when somebody is erased: any may name them, and is made anew by a
    click."""
    for table in MADE:
        work.session.execute(sa.delete(table))
