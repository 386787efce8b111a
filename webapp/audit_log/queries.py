"""Named selects of the audit log."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.paging import Page, get_page
from webapp.core.record.audit import AuditEvent
from webapp.core.words.search import finds
from webapp.experts import queries as experts
from webapp.experts.models import ProfileView

PER_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What the log is narrowed to; `search` looks for words, see `list_events`."""

    search: str = ""
    kind: str | None = None
    first: date | None = None
    last: date | None = None
    person: int | None = None
    expert: int | None = None


def list_events(
    session: Session,
    asked: Asked,
    number: int = 1,
    *also: sa.ColumnElement[bool],
    until: int | None = None,
) -> Page[AuditEvent]:
    """Return a page of the log, latest first.

    Words are looked for in what was done, on which kind of thing, and in the name and institution
    of the person who did it; `also` are further conditions. What is newer than `until` is left out,
    so that the next page begins where this one ends although reading the log is itself recorded.
    """
    # An outer join: the platform itself acts without an account. Actions are ASCII in small
    # letters already; the log cannot be written again to hold folded text.
    chosen = (
        sa.select(AuditEvent)
        .outerjoin(Account, Account.id == AuditEvent.actor_id)
        .where(
            finds(
                asked.search,
                AuditEvent.action,
                sa.func.replace(AuditEvent.subject, "_", " "),
                sa.func.coalesce(Account.search_text, ""),
            ),
            *_clauses(session, asked),
            *also,
        )
        .order_by(AuditEvent.id.desc())
    )
    if until is not None:
        chosen = chosen.where(AuditEvent.id <= until)
    return get_page(session, chosen, number, size=PER_PAGE)


def _clauses(session: Session, asked: Asked) -> list[sa.ColumnElement[bool]]:
    clauses: list[sa.ColumnElement[bool]] = []
    if asked.kind:
        clauses.append(AuditEvent.action == asked.kind)
    if asked.first:
        clauses.append(AuditEvent.at >= _midnight(asked.first))
    if asked.last:
        clauses.append(AuditEvent.at < _midnight(asked.last + timedelta(days=1)))
    if asked.person:
        clauses.append(AuditEvent.actor_id == asked.person)
    if asked.expert:
        shown = sa.select(ProfileView.event_id).where(experts.is_shown(session, asked.expert))
        clauses.append(AuditEvent.id.in_(shown))
    return clauses


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
