"""Who has acted for which side of a thing, kept beside it as the log has it, so that whoever asks
whose own the thing is, is told that, too (decisions 42 and 130)."""

from collections.abc import Collection, Iterable
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from webapp.core.actor import SYSTEM
from webapp.core.db import Base, enum_column, insert_into
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role

# The numbers of a thing and of an account, and for which side that person has acted.
Act: TypeAlias = tuple[int, int, Role]
# More than processes of the version before write while an upgrade lasts (decision 108).
LATEST = 10_000
# A statement takes so many rows; what a table brings are thousands.
AT_ONCE = 500


class Acted:
    """Columns of a row beside a thing; as in the audit log, the account is a mere number."""

    account_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, index=True, sort_order=1
    )
    side: Mapped[Role] = mapped_column(
        enum_column(Role, "side", guarded=False), primary_key=True, sort_order=2
    )


def write(
    session: Session,
    kept: type[Base],
    number_of: InstrumentedAttribute[int],
    thing: type[Base],
    acts: Iterable[Act],
) -> None:
    """Keep acts beside their things; those that are known already stay as they are.

    `number_of` is the column of `kept` by which a row says beside which `thing` it stands.
    """
    rows = [
        {number_of.key: number, "account_id": account_id, "side": side}
        for number, account_id, side in acts
    ]
    for first in range(0, len(rows), AT_ONCE):
        values = rows[first : first + AT_ONCE]
        added = insert_into(kept, session.get_bind()).values(values).on_conflict_do_nothing()
        for number in session.scalars(added.returning(number_of)).all():
            if row := session.get(thing, number):
                session.expire(row, ["acted"])


def hand_over(
    session: Session,
    kept: type[Base],
    number_of: InstrumentedAttribute[int],
    thing: type[Base],
    account_id: int,
    other_id: int,
) -> None:
    """Let what was done with one account of a person count as done with the other one, too.

    `kept`, `number_of` and `thing` are those of `write`.
    """
    columns = sa.inspect(kept).columns
    done = sa.select(number_of, columns["side"]).where(columns["account_id"] == account_id)
    rows = [(number, other_id, side) for number, side in session.execute(done)]
    write(session, kept, number_of, thing, rows)


def list_acting(acts: Iterable[Acted], side: Role) -> frozenset[int]:
    """Return the numbers of the accounts that have acted for a side."""
    return frozenset(act.account_id for act in acts if act.side is side)


def by_people(latest: int | None, for_them: Collection[str] = ()) -> sa.ColumnElement[bool]:
    """Return the condition that people have done it themselves, by all events or the latest.

    What the platform does `for_them` by some actions counts as done by them.
    """
    by_hand = (AuditEvent.role != SYSTEM.role) | AuditEvent.action.in_(for_them)
    conditions: list[sa.ColumnElement[bool]] = [AuditEvent.actor_id.is_not(None), by_hand]
    if latest is not None:
        newest = sa.select(sa.func.max(AuditEvent.id)).scalar_subquery()
        conditions.append(AuditEvent.id > newest - latest)
    return sa.and_(*conditions)
