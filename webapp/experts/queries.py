"""Named selects of experts; each answers only what the actor may read."""

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account, RoleRow
from webapp.core.actor import Actor
from webapp.core.ciphers import hash_of
from webapp.core.errors import NotFoundError
from webapp.core.record import audit, disclosure
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.disclosure import Person
from webapp.core.record.reasons import Reason
from webapp.core.roles import Role
from webapp.core.words.translation import Message, _
from webapp.experts import rules
from webapp.experts.models import (
    EvidenceConfirmation,
    Expert,
    ExpertState,
    ExpertTheme,
    IdentityChange,
    IdentityState,
    ProfileView,
    RosterRevision,
)
from webapp.experts.standing_tables import ProfileMerge
from webapp.experts.workflow import WORKFLOW

PER_PAGE = 50


def _whole_profile() -> tuple[ORMOption, ...]:
    return (
        selectinload(Expert.themes).selectinload(ExpertTheme.theme),
        selectinload(Expert.evidence),
        selectinload(Expert.trainings),
        selectinload(Expert.languages),
        selectinload(Expert.unavailable),
        selectinload(Expert.closed_jurisdictions),
        selectinload(Expert.jurisdiction_notes),
        selectinload(Expert.pending_identity),
    )


def find_own(session: Session, actor: Actor) -> Expert | None:
    """Return the whole profile that belongs to this person's account, if there is one."""
    if actor.id is None:
        return None
    return session.scalars(
        sa.select(Expert).where(Expert.account_id == actor.id).options(*_whole_profile())
    ).one_or_none()


def find_of_account(session: Session, account: Account) -> Expert | None:
    """Return the profile that belongs to an account, if there is one."""
    return session.scalars(sa.select(Expert).where(Expert.account_id == account.id)).one_or_none()


def get_own(session: Session, actor: Actor) -> Expert:
    """Return the whole profile that belongs to this person's account."""
    expert = find_own(session, actor)
    if expert is None:
        raise NotFoundError(_("There is no profile for your account yet."))
    return expert


def get(session: Session, expert_id: int) -> Expert:
    """Return a whole profile for a coordinator."""
    expert = session.scalars(
        sa.select(Expert)
        .where(Expert.id == expert_id)
        .options(*_whole_profile(), selectinload(Expert.account))
    ).one_or_none()
    if expert is None:
        raise NotFoundError(_("There is no such expert on the roster."))
    return expert


def find_confirmation(session: Session, token: str, now: datetime) -> EvidenceConfirmation | None:
    """Return what somebody is asked to confirm by the link that holds `token`, if it still is.

    It shows a name and an entry to whoever has the link, so it is worth nothing while its expert is
    suspended, or is none by their account.
    """
    acts = Account.active & Account.roles.any(RoleRow.name == Role.EXPERT)
    return session.scalars(
        sa.select(EvidenceConfirmation)
        .join(EvidenceConfirmation.expert)
        .where(
            Expert.state.not_in({*rules.GONE, ExpertState.SUSPENDED}),
            Expert.account.has(acts),
            EvidenceConfirmation.token_hash == hash_of(token),
            EvidenceConfirmation.expires_at > now,
        )
        .options(
            selectinload(EvidenceConfirmation.evidence), selectinload(EvidenceConfirmation.expert)
        )
    ).one_or_none()


def list_identity_changes(session: Session) -> Sequence[IdentityChange]:
    """Return the changes of who experts are that wait for a coordinator, oldest first."""
    return session.scalars(
        sa.select(IdentityChange)
        .where(IdentityChange.state == IdentityState.PENDING)
        .options(selectinload(IdentityChange.expert))
        .order_by(IdentityChange.state_since, IdentityChange.id)
    ).all()


def get_identity_change(session: Session, expert_id: int) -> IdentityChange:
    """Return the change of this expert's that was made last, decided or not."""
    change = session.scalars(
        sa.select(IdentityChange)
        .where(IdentityChange.expert_id == expert_id)
        .order_by(IdentityChange.id.desc())
    ).first()
    if change is None:
        raise NotFoundError(_("There is no change of this profile to confirm."))
    return change


def get_roster_revision(session: Session) -> int:
    """Return the number of the roster's last change.

    Who keeps a copy of the roster reads this first and `list_changed_since` after it: what commits
    in between is then read twice, never missed.
    """
    return session.scalars(sa.select(RosterRevision.value)).one()


def list_changed_since(
    session: Session, revision: int, states: Collection[ExpertState] = frozenset(ExpertState)
) -> Sequence[Expert]:
    """Return the experts changed after `revision` who are in one of some states, or in any, with
    their whole profiles."""
    return session.scalars(
        sa.select(Expert)
        .where(Expert.revision > revision, Expert.state.in_(states))
        .options(*_whole_profile())
        .order_by(Expert.revision, Expert.id)
    ).all()


def count_changed_since(session: Session, revision: int) -> int:
    """Return how many experts changed after `revision`, in every state."""
    changed = sa.select(sa.func.count()).select_from(Expert).where(Expert.revision > revision)
    return session.scalars(changed).one()


def count_in(session: Session, states: Collection[ExpertState]) -> int:
    """Return how many experts are in one of some states."""
    found = sa.select(sa.func.count()).select_from(Expert).where(Expert.state.in_(states))
    return session.scalars(found).one()


def list_changed_into(
    session: Session, revision: int, states: Collection[ExpertState]
) -> Sequence[int]:
    """Return the ids of the experts changed after `revision` who are in one of some states."""
    found = sa.select(Expert.id).where(Expert.revision > revision, Expert.state.in_(states))
    return session.scalars(found).all()


def count_by_theme(session: Session) -> dict[str, int]:
    """Return, by theme, how many experts claim it, in every state of their profiles."""
    rows = session.execute(
        sa.select(ExpertTheme.theme_code, sa.func.count()).group_by(ExpertTheme.theme_code)
    )
    return dict(rows.all())


def count_active_by_theme(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Return, by theme, how many experts claim it who can be sent."""
    rows = session.execute(
        sa.select(ExpertTheme.theme_code, sa.func.count())
        .join(Expert, Expert.id == ExpertTheme.expert_id)
        .where(ExpertTheme.theme_code.in_(codes), Expert.state == ExpertState.ACTIVE)
        .group_by(ExpertTheme.theme_code)
    )
    return dict(rows.all())


def get_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the names behind ids of experts, for pages that tell what happened to whom."""
    now = dict(
        session.execute(
            sa.select(ProfileMerge.gone_id, ProfileMerge.expert_id).where(
                ProfileMerge.gone_id.in_(ids)
            )
        ).all()
    )
    wanted = {now.get(number, number) for number in ids}
    rows = session.execute(sa.select(Expert.id, Expert.name).where(Expert.id.in_(wanted)))
    names = dict(rows.all())
    disclosure.note(session, *((Expert.__tablename__, number) for number in names))
    return {one: names[now.get(one, one)] for one in ids if now.get(one, one) in names}


def list_joined(session: Session, expert_id: int) -> Sequence[int]:
    """Return the numbers of profiles that were joined with this one."""
    return session.scalars(
        sa.select(ProfileMerge.gone_id)
        .where(ProfileMerge.expert_id == expert_id)
        .order_by(ProfileMerge.gone_id)
    ).all()


def list_jurisdictions(session: Session) -> list[str]:
    """Return the codes of the jurisdictions that the roster's experts come from."""
    return [code for code in session.scalars(sa.select(Expert.jurisdiction).distinct()) if code]


@dataclass(frozen=True)
class HistoryLine:
    """A line of a profile's history: when, who in which role, what, and why."""

    at: datetime
    name: str | Message
    role: str
    story: Message
    reason: Reason | None


def list_others_shown(session: Session, actor: Actor, people: Set[Person]) -> Sequence[int]:
    """Return which experts are among `people`, by their profile or account, besides the actor."""
    experts = [number for table, number in people if table == Expert.__tablename__]
    accounts_ = [
        number for table, number in people if table == Account.__tablename__ and number != actor.id
    ]
    if not experts and not accounts_:
        return []
    return session.scalars(
        sa.select(Expert.id).where(
            sa.or_(Expert.id.in_(experts), Expert.account_id.in_(accounts_)),
            Expert.account_id.is_distinct_from(actor.id),
        )
    ).all()


def was_just_shown(
    session: Session, actor: Actor, now: datetime, page: str, path: str, expert_ids: list[int]
) -> bool:
    """Tell whether the log has just told of the same page, experts, reader and address."""
    latest = session.execute(
        sa.select(AuditEvent.details, AuditEvent.address).where(
            AuditEvent.actor_id == actor.id,
            AuditEvent.action == Action.PROFILE_VIEWED,
            AuditEvent.at > now - rules.SAME_LOOK,
        )
    )
    look = ({"page": page, "path": path, "experts": expert_ids}, actor.address)
    return any(tuple(row) == look for row in latest)


def is_shown(session: Session, expert_id: int) -> sa.ColumnElement[bool]:
    """Return the condition of a view's being of this expert, under any number they have had."""
    return ProfileView.expert_id.in_([expert_id, *list_joined(session, expert_id)])


def list_views(session: Session, expert_id: int, first: date, last: date) -> list[AuditEvent]:
    """Return the events of pages that showed an expert, from `first` to `last`, oldest first,
    those included that a link has shown to whoever was asked to confirm an entry.

    They are read in the log, which nobody can shorten unseen, and not found by the rows that repeat
    it; so every event of these days is looked at.
    """
    numbers = {expert_id, *list_joined(session, expert_id)}
    events = session.scalars(
        sa.select(AuditEvent)
        .where(
            AuditEvent.subject == Expert.__tablename__,
            AuditEvent.action.in_((Action.PROFILE_VIEWED, Action.EVIDENCE_SHOWN)),
            AuditEvent.at >= datetime.combine(first, time(), UTC),
            AuditEvent.at <= datetime.combine(last, time.max, UTC),
        )
        .order_by(AuditEvent.id)
        .execution_options(yield_per=1000)
    )
    return [event for event in events if numbers & rules.shown_by(event.subject_id, event.details)]


def list_rows_of_views(
    session: Session, expert_id: int, first: date, last: date
) -> set[tuple[int, int | None, date, str]]:
    """Return what rows say of who was shown an expert: event, account, day and page."""
    rows = session.execute(
        sa.select(
            ProfileView.event_id, ProfileView.account_id, ProfileView.day, ProfileView.page
        ).where(is_shown(session, expert_id), ProfileView.day.between(first, last))
    )
    return {(event, account, day, page) for event, account, day, page in rows}


def list_steps_taken(session: Session, expert: Expert, limit: int = 20) -> list[HistoryLine]:
    """Return the steps that led the profile to its state, latest first."""
    return _history(session, expert, AuditEvent.action.in_(WORKFLOW.actions()), limit)


def find_line(session: Session, event: AuditEvent | None) -> HistoryLine | None:
    """Return the line of the history that tells of an event, if there is one."""
    return _lines(session, [event])[0] if event else None


def _story(action: str) -> Message:
    step = WORKFLOW.actions().get(action)
    return step.story if step else Action(action).label


def _history(
    session: Session, expert: Expert, kind: sa.ColumnElement[bool], limit: int
) -> list[HistoryLine]:
    events = session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.subject == Expert.__tablename__, AuditEvent.subject_id == expert.id, kind)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    ).all()
    return _lines(session, events)


def _lines(session: Session, events: Sequence[AuditEvent]) -> list[HistoryLine]:
    names = accounts.get_names(session, (event.actor_id for event in events))
    reasons = audit.reasons_of(session, events)
    return [
        HistoryLine(
            event.at,
            names.get(event.actor_id or 0, _("the platform")),
            event.role,
            _story(event.action),
            reasons.get(event.id),
        )
        for event in events
    ]
