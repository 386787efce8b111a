"""Who was shown a profile, for its expert: when, on which pages, and what files were for."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core.paging import Page, get_rows
from webapp.core.record import reasons
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import REFERENCE, Reason
from webapp.core.roles import role_words
from webapp.core.words.translation import Message, Words, _
from webapp.experts import queries
from webapp.experts.models import Expert, ProfileView

# What stands in the address of a page, such as the number of a match.
Way = tuple[str, int]

_PURPOSE = AuditEvent.details[REFERENCE].as_integer()


@dataclass(frozen=True)
class Invited:
    """A request to which the expert was invited, and whose title they therefore read."""

    match_id: int
    title: str


@dataclass(frozen=True)
class Look:
    """A page that showed a profile, and what it was taken along for where it was a file."""

    page: str
    path: str
    purpose: Reason | None


@dataclass(frozen=True)
class Viewed:
    """How often one person was shown a profile on one day (UTC), and on which pages."""

    day: date
    name: str | Message
    institution: str
    role_label: Words
    times: int
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Taken:
    """A file with something of a profile, which somebody took along for a purpose."""

    day: date
    name: str | Message
    institution: str
    page: str
    purpose: Reason


def list_viewers(session: Session, expert: Expert, number: int = 1, *, size: int) -> Page[Viewed]:
    """Return a page of who was shown the profile, latest day first.

    All that one person looked at on one day is one line, so that nobody can wash others out.
    """
    chosen = (
        sa.select(
            ProfileView.day,
            ProfileView.account_id,
            sa.func.count().label("times"),
            sa.func.max(AuditEvent.role).label("role"),
        )
        .join(ProfileView.event)
        .where(queries.is_shown(session, expert.id))
        .group_by(ProfileView.day, ProfileView.account_id)
        .order_by(ProfileView.day.desc(), sa.func.max(AuditEvent.id).desc())
    )
    page = get_rows(session, chosen, number, size=size)
    named = _names(session, {row.account_id for row in page.items})
    looks = _list_looks(session, expert, {row.day for row in page.items})
    lines = [
        Viewed(
            row.day,
            *named[row.account_id],
            role_words(row.role),
            row.times,
            tuple(looks[row.day, row.account_id]),
        )
        for row in page.items
    ]
    return replace(page, items=lines)


def _names(session: Session, account_ids: Set[int]) -> dict[int, tuple[str | Message, str]]:
    """Return name and institution of each account, also of those that are gone."""
    people = accounts.get_by_ids(session, account_ids)
    gone = (_("an account that is gone"), "")
    return {
        number: (people[number].name, people[number].institution) if number in people else gone
        for number in account_ids
    }


def _list_looks(
    session: Session, expert: Expert, days: Set[date]
) -> dict[tuple[date, int], list[Look]]:
    """Return which pages have shown the profile to each person on each of these days."""
    path = AuditEvent.details["path"].as_string()
    rows = session.execute(
        sa.select(ProfileView.day, ProfileView.account_id, ProfileView.page, path, _PURPOSE)
        .join(ProfileView.event)
        .where(queries.is_shown(session, expert.id), ProfileView.day.in_(days))
        .distinct()
        .order_by(ProfileView.page, path, _PURPOSE)
    ).all()
    purposes = reasons.get_all(session, {row[-1] for row in rows if row[-1] is not None})
    seen: dict[tuple[date, int], list[Look]] = {}
    for day, account_id, page, address, purpose in rows:
        look = Look(page, address or "", purposes.get(purpose))
        seen.setdefault((day, account_id), []).append(look)
    return seen


def list_taken(session: Session, expert: Expert, limit: int) -> Sequence[Taken]:
    """Return the latest files with something of the profile that somebody took along."""
    rows = session.execute(
        sa.select(ProfileView.day, ProfileView.account_id, ProfileView.page, Reason)
        .join(ProfileView.event)
        .join(Reason, Reason.id == _PURPOSE)
        .where(queries.is_shown(session, expert.id))
        .order_by(ProfileView.event_id.desc())
        .limit(limit)
    ).all()
    named = _names(session, {row.account_id for row in rows})
    return [Taken(day, *named[who], page, purpose) for day, who, page, purpose in rows]
