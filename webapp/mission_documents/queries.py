"""Named selects for documents: what they are about, earlier missions to a place, those made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.record.disclosure import Person
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.words.vocabularies import HelpKind
from webapp.deployments import queries as missions
from webapp.deployments.models import Deployment
from webapp.deployments.standing_queries import get_on_a_side
from webapp.deployments.workflow import OVER
from webapp.expertise_requests.models import ExpertiseRequest, RequestTheme
from webapp.experts.models import Expert, ExpertState
from webapp.matches import amended, releases
from webapp.matches import queries as matches
from webapp.matches.models import Match
from webapp.mission_checklists import queries as checklists
from webapp.mission_checklists.models import NeedKind
from webapp.mission_documents import rules
from webapp.mission_documents.models import MADE, DocumentKind, DocumentState, MissionDocument
from webapp.mission_documents.rules import KEPT, STANDS_STILL
from webapp.themes.models import Theme

# What lies further back has little to say to whoever goes now.
MOST_EARLIER = 12


@dataclass(frozen=True)
class Subject:
    """What a document is about: an expert considered for a request, and their mission, if it is
    planned; `whole` tells whether its reader reads all of the terms of reference."""

    match: Match
    deployment: Deployment | None = None
    whole: bool = False

    @property
    def request(self) -> ExpertiseRequest:
        """Return the request that the document is about."""
        return self.match.request

    @property
    def mission(self) -> Deployment:
        """Return the mission, where a document is about one that is planned."""
        if self.deployment is None:
            raise LookupError(f"no mission is planned for match {self.match.id}")
        return self.deployment

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Return the days of the mission, or those for which the expert and the authority read that
        the expert is asked."""
        if self.deployment:
            return self.deployment.start, self.deployment.end
        return amended.days_told(self.match)


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


def _get_asked_for(session: Session, actor: Actor, match_id: int) -> Match:
    """Return a match of which SEESAC, or the authority that was asked, reads the letter that asks
    for the release of its expert."""
    unknown = NotFoundError(_("Nobody is asked to release this expert."))
    try:
        match = releases.get_asked(session, actor, match_id)
        is_told = not releases.are_others_now(session, match)
    except NotFoundError:
        # To whoever is neither, a match answers as one that does not exist.
        if Role.COORDINATOR not in actor.roles:
            raise unknown from None
        match, is_told = matches.get(session, actor, match_id), True
    if not is_told or not rules.has_nomination(match):
        raise unknown
    return match


def get_subject(session: Session, actor: Actor, kind: DocumentKind, match_id: int) -> Subject:
    """Return what a document is about that this person is given now; raises NotFoundError."""
    if kind is DocumentKind.NOMINATION:
        match = _get_asked_for(session, actor, match_id)
        return Subject(match, missions.find_uncancelled(session, match_id))
    mission = missions.find_of_match(session, match_id)
    if mission is None:
        raise NotFoundError(_("There is no such mission."))
    found = get_on_a_side(session, actor, mission.id)
    if kind not in list_given(session, actor, found):
        raise NotFoundError(_("There is no such document of this mission for you."))
    return Subject(found.match, found, rules.reads_all_terms(actor, found))


def find_subject(session: Session, document: MissionDocument) -> Subject:
    """Return what a document is about that somebody was given when they asked for it."""
    find = missions.find_of_match
    if document.kind is DocumentKind.NOMINATION:
        find = missions.find_uncancelled
    return Subject(document.match, find(session, document.match_id), document.whole)


def find_own(
    session: Session, actor: Actor, kind: DocumentKind, match_id: int, language: str
) -> MissionDocument | None:
    """Return the document of this kind and language that this person has asked for, if any."""
    return session.scalars(
        sa.select(MissionDocument).where(
            MissionDocument.match_id == match_id, MissionDocument.kind == kind,
            MissionDocument.language == language, MissionDocument.asked_by == actor.id,
        )
    ).one_or_none()  # fmt: skip


def get_own(session: Session, actor: Actor, document_id: int) -> MissionDocument:
    """Return a document that this person has asked for, and is given still; NotFoundError for any
    other, as for one that is not kept any more."""
    document = session.get(MissionDocument, document_id)
    if document is None or document.asked_by != actor.id:
        raise NotFoundError(_("There is no such document, or it is not kept any more."))
    about = get_subject(session, actor, document.kind, document.match_id)
    if document.whole and not about.whole:
        raise NotFoundError(_("There is no such document of this mission for you."))
    return document


def list_waiting(session: Session, now: datetime) -> Sequence[int]:
    """Return the numbers of documents that wait for the worker, or whose worker is gone."""
    still = sa.and_(
        MissionDocument.state == DocumentState.AT_WORK,
        MissionDocument.state_since <= now - STANDS_STILL,
    )
    return session.scalars(
        sa.select(MissionDocument.id)
        .where(sa.or_(MissionDocument.state == DocumentState.WAITING, still))
        .order_by(MissionDocument.id)
    ).all()


def lock_at_work(session: Session, document_id: int) -> MissionDocument | None:
    """Return a document that is being made, for this work alone; nothing where it is gone
    meanwhile, or is made already. What is asked for anew has another number."""
    return session.scalars(
        sa.select(MissionDocument)
        .where(MissionDocument.id == document_id, MissionDocument.state == DocumentState.AT_WORK)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_people(session: Session, people: Collection[Person]) -> bool:
    """Let nobody erase these people until this work is committed, and tell whether all of them are
    there still."""
    numbers = {table: sorted(one for of, one in people if of == table) for table, _one in people}
    rows: list[Account | Expert] = []
    for kind in (Account, Expert):
        chosen = sa.select(kind).where(kind.id.in_(numbers.get(kind.__tablename__, [])))
        rows += session.scalars(
            chosen.order_by(kind.id)
            .with_for_update(key_share=True, of=kind)
            .execution_options(populate_existing=True)
        )
    erased = (
        row.is_erased if isinstance(row, Account) else row.state is ExpertState.ERASED
        for row in rows
    )
    return len(rows) == len(people) and not any(erased)


def is_any_old(session: Session, now: datetime) -> bool:
    """Tell whether there is a document that has been kept long enough."""
    old = (sa.select(table.id).where(table.asked_at <= now - KEPT).limit(1) for table in MADE)
    return any(session.scalars(one).first() is not None for one in old)
