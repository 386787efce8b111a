"""Approvals: an authority lets one of its officials be sent, for what and until when.

What a profile says of its approval, `Expert.approved_until`, follows from the rows of its own
authority alone. An approval begins while another holds, or at once; where the other one is
withdrawn it counts from its first day, on which the daily sweep calls `follow`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.db import lock
from webapp.core.errors import ConflictError, TwinError
from webapp.core.record import audit, reasons
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Why
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _, _n
from webapp.core.workflows.workflow import Recipient
from webapp.experts import operations, rules, signals, standing_queries
from webapp.experts.models import Expert, ExpertState
from webapp.experts.revisions import touch
from webapp.experts.standing_tables import Approval
from webapp.experts.standing_workflow import APPROVAL_WORKFLOW, ApprovalStep
from webapp.experts.telling import tell
from webapp.experts.workflow import ExpertStep
from webapp.organisations.models import Organisation

_DAY = timedelta(days=1)
# Who expires where no approval holds.
ON_ROSTER = frozenset({ExpertState.ACTIVE, ExpertState.DORMANT})
GRANTS = (ApprovalStep.GRANT, ApprovalStep.RECORD)


@dataclass(frozen=True)
class Wanted:
    """An approval as somebody writes it."""

    starts: date
    until: date
    scope: str = ""
    letter: str = ""


def covered_until(
    approvals: Iterable[Approval], authority_id: int | None, today: date
) -> date | None:
    """Return the end of the unbroken run of an authority's approvals that covers a day.

    Where none does it is the last day on which one did, and None where none has begun. What was
    withdrawn before its time counts for nothing.
    """
    end: date | None = None
    for row in sorted(approvals, key=lambda row: row.starts):
        if row.organisation_id != authority_id or row.last_day < row.starts - _DAY:
            continue
        if row.starts > today and (end is None or row.starts > end + _DAY):
            break
        end = max(end or row.last_day, row.last_day)
    return end


def grant(work: UnitOfWork, expert: Expert, name: ApprovalStep, wanted: Wanted) -> Approval:
    """Approve an official, or record an approval; who had expired by its end comes back.

    Refuses in words: another authority's official, one's own profile, days that leave a gap, an
    approval that stands there already.
    """
    row = _add(work, expert, name, wanted)
    follow(work, expert)
    tell(work, expert, APPROVAL_WORKFLOW[name].tells, None, facts={"until": wanted.until})
    return row


def grant_among(work: UnitOfWork, expert: Expert, wanted: Wanted) -> None:
    """Approve like `grant` an official who is nominated as one of a list, and tell them alone.

    Coordinators are told of the list, and the ranking reads all of it, when that is at its end.
    """
    _add(work, expert, ApprovalStep.GRANT, wanted)
    _say_until(work, expert)
    mails = APPROVAL_WORKFLOW[ApprovalStep.GRANT].tells
    to_expert = [mail for mail in mails if mail.to is Recipient.EXPERT]
    tell(work, expert, to_expert, None, facts={"until": wanted.until})


def _add(work: UnitOfWork, expert: Expert, name: ApprovalStep, wanted: Wanted) -> Approval:
    lock(work.session, expert)
    step = APPROVAL_WORKFLOW.check_person(name, work.actor, rules.owners_of(expert))
    rules.refuse_erased(expert)
    _refuse_closed(work, expert)
    approvals = standing_queries.list_approvals(work.session, expert.id)
    _refuse_days(work, expert, wanted, approvals)
    row = Approval(
        expert_id=expert.id,
        organisation_id=expert.authority_id,
        state=step.target,
        state_since=work.now,
        granted_by=work.actor.id,
        **vars(wanted),
    )
    work.session.add(row)
    work.session.flush()
    audit.record(
        work, APPROVAL_WORKFLOW.action(name), row, expert_id=expert.id,
        starts=wanted.starts.isoformat(), until=wanted.until.isoformat(),
    )  # fmt: skip
    return row


def _refuse_closed(work: UnitOfWork, expert: Expert) -> None:
    """Refuse what an authority that is closed would say.

    It is not locked: an approval at the moment of the closing is like one of a moment before.
    """
    number = expert.authority_id
    authority = None if number is None else work.session.get_one(Organisation, number)
    if authority is not None and authority.closed_at is not None:
        raise ConflictError(
            _(
                "%(organisation)s is closed and approves nobody any more. Please choose first whose"
                " official %(name)s is now.",
                organisation=authority.name,
                name=Named.of(expert),
            )
        )


def say_who_stays(organisation: Organisation, session: Session) -> Message | None:
    """Say how many stay on the roster as officials of an authority that is closed, if any do."""
    of_it = sa.select(sa.func.count(Expert.id)).where(
        Expert.authority_id == organisation.id, Expert.state != ExpertState.WITHDRAWN
    )
    officials = session.scalars(of_it).one()
    if not officials:
        return None
    return _n(
        "%(num)s profile stays that of its official. An approval holds until its last day, and"
        " cannot be given anew before SEESAC has chosen another authority.",
        "%(num)s profiles stay those of its officials. Approvals hold until their last day, and"
        " cannot be given anew before SEESAC has chosen another authority.",
        officials,
    )


def _refuse_days(
    work: UnitOfWork, expert: Expert, wanted: Wanted, approvals: Iterable[Approval]
) -> None:
    today = work.now.date()
    if wanted.until < wanted.starts:
        raise ConflictError(_("The last day lies before the first one."))
    if wanted.until < today:
        raise ConflictError(_("The last day is past, so nothing would be approved."))
    holding = covered_until(approvals, expert.authority_id, today)
    if wanted.starts > max(today, holding or today):
        raise ConflictError(
            _(
                "%(name)s would not be approved until the first day. Please let the approval begin"
                " today at the latest, or while the present one holds.",
                name=Named.of(expert),
            )
        )
    for row in approvals:
        same = (row.starts, row.until, row.scope, row.letter) == tuple(vars(wanted).values())
        if same and row.ended_on is None and row.organisation_id == expert.authority_id:
            raise TwinError(_("This approval stands there already."), row)


def withdraw(work: UnitOfWork, row: Approval, name: ApprovalStep, why: Why | None) -> None:
    """Withdraw an approval from today on; who has no other that holds expires.

    Refuses in words: another authority's approval, one's own profile, withdrawn already.
    """
    expert = row.expert
    if _would_end(work, row):
        # What is open for the expert ends, so that is locked first.
        signals.leaving.send(expert, work=work)
    lock(work.session, expert, row)
    owners = rules.owners_of_approval(row)
    step = APPROVAL_WORKFLOW.check(name, row.state, work.actor, why, owners)
    reason = reasons.keep(work, why, expert.tells_of)
    row.state, row.state_since, row.reason = step.target, work.now, reason
    row.withdraw_from(work.now.date())
    work.session.flush()
    audit.record(work, APPROVAL_WORKFLOW.action(name), row, reason=reason, expert_id=expert.id)
    follow(work, expert)
    tell(work, expert, step.tells, None, reason=reason, authority_id=row.organisation_id)


def _would_end(work: UnitOfWork, row: Approval) -> bool:
    rows = standing_queries.list_approvals(work.session, row.expert_id)
    others, today = [other for other in rows if other is not row], work.now.date()
    left = covered_until(others, row.expert.authority_id, today)
    return left is None or left < today


def change_hands(work: UnitOfWork, expert: Expert) -> None:
    """Let all end that the former authority was asked for, also where the new one has approved the
    expert before: it was asked about nothing of it."""
    if expert.authority_id is not None and expert.state in ON_ROSTER:
        operations.take(work.on_behalf(), expert, ExpertStep.EXPIRE)
    follow(work, expert)


def follow(work: UnitOfWork, expert: Expert) -> None:
    """Bring the profile to what its approvals say today."""
    _say_until(work, expert)
    touch(work.session, expert)
    work.session.flush()
    approved = rules.is_approved(expert, work.now.date())
    if approved and expert.state is ExpertState.EXPIRED:
        operations.take(work.on_behalf(), expert, ExpertStep.RENEW)
    if not approved and expert.state in ON_ROSTER:
        operations.take(work.on_behalf(), expert, ExpertStep.EXPIRE)


def _say_until(work: UnitOfWork, expert: Expert) -> None:
    approvals = standing_queries.list_approvals(work.session, expert.id)
    expert.approved_until = covered_until(approvals, expert.authority_id, work.now.date())


def list_covering(
    session: Session, expert: Expert, start: date | None, end: date | None
) -> list[Approval]:
    """Return the approvals of an expert by the authority of now that hold on all days of a mission,
    one that is limited to nothing first."""
    if start is None or end is None:
        return []
    there = standing_queries.list_holding(session, [expert.id], start, end).get(expert.id, [])
    return sorted(
        (row for row in there if row.holds_on(start) and row.holds_on(end)),
        key=lambda row: bool(row.scope),
    )
