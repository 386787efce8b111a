"""What must hold between profiles and the audit log."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.audit import Action, AuditEvent
from webapp.core.translation import gettext
from webapp.experts.models import Expert, ProfileView


def views_agree_with_log(session: Session) -> Iterator[str]:
    """Yield a sentence for each event whose lines do not name the experts that it was about."""
    there = set(session.scalars(sa.select(Expert.id)))
    lines: dict[int, set[int]] = {}
    for event_id, expert_id in session.execute(
        sa.select(ProfileView.event_id, ProfileView.expert_id)
    ):
        lines.setdefault(event_id, set()).add(expert_id)
    events = session.execute(
        sa.select(AuditEvent.id, AuditEvent.subject_id, AuditEvent.details).where(
            AuditEvent.action == Action.PROFILE_VIEWED
        )
    )
    for event_id, alone, details in events:
        # Before lists were recorded, an event told of its subject alone.
        told = set(details.get("experts", [alone]))
        if lines.pop(event_id, set()) != told & there:
            yield _fault(event_id)
    yield from map(_fault, lines)


def _fault(event_id: int) -> str:
    return gettext(
        "who was shown to whom does not agree with audit event %(number)s", number=event_id
    )
