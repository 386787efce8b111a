"""What must hold between profiles, their approvals and the audit log."""

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.audit import Action, AuditEvent
from webapp.core.translation import gettext
from webapp.experts.approvals import covered_until
from webapp.experts.models import Expert, ExpertState, ProfileView
from webapp.experts.rules import shown_by
from webapp.experts.standing_tables import Approval

# The shortest time that can be set until a profile is dormant.
SHORTEST_REST = timedelta(days=30)


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
        told = shown_by(alone, details)
        if lines.pop(event_id, set()) != told & there:
            yield _fault(event_id)
    yield from map(_fault, lines)


def _fault(event_id: int) -> str:
    return gettext(
        "who was shown to whom does not agree with audit event %(number)s", number=event_id
    )


def approvals_agree(session: Session) -> Iterator[str]:
    """Yield a sentence for each profile that says another end of its approval than these do.

    The daily sweep may not have come yet: what was so yesterday is right as well.
    """
    today = clock.today()
    rows: dict[int, list[Approval]] = {}
    for row in session.scalars(sa.select(Approval)):
        rows.setdefault(row.expert_id, []).append(row)
    said = sa.select(Expert.id, Expert.authority_id, Expert.approved_until)
    for number, authority_id, until in session.execute(said):
        theirs, days = rows.get(number, []), (today, today - timedelta(days=1))
        if until not in {covered_until(theirs, authority_id, day) for day in days}:
            yield gettext(
                "the end of the approval of expert %(number)s does not agree with the approvals",
                number=number,
            )


def states_have_their_facts(session: Session) -> Iterator[str]:
    """Yield a sentence for each profile in a state that its facts do not bear out."""
    now = clock.now()
    active = {ExpertState.ACTIVE, ExpertState.DORMANT}
    facts = sa.select(
        Expert.id, Expert.state, Expert.consented_at, Expert.last_confirmed_at,
        Expert.approved_until, Expert.authority_id,
    )  # fmt: skip
    for expert in session.execute(facts):
        confirmed = expert.last_confirmed_at
        if expert.state in active and expert.consented_at is None:
            yield gettext("expert %(number)s is active without a consent", number=expert.id)
        if (
            expert.state is ExpertState.DORMANT
            and confirmed is not None
            and now - confirmed < SHORTEST_REST
        ):
            yield gettext("expert %(number)s is dormant and has confirmed", number=expert.id)
        if expert.state is ExpertState.EXPIRED and (
            expert.authority_id is None
            if expert.approved_until is None
            else expert.approved_until >= now.date()
        ):
            yield gettext("expert %(number)s is expired and approved", number=expert.id)
