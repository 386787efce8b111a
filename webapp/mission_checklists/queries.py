"""Named selects of checklists; of each thing a person finds what is theirs to read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload, selectinload

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.amendments.comparison import get_terms
from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.deployments import standing_queries
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import AHEAD
from webapp.expertise_requests import rules as requests
from webapp.expertise_requests.models import Payer
from webapp.expertise_requests.queries import WITH_OWNER, WITHOUT_TEXTS
from webapp.expertise_requests.waiting import Side
from webapp.matches.models import Match, ReleaseLetter
from webapp.matches.queries import WITHOUT_WHAT_WAS_SEEN
from webapp.matches.work_queue import waiting
from webapp.mission_checklists import rules
from webapp.mission_checklists.content import RiskKnown
from webapp.mission_checklists.models import Item, NeedKind
from webapp.mission_checklists.models import ItemState as S
from webapp.mission_checklists.rules import Entry


def list_entries(session: Session, deployments: Sequence[Deployment]) -> dict[int, list[Entry]]:
    """Return, by mission, what each needs and how that stands, in the table's order."""
    items = _items(session, [one.id for one in deployments])
    letters = _letters(session, [one.match_id for one in deployments])
    authorities = accounts.list_acting(session, Role.NOMINATING_AUTHORITY)
    found = {}
    for one in deployments:
        reached = _reached(one, authorities)
        found[one.id] = [
            Entry(
                need, one, items.get((one.id, need.kind)), need.side in reached,
                letters.get(one.match_id) if need.kind is NeedKind.RELEASE else None,
            )
            for need in rules.needs_of(one)
        ]  # fmt: skip
    return found


def _items(session: Session, numbers: Sequence[int]) -> dict[tuple[int, NeedKind], Item]:
    rows = session.scalars(
        sa.select(Item)
        .where(Item.deployment_id.in_(numbers))
        .options(selectinload(Item.file), selectinload(Item.reason))
    )
    return {(row.deployment_id, row.kind): row for row in rows}


def _letters(session: Session, matches: Sequence[int]) -> dict[int, datetime]:
    # One that was written before the expert was invited last is for what was asked then. One for
    # other days than those of the mission is none for it, whatever SEESAC has noted since.
    rows = session.execute(
        sa.select(ReleaseLetter.match_id, ReleaseLetter.written_at)
        .join(Match, Match.id == ReleaseLetter.match_id)
        .join(Deployment, Deployment.match_id == Match.id)
        .where(
            Match.id.in_(matches),
            ReleaseLetter.written_at >= Match.invited_at,
            _covers(Match.released_start, Match.released_end),
            _covers(ReleaseLetter.released_start, ReleaseLetter.released_end),
            sa.or_(
                ReleaseLetter.organisation_id.is_(None),
                ReleaseLetter.organisation_id == Match.authority_id,
            ),
        )
    )
    return {row.match_id: row.written_at for row in rows}


def _covers(
    since: InstrumentedAttribute[date | None], until: InstrumentedAttribute[date | None]
) -> sa.ColumnElement[bool]:
    """Choose what is for the days of a mission, or was kept without its days."""
    return sa.or_(since.is_(None), sa.and_(since <= Deployment.start, until >= Deployment.end))


def _reached(deployment: Deployment, authorities: Mapping[int, Sequence[Actor]]) -> set[Side]:
    """Return the sides of a mission that can act on the platform."""
    match = deployment.match
    here = {
        Side.OFFICE: True,
        Side.EXPERT: waiting.is_reached(match),
        Side.REQUESTER: requests.has_owner(match.request),
        Side.AUTHORITY: bool(rules.list_authority(deployment, authorities)),
    }
    return {side for side, is_here in here.items() if is_here}


def entries_of(session: Session, deployment: Deployment) -> list[Entry]:
    """Return what one mission needs and how that stands."""
    return list_entries(session, [deployment])[deployment.id]


def list_shown(session: Session, actor: Actor, deployment: Deployment) -> list[Entry]:
    """Return what of a mission's checklist this person reads."""
    side = rules.side_of(actor, deployment)
    return rules.list_shown(entries_of(session, deployment), side) if side else []


def get(session: Session, actor: Actor, deployment_id: int, kind: NeedKind) -> Entry:
    """Return a thing that a mission needs and this person reads; NotFoundError for any other."""
    deployment = standing_queries.get_on_a_side(session, actor, deployment_id)
    return _pick(list_shown(session, actor, deployment), kind)


def find_entry(session: Session, deployment: Deployment, kind: NeedKind) -> Entry:
    """Return a thing of a mission's checklist; raises NotFoundError where it does not need it."""
    return _pick(entries_of(session, deployment), kind)


def _pick(entries: Sequence[Entry], kind: NeedKind) -> Entry:
    for entry in entries:
        if entry.need.kind is kind:
            return entry
    raise NotFoundError(_("There is no such thing to see to."))


@dataclass(frozen=True)
class SaidOfSecurity:
    """What SEESAC says of the security where a mission goes: in the terms of reference agreed for
    it, and in its briefing, which has a page for whoever reads it."""

    text: str
    terms_version: int
    briefing: Entry
    has_page: bool


def get_said_of_security(session: Session, actor: Actor, deployment: Deployment) -> SaidOfSecurity:
    """Return what the sides of a mission that leads away from home can read of security there."""
    terms = get_terms(deployment.match.request, deployment.tor_version)
    briefing = find_entry(session, deployment, NeedKind.BRIEFING)
    side = rules.side_of(actor, deployment)
    has_page = side is not None and briefing.is_shown(side)
    return SaidOfSecurity(terms.security, deployment.tor_version, briefing, has_page)


def get_risk_known(session: Session, deployment: Deployment) -> RiskKnown:
    """Return what the text of the risk of a mission goes by."""
    request = deployment.match.request
    briefing = _items(session, [deployment.id]).get((deployment.id, NeedKind.BRIEFING))
    is_briefed = briefing is not None and briefing.state is S.DONE
    told = bool(get_terms(request, deployment.tor_version).security)
    return RiskKnown(told or is_briefed, request.pays_insurance or Payer.TO_BE_AGREED)


def list_ahead(
    session: Session, begun_by: date, *which: sa.ColumnElement[bool]
) -> Sequence[Deployment]:
    """Return the missions that are to begin by a day, and those of which somebody was asked to see
    to a thing; `which` leaves others out."""
    owned = _has_open_item(Item.owner_id.is_not(None))
    return _list_missions(session, sa.or_(Deployment.start <= begun_by, owned), *which)


def _list_missions(session: Session, *which: sa.ColumnElement[bool]) -> Sequence[Deployment]:
    return session.scalars(
        sa.select(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .join(Match.expert)
        .where(Deployment.state.in_(AHEAD), *which)
        .options(
            contains_eager(Deployment.match).options(
                contains_eager(Match.request).options(*WITHOUT_TEXTS, *WITH_OWNER),
                contains_eager(Match.expert),
                joinedload(Match.unreleased_reason),
                *WITHOUT_WHAT_WAS_SEEN,
            ),
        )
        .order_by(Deployment.start, Deployment.id)
    ).all()


def _has_open_item(which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(Item.deployment_id == Deployment.id, Item.state == S.OPEN, which)


def list_owners(session: Session, entries: Iterable[Entry]) -> dict[Entry, Account]:
    """Return, of things that somebody was asked to see to, who does: whoever has left the side
    since, or cannot act any more, does not."""
    owned = [entry for entry in entries if entry.owner_id is not None]
    people = accounts.get_by_ids(session, (entry.owner_id for entry in owned if entry.owner_id))
    return {
        entry: person
        for entry in owned
        if (person := people.get(entry.owner_id or 0)) and person.active
        if rules.can_act(person.as_actor(), entry)
    }


def list_owned_by(session: Session, actor: Actor) -> list[Entry]:
    """Return what this person was asked to see to, what is due first before the others."""
    missions = _list_missions(session, _has_open_item(Item.owner_id == actor.id))
    entries = [one for found in list_entries(session, missions).values() for one in found]
    owned = [entry for entry in entries if entry.owner_id == actor.id]
    return sorted((one for one in owned if rules.can_act(actor, one)), key=lambda one: one.due)


def path_of(entry: Entry) -> str:
    """Return the address of the page of a thing."""
    return f"/deployments/{entry.deployment.id}/checklist/{entry.need.kind.value}"
