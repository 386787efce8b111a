"""Noting who was shown whom: what experts read of it, and the log."""

from collections.abc import Collection
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.db import Base
from webapp.core.errors import ConflictError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.reasons import Reason
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.experts import queries
from webapp.experts.models import Expert, ProfileView

T = TypeVar("T", bound=Base)


def record_views(
    work: UnitOfWork,
    expert_ids: Collection[int],
    page: str,
    path: str,
    *,
    taken: bool = False,
    purpose: Reason | None = None,
) -> None:
    """Record that a page has shown somebody these experts: one event, and a line for each of them.

    The same again within `rules.SAME_LOOK` tells nothing new, and is not recorded; what was `taken`
    along as a file is recorded each time, with its `purpose` where one was asked for.
    """
    shown = sorted(expert_ids)
    if not taken and queries.was_just_shown(work.session, work.actor, work.now, page, path, shown):
        return
    # The lines refer to them, and who deletes profiles holds these before the head of the log: in
    # another order the two would wait for each other.
    there = sa.select(Expert.id).where(Expert.id.in_(shown)).order_by(Expert.id)
    work.session.execute(there.with_for_update(read=True, key_share=True))
    alone = get_shown(work.session, Expert, shown[0]) if len(shown) == 1 else Expert
    event = audit.record(
        work, Action.PROFILE_VIEWED, alone, reason=purpose, page=page, path=path, experts=shown
    )
    # The lines need its number.
    audit.seal(work.session)
    line = {"event_id": event.id, "day": work.now.date(), "account_id": work.actor.id, "page": page}
    work.session.execute(
        sa.insert(ProfileView), [{**line, "expert_id": number} for number in shown]
    )


def get_shown(session: Session, kind: type[T], number: int) -> T:
    """Return the row that a page has shown; one that has gone meanwhile is not shown after all."""
    row = session.get(kind, number)
    if row is None:
        raise ConflictError(_("What this page shows was removed at this moment."))
    return row
