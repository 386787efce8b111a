"""Named selects of experts; each answers only what the actor may read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from webapp.accounts import queries as accounts
from webapp.core import vocabularies
from webapp.core.actor import Actor
from webapp.core.audit import Action, AuditEvent
from webapp.core.errors import NotFoundError
from webapp.core.paging import Page, get_page
from webapp.core.roles import role_words
from webapp.core.search import finds
from webapp.core.translation import Message, Words, _
from webapp.experts.models import Expert, ExpertState, ExpertTheme, RosterRevision
from webapp.experts.workflow import WORKFLOW

PER_PAGE = 50
# How many openings of a profile are looked through to tell of the last days.
READ_BACK = 500


def _whole_profile() -> tuple[ORMOption, ...]:
    return (
        selectinload(Expert.themes).selectinload(ExpertTheme.theme),
        selectinload(Expert.evidence),
        selectinload(Expert.trainings),
        selectinload(Expert.languages),
        selectinload(Expert.unavailable),
        selectinload(Expert.closed_jurisdictions),
    )


def find_own(session: Session, actor: Actor) -> Expert | None:
    """Return the whole profile that belongs to this person's account, if there is one."""
    if actor.id is None:
        return None
    return session.scalars(
        sa.select(Expert).where(Expert.account_id == actor.id).options(*_whole_profile())
    ).one_or_none()


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


def get_roster_revision(session: Session) -> int:
    """Return the number of the roster's last change.

    Who keeps a copy of the roster reads this first and `list_changed_since` after it: what commits
    in between is then read twice, never missed.
    """
    return session.scalars(sa.select(RosterRevision.value)).one()


def list_changed_since(session: Session, revision: int) -> Sequence[Expert]:
    """Return the experts changed after `revision`, in every state, with their whole profiles."""
    return session.scalars(
        sa.select(Expert)
        .where(Expert.revision > revision)
        .options(*_whole_profile())
        .order_by(Expert.revision, Expert.id)
    ).all()


def list_roster(
    session: Session,
    words: str = "",
    *,
    theme: str | None = None,
    jurisdiction: str | None = None,
    state: ExpertState | None = None,
    number: int = 1,
) -> Page[Expert]:
    """Return a page of the experts by name whose name, institution or post holds `words`."""
    chosen = (
        sa.select(Expert)
        .where(*_fitting(theme, jurisdiction), finds(words, Expert.search_text))
        .options(
            selectinload(Expert.themes).selectinload(ExpertTheme.theme),
            selectinload(Expert.languages),
        )
        # The folded text begins with the name.
        .order_by(Expert.search_text, Expert.id)
    )
    if state:
        chosen = chosen.where(Expert.state == state)
    return get_page(session, chosen, number, size=PER_PAGE)


def _fitting(theme: str | None, jurisdiction: str | None) -> list[sa.ColumnElement[bool]]:
    clauses: list[sa.ColumnElement[bool]] = []
    if theme:
        clauses.append(Expert.themes.any(ExpertTheme.theme_code == theme))
    if jurisdiction:
        clauses.append(Expert.jurisdiction == jurisdiction)
    return clauses


def list_ids_with(
    session: Session, *, theme: str | None = None, jurisdiction: str | None = None
) -> set[int]:
    """Return the ids of experts who claim a theme and come from a jurisdiction, where given."""
    return set(session.scalars(sa.select(Expert.id).where(*_fitting(theme, jurisdiction))))


def count_by_theme(session: Session) -> dict[str, int]:
    """Return, by theme, how many experts claim it, in every state of their profiles."""
    rows = session.execute(
        sa.select(ExpertTheme.theme_code, sa.func.count()).group_by(ExpertTheme.theme_code)
    )
    return dict(rows.all())


def get_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the names behind ids of experts, for pages that tell what happened to whom."""
    rows = session.execute(sa.select(Expert.id, Expert.name).where(Expert.id.in_(ids)))
    return dict(rows.all())


def list_jurisdictions(session: Session) -> list[str]:
    """Return the codes of the jurisdictions that the roster's experts come from."""
    return [code for code in session.scalars(sa.select(Expert.jurisdiction).distinct()) if code]


def list_jurisdiction_choices(session: Session) -> list[tuple[str, str, Message]]:
    """Return those jurisdictions with their names, in groups for a list of a form."""
    return vocabularies.jurisdiction_choices(list_jurisdictions(session))


@dataclass(frozen=True)
class HistoryLine:
    """A line of a profile's history: when, who in which role, what, and why."""

    at: datetime
    name: str | Message
    role: str
    story: Message
    reason: str


@dataclass(frozen=True)
class Viewed:
    """How often people of one role opened a profile on one day (UTC), and who they were."""

    day: date
    role_label: Words
    times: int
    names: tuple[str, ...]


def list_viewers(session: Session, expert: Expert, limit: int = 10) -> list[Viewed]:
    """Return who opened the profile lately, a line for each day and role, latest first."""
    views = _history(session, expert, AuditEvent.action == Action.PROFILE_VIEWED, READ_BACK)
    lines: dict[tuple[date, str], list[str]] = {}
    for view in views:
        lines.setdefault((view.at.date(), view.role), []).append(str(view.name))
    return [
        Viewed(day, role_words(role), len(names), tuple(sorted(set(names))))
        for (day, role), names in list(lines.items())[:limit]
    ]


def list_steps_taken(session: Session, expert: Expert, limit: int = 20) -> list[HistoryLine]:
    """Return the steps that led the profile to its state, latest first."""
    return _history(session, expert, AuditEvent.action.in_(WORKFLOW.actions()), limit)


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
    names = accounts.get_names(session, (event.actor_id for event in events))
    return [
        HistoryLine(
            event.at,
            names.get(event.actor_id or 0, _("the platform")),
            event.role,
            _story(event.action),
            event.reason,
        )
        for event in events
    ]
