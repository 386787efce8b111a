"""Named selects of experts; each answers only what the actor may read."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from webapp.accounts import queries as accounts
from webapp.core import vocabularies
from webapp.core.audit import Actor, AuditEvent
from webapp.core.errors import NotFoundError
from webapp.core.translation import Message
from webapp.experts.models import Expert, ExpertState, ExpertTheme, RosterRevision
from webapp.experts.rules import STEP, VIEWED

# How many openings of a profile are looked through to tell of the last days.
READ_BACK = 500
# Letters that do not fall apart into a base letter and a mark.
_UNDIVIDED = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i"})


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
        sa.select(Expert)
        .where(Expert.account_id == actor.id, Expert.state != ExpertState.ERASED)
        .options(*_whole_profile())
    ).one_or_none()


def own(session: Session, actor: Actor) -> Expert:
    """Return the whole profile that belongs to this person's account."""
    expert = find_own(session, actor)
    if expert is None:
        raise NotFoundError("There is no profile for your account yet.")
    return expert


def get(session: Session, expert_id: int) -> Expert:
    """Return a whole profile for a coordinator; an erased one does not exist any more."""
    expert = session.scalars(
        sa.select(Expert)
        .where(Expert.id == expert_id, Expert.state != ExpertState.ERASED)
        .options(*_whole_profile(), selectinload(Expert.account))
    ).one_or_none()
    if expert is None:
        raise NotFoundError("There is no such expert on the roster.")
    return expert


def active(session: Session) -> Sequence[Expert]:
    """Return the experts that are ranked, with their whole profiles."""
    return session.scalars(
        sa.select(Expert)
        .where(Expert.state == ExpertState.ACTIVE)
        .options(*_whole_profile())
        .order_by(Expert.id)
    ).all()


def roster_revision(session: Session) -> int:
    """Return the number of the roster's last change.

    Who keeps a copy of the roster reads this first and `changed_since` after it: what commits in
    between is then read twice, never missed.
    """
    return session.scalars(sa.select(RosterRevision.value)).one()


def changed_since(session: Session, revision: int) -> Sequence[Expert]:
    """Return the experts changed after `revision`, in every state, with their whole profiles."""
    return session.scalars(
        sa.select(Expert)
        .where(Expert.revision > revision)
        .options(*_whole_profile())
        .order_by(Expert.revision, Expert.id)
    ).all()


def folded(text: str) -> str:
    """Return text as people type it in a hurry: lower case, without marks on its letters."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_UNDIVIDED)


@dataclass(frozen=True)
class Found:
    """One page of a search: how many experts fit, and those of this page."""

    total: int
    page: int
    pages: int
    experts: Sequence[Expert]


def search(
    session: Session,
    words: str = "",
    *,
    theme: str | None = None,
    jurisdiction: str | None = None,
    state: ExpertState | None = None,
    page: int = 1,
    per_page: int = 50,
) -> Found:
    """Return experts by name whose name, institution or post holds each of `words`.

    Names are compared and ordered here and not by the database: those differ in what they know of
    letters beyond ASCII, and "sehic" must find Šehić in both. A roster is some thousand short rows.
    """
    select = sa.select(Expert.id, Expert.name, Expert.institution, Expert.post)
    select = select.where(*_fitting(theme, jurisdiction))
    if state:
        select = select.where(Expert.state == state)
    wanted = folded(words).split()
    fitting = sorted(
        (folded(row.name), row.id)
        for row in session.execute(select)
        if _holds_all(folded(f"{row.name}\n{row.institution}\n{row.post}"), wanted)
    )
    pages = max(1, -(-len(fitting) // per_page))
    page = min(max(page, 1), pages)
    shown = [number for _, number in fitting[(page - 1) * per_page : page * per_page]]
    return Found(len(fitting), page, pages, _in_this_order(session, shown))


def _fitting(theme: str | None, jurisdiction: str | None) -> list[sa.ColumnElement[bool]]:
    clauses: list[sa.ColumnElement[bool]] = [Expert.state != ExpertState.ERASED]
    if theme:
        clauses.append(Expert.themes.any(ExpertTheme.theme_code == theme))
    if jurisdiction:
        clauses.append(Expert.jurisdiction == jurisdiction)
    return clauses


def ids_with(
    session: Session, *, theme: str | None = None, jurisdiction: str | None = None
) -> set[int]:
    """Return the ids of experts who claim a theme and come from a jurisdiction, where given."""
    return set(session.scalars(sa.select(Expert.id).where(*_fitting(theme, jurisdiction))))


def names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the names behind ids of experts, for pages that tell what happened to whom."""
    rows = session.execute(sa.select(Expert.id, Expert.name).where(Expert.id.in_(ids)))
    return dict(rows.all())


def _holds_all(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)


def _in_this_order(session: Session, ids: list[int]) -> Sequence[Expert]:
    rows = session.scalars(
        sa.select(Expert)
        .where(Expert.id.in_(ids))
        .options(
            selectinload(Expert.themes).selectinload(ExpertTheme.theme),
            selectinload(Expert.languages),
        )
    )
    experts = {expert.id: expert for expert in rows}
    return [experts[number] for number in ids]


def jurisdictions(session: Session) -> list[str]:
    """Return the codes of the jurisdictions that the roster's experts come from."""
    select = sa.select(Expert.jurisdiction).where(Expert.state != ExpertState.ERASED).distinct()
    return [code for code in session.scalars(select) if code]


def jurisdiction_choices(session: Session) -> list[tuple[str, str, Message]]:
    """Return those jurisdictions with their names, in groups for a list of a form."""
    return vocabularies.jurisdiction_choices(jurisdictions(session))


@dataclass(frozen=True)
class Entry:
    """A line of a profile's history: when, who in which role, what, and why."""

    at: datetime
    name: str
    role: str
    action: str
    reason: str


@dataclass(frozen=True)
class Viewed:
    """How often people of one role opened a profile on one day (UTC), and who they were."""

    day: date
    role: str
    times: int
    names: tuple[str, ...]


def viewers(session: Session, expert: Expert, limit: int = 10) -> list[Viewed]:
    """Return who opened the profile lately, a line for each day and role, latest first."""
    views = _history(session, expert, AuditEvent.action == VIEWED, READ_BACK)
    lines: dict[tuple[date, str], list[str]] = {}
    for view in views:
        lines.setdefault((view.at.date(), view.role), []).append(view.name)
    return [
        Viewed(day, role, len(names), tuple(sorted(set(names))))
        for (day, role), names in list(lines.items())[:limit]
    ]


def steps_taken(session: Session, expert: Expert, limit: int = 20) -> list[Entry]:
    """Return the steps that led the profile to its state, latest first."""
    return _history(session, expert, AuditEvent.action.startswith(STEP), limit)


def _history(
    session: Session, expert: Expert, kind: sa.ColumnElement[bool], limit: int
) -> list[Entry]:
    events = session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.subject == Expert.__tablename__, AuditEvent.subject_id == expert.id, kind)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    ).all()
    names = accounts.names(session, (event.actor_id for event in events))
    return [
        Entry(
            event.at,
            names.get(event.actor_id or 0, "the platform"),
            event.role,
            event.action.removeprefix(STEP),
            event.reason,
        )
        for event in events
    ]
