"""What must hold between profiles, their approvals and the audit log."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.words.translation import gettext
from webapp.experts import sides
from webapp.experts.approvals import covered_until
from webapp.experts.models import Expert, ExpertState, ProfileView
from webapp.experts.rules import shown_by
from webapp.experts.standing_queries import VETTED, is_vetted_by
from webapp.experts.standing_tables import Approval, ApprovalState
from webapp.experts.standing_workflow import APPROVAL_WORKFLOW, ApprovalStep

# The shortest time that can be set until a profile is dormant.
SHORTEST_REST = timedelta(days=30)


def views_agree_with_log(session: Session) -> Iterator[str]:
    """Yield a sentence for each event whose lines tell of other experts than it was about, or of
    somebody else who saw them, of another day or page."""
    there = set(session.scalars(sa.select(Expert.id)))
    lines: dict[int, set[tuple[Any, ...]]] = {}
    for event_id, *line in session.execute(
        sa.select(
            ProfileView.event_id, ProfileView.expert_id, ProfileView.account_id, ProfileView.day,
            ProfileView.page,
        )
    ):  # fmt: skip
        lines.setdefault(event_id, set()).add(tuple(line))
    events = session.execute(
        sa.select(
            AuditEvent.id, AuditEvent.subject_id, AuditEvent.details, AuditEvent.actor_id,
            AuditEvent.at,
        ).where(AuditEvent.action == Action.PROFILE_VIEWED)
    )  # fmt: skip
    for event_id, alone, details, account_id, at in events:
        told = {
            (number, account_id, at.date(), details["page"])
            for number in shown_by(alone, details) & there
        }
        if lines.pop(event_id, set()) != told:
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


def approvals_end_by_their_authority(session: Session) -> Iterator[str]:
    """Yield a sentence for each approval that an authority has withdrawn, though the expert was
    not its official then, by what the log says of changes."""
    ended = APPROVAL_WORKFLOW.action(ApprovalStep.WITHDRAW)
    rows = session.execute(
        sa.select(Approval.id, Approval.expert_id, Approval.organisation_id, Expert.authority_id,
                  AuditEvent.at, AuditEvent.details)
        .join(Approval.expert)
        .join(AuditEvent, AuditEvent.subject_id == Approval.id)
        .where(AuditEvent.subject == Approval.__tablename__, AuditEvent.action == ended)
        .order_by(Approval.id)
    )  # fmt: skip
    changes = _changes_of_authority(session)
    for number, expert_id, giver, now, at, details in rows:
        later = (before for when, before in changes.get(expert_id, []) if when > at)
        # One that has gone over from a profile that was joined with this one was that one's then.
        if details.get("expert_id") == expert_id and giver != next(later, now):
            yield gettext("approval %(number)s was withdrawn by another authority", number=number)


def nobody_lets_themselves_in(session: Session) -> Iterator[str]:
    """Yield a sentence for each approval that holds, and each profile on the roster, whose own
    account has given it, or let it in."""
    approved = (
        sa.select(Approval.id)
        .join(Approval.expert)
        .where(
            Approval.granted_by == Expert.account_id,
            Approval.state == ApprovalState.GRANTED,
            Approval.until >= clock.today(),
        )
        .order_by(Approval.id)
    )
    for number in session.scalars(approved):
        yield gettext("approval %(number)s was given by the expert whom it is of", number=number)
    at_some_time = sa.exists().where(
        AuditEvent.subject == Expert.__tablename__,
        AuditEvent.subject_id == Expert.id,
        AuditEvent.actor_id == Expert.account_id,
        AuditEvent.action.in_(VETTED),
    )
    for expert in session.scalars(sa.select(Expert).where(at_some_time).order_by(Expert.id)):
        if is_vetted_by(session, expert, (expert.account_id,)):
            yield gettext("expert %(number)s has let themselves onto the roster", number=expert.id)


def _changes_of_authority(session: Session) -> dict[int | None, list[tuple[datetime, int | None]]]:
    """Return when each expert got another authority, and which one they had before."""
    changes: dict[int | None, list[tuple[datetime, int | None]]] = {}
    events = session.execute(
        sa.select(AuditEvent.subject_id, AuditEvent.at, AuditEvent.details)
        .where(AuditEvent.action == Action.AUTHORITY_CHANGED)
        .order_by(AuditEvent.id)
    )
    for expert_id, at, details in events:
        changes.setdefault(expert_id, []).append((at, details["before"]))
    return changes


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


def acts_of_the_log_are_noted(session: Session) -> Iterator[str]:
    """For which side people have acted on a profile is noted, as far as the log knows it."""
    for number, account_id, side in sides.list_missing(session):
        yield f"account {account_id} acted on expert {number} as {side}, which is not noted there"
