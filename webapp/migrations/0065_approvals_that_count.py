"""An approval counts where it is of the expert's own authority, and holds without a gap."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

EXPERT = sa.table(
    "expert",
    sa.column("id", sa.Integer),
    sa.column("authority_id", sa.Integer),
    sa.column("approved_until", sa.Date),
    sa.column("revision", sa.Integer),
)
APPROVAL = sa.table(
    "approval",
    sa.column("expert_id", sa.Integer),
    sa.column("organisation_id", sa.Integer),
    sa.column("granted_by", sa.Integer),
    sa.column("starts", sa.Date),
    sa.column("until", sa.Date),
    sa.column("ended_on", sa.Date),
)
REVISION = sa.table("roster_revision", sa.column("value", sa.Integer))
Period = tuple[date, date]


def upgrade() -> None:
    """Bring the profiles to what their approvals say."""
    _give_carried_over_to_authorities()
    _write(only_own=True, end_of=_covered_until)


def downgrade() -> None:
    """Let the last day of all approvals be that of the profile again."""
    _write(only_own=False, end_of=lambda periods: max((last for _, last in periods), default=None))


def _give_carried_over_to_authorities() -> None:
    """Let what was noted before there were authorities be of the one that was named since."""
    authority = sa.select(EXPERT.c.authority_id).where(EXPERT.c.id == APPROVAL.c.expert_id)
    op.execute(
        sa.update(APPROVAL)
        .where(APPROVAL.c.organisation_id.is_(None), APPROVAL.c.granted_by.is_(None))
        .values(organisation_id=authority.scalar_subquery())
    )


def _covered_until(periods: Sequence[Period]) -> date | None:
    """Return the end of the unbroken run that covers today, or the last day that one covered."""
    # The day of the upgrade is what is asked for, and nothing that a rehearsal would freeze.
    today, day = date.today(), timedelta(days=1)  # noqa: DTZ011
    end: date | None = None
    for starts, last in sorted(periods):
        if last < starts - day:
            continue
        if starts > today and (end is None or starts > end + day):
            break
        end = max(end or last, last)
    return end


def _write(*, only_own: bool, end_of: Callable[[Sequence[Period]], date | None]) -> None:
    """Write the end anew of profiles that say another one, as a change of the roster."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(EXPERT.c.id, EXPERT.c.authority_id, EXPERT.c.approved_until)
    ).all()
    approvals = connection.execute(sa.select(APPROVAL)).all()
    periods: dict[tuple[int, int | None], list[Period]] = {}
    for row in approvals:
        last = row.until if row.ended_on is None else min(row.until, row.ended_on)
        whose = row.organisation_id if only_own else None
        periods.setdefault((row.expert_id, whose), []).append((row.starts, last))
    changed = {}
    for number, authority_id, until in rows:
        end = end_of(periods.get((number, authority_id if only_own else None), []))
        if end != until:
            changed[number] = end
    if not changed:
        return
    op.execute(sa.update(REVISION).values(value=REVISION.c.value + 1))
    now = connection.execute(sa.select(REVISION.c.value)).scalar_one()
    for number, end in changed.items():
        op.execute(
            sa.update(EXPERT).where(EXPERT.c.id == number).values(approved_until=end, revision=now)
        )
