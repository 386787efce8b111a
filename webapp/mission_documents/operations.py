"""What happens to briefing packs: they are asked for, made by the job worker, and deleted."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.portions import delete_some
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.mission_documents import queries, rules
from webapp.mission_documents.content import DocumentKind
from webapp.mission_documents.models import UNFINISHED, BriefingPack, PackState


def ask(work: UnitOfWork, deployment: Deployment, language: str) -> BriefingPack:
    """Let a briefing pack be made; one that this person has had of the mission goes."""
    lock(work.session, deployment.match.request, deployment.match.expert)
    work.session.refresh(deployment)
    may = rules.can_read(work.actor, deployment, DocumentKind.BRIEFING)
    if work.actor.id is None or not may:
        raise ForbiddenError(
            _("A briefing pack is for the expert of a mission that is to be done, and for SEESAC.")
        )
    former = queries.find_pack(work.session, work.actor, deployment)
    if former and former.state in UNFINISHED:
        raise ConflictError(_("The briefing pack is being made already."))
    if former:
        work.session.delete(former)
        work.session.flush()
    pack = BriefingPack(
        deployment_id=deployment.id, asked_by=work.actor.id, asked_at=work.now,
        language=language, state_since=work.now,
    )  # fmt: skip
    work.session.add(pack)
    work.session.flush()
    _record(work, Action.PACK_ASKED, deployment)
    return pack


def take_up(work: UnitOfWork, pack: BriefingPack) -> bool:
    """Begin to make a pack, unless another worker is at it; tell whether this one does."""
    lock(work.session, pack)
    work.session.refresh(pack)
    still = work.now - pack.state_since >= rules.STANDS_STILL
    if pack.state not in UNFINISHED or (pack.state is PackState.AT_WORK and not still):
        return False
    _move(work, pack, PackState.AT_WORK)
    pack.done = 0
    return True


def go_on(work: UnitOfWork, pack: BriefingPack, *, done: int) -> None:
    """Note how many steps of the making are done."""
    pack.done, pack.state_since = done, work.now


def keep(work: UnitOfWork, pack: BriefingPack, content: bytes) -> None:
    """Keep a pack that is made, for whoever has asked for it."""
    pack.content, pack.done = content, rules.STEPS
    _move(work, pack, PackState.READY)
    _record(work, Action.PACK_MADE, pack.deployment)


def fail(work: UnitOfWork, pack: BriefingPack) -> None:
    """Note that the platform could not make a pack, so that nobody waits for it."""
    _move(work, pack, PackState.FAILED)
    _record(work, Action.PACK_FAILED, pack.deployment)


def delete_old(session: Session, now: datetime) -> None:
    """Delete the packs that have been kept long enough."""
    delete_some(session, BriefingPack, BriefingPack.asked_at <= now - rules.KEPT)


def _move(work: UnitOfWork, pack: BriefingPack, state: PackState) -> None:
    pack.state, pack.state_since = state, work.now
    work.session.flush()


def _record(work: UnitOfWork, action: Action, deployment: Deployment) -> None:
    # That somebody prepares for a mission is no part of the story of the request.
    audit.record(work, action, deployment, expert_id=deployment.match.expert_id)
