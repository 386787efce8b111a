"""Of which authority a release was asked, and whose a letter of release is."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_reference, drop_reference

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_BOOKED = ("approved", "proposed", "selected", "alternate")
MATCH = sa.table(
    "match", sa.column("id"), sa.column("expert_id"), sa.column("state"),
    sa.column("state_since", _AT), sa.column("release_asked_at", _AT),
    sa.column("unreleased_reason_id"), sa.column("authority_id"),
)  # fmt: skip
LETTER = sa.table(
    "release_letter", sa.column("id"), sa.column("match_id"), sa.column("written_at", _AT),
    sa.column("written_by"), sa.column("organisation_id"),
)  # fmt: skip
EXPERT = sa.table("expert", sa.column("id"), sa.column("authority_id"))
ACCOUNT = sa.table("account", sa.column("id"), sa.column("organisation_id"))
ORGANISATION = sa.table("organisation", sa.column("id"))
EVENT = sa.table(
    "audit_event", sa.column("id"), sa.column("at", _AT), sa.column("action"),
    sa.column("subject"), sa.column("subject_id"), sa.column("details", sa.JSON),
)  # fmt: skip


def upgrade() -> None:
    """Bring the tables to this revision; the log knows whose official somebody was at a time."""
    add_reference("match", "authority_id", "organisation", ondelete="RESTRICT")
    add_reference("release_letter", "organisation_id", "organisation", ondelete="RESTRICT")
    of_now = dict(_rows(sa.select(EXPERT.c.id, EXPERT.c.authority_id)))
    changes = _changes()

    def authority_at(expert_id: int, moment: datetime) -> int | None:
        """Return whose official somebody was; the last change before says it by what it ended."""
        later = (before for at, before in changes.get(expert_id, []) if at > moment)
        return next(later, of_now.get(expert_id))

    matches = _rows(sa.select(MATCH).order_by(MATCH.c.id))
    asked, approved = _moments("match: ask for release"), _moments("match: approve")
    found = {}
    for row in matches:
        moment = _moment_of(row, asked.get(row.id), approved.get(row.id))
        found[row.id] = moment and authority_at(row.expert_id, moment)
    written = _write_letters({row.id: row.expert_id for row in matches}, authority_at)
    for number, authority in found.items():
        if whose := authority or written.get(number):
            _set(MATCH, number, authority_id=whose)


def _rows(query: sa.Select[Any]) -> list[Any]:
    return list(op.get_bind().execute(query))


def _changes() -> dict[int, list[tuple[datetime, int | None]]]:
    """Return when each expert got another authority, and which one they had before."""
    there = {row.id for row in _rows(sa.select(ORGANISATION.c.id))}
    changes: dict[int, list[tuple[datetime, int | None]]] = {}
    told = EVENT.c.action == "authority changed"
    for event in _rows(sa.select(EVENT).where(told).order_by(EVENT.c.id)):
        before = event.details.get("before")
        known = before if before in there else None
        changes.setdefault(event.subject_id, []).append((event.at, known))
    return changes


def _moments(action: str) -> dict[int, datetime]:
    chosen = sa.select(EVENT.c.subject_id, sa.func.max(EVENT.c.at, type_=_AT).label("at"))
    told = chosen.where(EVENT.c.action == action, EVENT.c.subject == "match")
    return {row.subject_id: row.at for row in _rows(told.group_by(EVENT.c.subject_id))}


def _moment_of(row: Any, asked: datetime | None, approved: datetime | None) -> datetime | None:
    """Return when somebody was asked about an expert, or decided on without being asked."""
    if row.unreleased_reason_id and approved:
        return approved
    since = row.state_since if row.state in _BOOKED else None
    return row.release_asked_at or asked or approved or since


def _write_letters(experts: dict[int, int], authority_at: Any) -> dict[int, int]:
    """Say whose each letter is, and return it by match: a member of the authority wrote it then."""
    homes = dict(_rows(sa.select(ACCOUNT.c.id, ACCOUNT.c.organisation_id)))
    written = {}
    for row in _rows(sa.select(LETTER).order_by(LETTER.c.id)):
        whose = authority_at(experts[row.match_id], row.written_at) or homes.get(row.written_by)
        if whose:
            _set(LETTER, row.id, organisation_id=whose)
            written[row.match_id] = whose
    return written


def _set(table: Any, number: int, **values: int) -> None:
    op.get_bind().execute(sa.update(table).where(table.c.id == number).values(**values))


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    drop_reference("release_letter", "organisation_id", "organisation", ondelete="RESTRICT")
    drop_reference("match", "authority_id", "organisation", ondelete="RESTRICT")
