"""Named selects for documents: the agreed terms, earlier missions to a place, briefing packs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.words.translation import _
from webapp.core.words.vocabularies import HelpKind
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import OVER
from webapp.expertise_requests.models import ExpertiseRequest, RequestTheme
from webapp.matches.models import Match
from webapp.mission_checklists import queries as checklists
from webapp.mission_checklists.models import NeedKind
from webapp.mission_documents import rules
from webapp.mission_documents.content import DocumentKind
from webapp.mission_documents.models import BriefingPack, PackState
from webapp.mission_documents.rules import KEPT, STANDS_STILL
from webapp.themes.models import Theme

# What lies further back has little to say to whoever goes now.
MOST_EARLIER = 12


def list_themes(session: Session, codes: Sequence[str]) -> list[Theme]:
    """Return themes in the order of their codes."""
    rows = session.scalars(sa.select(Theme).where(Theme.code.in_(codes)))
    found = {row.code: row for row in rows}
    return [found[code] for code in codes if code in found]


def list_given(session: Session, actor: Actor, deployment: Deployment) -> list[DocumentKind]:
    """Return the documents of a mission that this person is given now."""
    return _list_deserved(session, deployment, rules.list_readable(actor, deployment))


def list_for_authority(session: Session, deployment: Deployment) -> list[DocumentKind]:
    """Return the documents of its official's mission that an authority is given now."""
    return _list_deserved(session, deployment, rules.list_for_authority(deployment))


def _list_deserved(
    session: Session, deployment: Deployment, kinds: list[DocumentKind]
) -> list[DocumentKind]:
    """Leave out the thanks for a release that nobody has given."""
    thanks = DocumentKind.THANKS_AUTHORITY
    if thanks in kinds:
        release = checklists.find_entry(session, deployment, NeedKind.RELEASE)
        if not rules.is_released(release):
            return [kind for kind in kinds if kind is not thanks]
    return kinds


@dataclass(frozen=True)
class Earlier:
    """A mission of the past to a place, without what could name anybody."""

    start: date
    end: date
    theme: Theme | None
    help_kind: HelpKind | None
    experts: int


def list_earlier(session: Session, deployment: Deployment) -> list[Earlier]:
    """Return the missions that went to the place of this one before, the latest first."""
    request = deployment.match.request
    main = sa.and_(RequestTheme.request_id == ExpertiseRequest.id, RequestTheme.position == 1)
    begun = sa.func.min(Deployment.start)
    rows = session.execute(
        sa.select(
            begun, sa.func.max(Deployment.end), RequestTheme.theme_code,
            ExpertiseRequest.help_kind, sa.func.count(),
        )
        .select_from(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .outerjoin(RequestTheme, main)
        .where(
            Deployment.state.in_(OVER),
            Match.request_id != request.id,
            ExpertiseRequest.jurisdiction.is_not(None),
            ExpertiseRequest.jurisdiction == request.jurisdiction,
        )
        .group_by(ExpertiseRequest.id, RequestTheme.theme_code, ExpertiseRequest.help_kind)
        .order_by(begun.desc())
        .limit(MOST_EARLIER)
    ).all()  # fmt: skip
    themes = {row.code: row for row in list_themes(session, [row[2] for row in rows if row[2]])}
    return [
        Earlier(start, end, themes.get(code), kind, count) for start, end, code, kind, count in rows
    ]


def find_pack(session: Session, actor: Actor, deployment: Deployment) -> BriefingPack | None:
    """Return the briefing pack that this person has asked for, if there is one."""
    return session.scalars(
        sa.select(BriefingPack).where(
            BriefingPack.deployment_id == deployment.id, BriefingPack.asked_by == actor.id
        )
    ).one_or_none()


def get_ready_pack(session: Session, actor: Actor, deployment: Deployment) -> BriefingPack:
    """Return the briefing pack of this person's own that is made; raises NotFoundError."""
    pack = find_pack(session, actor, deployment)
    if pack is None or pack.state is not PackState.READY:
        raise NotFoundError(_("There is no such briefing pack, or it is not kept any more."))
    return pack


def list_waiting(session: Session, now: datetime) -> Sequence[int]:
    """Return the numbers of packs that wait for the worker, or whose worker is gone."""
    still = sa.and_(
        BriefingPack.state == PackState.AT_WORK, BriefingPack.state_since <= now - STANDS_STILL
    )
    return session.scalars(
        sa.select(BriefingPack.id)
        .where(sa.or_(BriefingPack.state == PackState.WAITING, still))
        .order_by(BriefingPack.id)
    ).all()


@dataclass(frozen=True)
class Asked:
    """For whom and of which mission a pack is made; `asked_at` tells it from one asked for anew.

    No number does: SQLite gives that of a row that is gone to the next.
    """

    asked_by: int
    deployment_id: int
    asked_at: datetime
    language: str


def lock_at_work(session: Session, asked: Asked) -> BriefingPack | None:
    """Return a pack that is being made, for this work alone; nothing where it is gone meanwhile,
    was asked for anew, or is made already."""
    return session.scalars(
        sa.select(BriefingPack)
        .where(
            BriefingPack.asked_by == asked.asked_by,
            BriefingPack.deployment_id == asked.deployment_id,
            BriefingPack.asked_at == asked.asked_at,
            BriefingPack.state == PackState.AT_WORK,
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def is_any_old(session: Session, now: datetime) -> bool:
    """Tell whether there is a pack that has been kept long enough."""
    old = sa.select(BriefingPack.id).where(BriefingPack.asked_at <= now - KEPT)
    return session.scalars(old.limit(1)).first() is not None
