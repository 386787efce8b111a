"""Approvals: an authority lets one of its officials be sent, for what and until when.

What a profile says of its approval, `Expert.approved_until`, follows from these rows alone. An
approval begins while another holds, or at once: then the last day of all is that of the whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from webapp.core import audit, reasons
from webapp.core.db import lock
from webapp.core.errors import ConflictError, TwinError
from webapp.core.reasons import Why
from webapp.core.translation import _
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import operations, rules, signals, standing_queries
from webapp.experts.models import Expert, ExpertState
from webapp.experts.revisions import touch
from webapp.experts.standing_tables import Approval
from webapp.experts.standing_workflow import APPROVAL_WORKFLOW, ApprovalStep
from webapp.experts.telling import tell
from webapp.experts.workflow import ExpertStep

GRANTS = (ApprovalStep.GRANT, ApprovalStep.RECORD)


@dataclass(frozen=True)
class Wanted:
    """An approval as somebody writes it."""

    starts: date
    until: date
    scope: str = ""
    letter: str = ""


def last_day(approvals: Iterable[Approval]) -> date | None:
    """Return the last day that any of these covers; None where there is none."""
    return max((row.last_day for row in approvals), default=None)


def grant(work: UnitOfWork, expert: Expert, name: ApprovalStep, wanted: Wanted) -> Approval:
    """Approve an official, or record an approval; who had expired by its end comes back.

    Refuses in words: another authority's official, one's own profile, days that leave a gap, an
    approval that stands there already.
    """
    lock(work.session, expert)
    step = APPROVAL_WORKFLOW.check_person(name, work.actor, rules.owners_of(expert))
    rules.refuse_erased(expert)
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
    follow(work, expert)
    tell(work, expert, step.tells, None, facts={"until": wanted.until})
    return row


def _refuse_days(
    work: UnitOfWork, expert: Expert, wanted: Wanted, approvals: Iterable[Approval]
) -> None:
    today = work.now.date()
    if wanted.until < wanted.starts:
        raise ConflictError(_("The last day lies before the first one."))
    if wanted.until < today:
        raise ConflictError(_("The last day is past, so nothing would be approved."))
    holding = last_day(approvals)
    if wanted.starts > max(today, holding or today):
        raise ConflictError(
            _(
                "%(name)s would not be approved until the first day. Please let the approval begin"
                " today at the latest, or while the present one holds.",
                name=expert.name,
            )
        )
    for row in approvals:
        same = (row.starts, row.until, row.scope, row.letter) == tuple(vars(wanted).values())
        if same and row.ended_on is None:
            raise TwinError(_("This approval stands there already."), row)


def withdraw(work: UnitOfWork, row: Approval, name: ApprovalStep, why: Why | None) -> None:
    """Withdraw an approval from today on; who has no other that holds expires.

    Refuses in words: another authority's official, one's own profile, withdrawn already.
    """
    expert = row.expert
    if _would_end(work, row):
        # What is open for the expert ends, so that is locked first.
        signals.leaving.send(expert, work=work)
    lock(work.session, expert, row)
    step = APPROVAL_WORKFLOW.check(name, row.state, work.actor, why, rules.owners_of(expert))
    reason = reasons.keep(work, why, expert.tells_of)
    row.state, row.state_since, row.reason = step.target, work.now, reason
    row.withdraw_from(work.now.date())
    work.session.flush()
    audit.record(work, APPROVAL_WORKFLOW.action(name), row, reason=reason, expert_id=expert.id)
    follow(work, expert)
    tell(work, expert, step.tells, None, reason=reason)


def _would_end(work: UnitOfWork, row: Approval) -> bool:
    others = standing_queries.list_approvals(work.session, row.expert_id)
    left = last_day(other for other in others if other is not row)
    return left is None or left < work.now.date()


def follow(work: UnitOfWork, expert: Expert) -> None:
    """Bring the profile to what its approvals say."""
    approvals = standing_queries.list_approvals(work.session, expert.id)
    expert.approved_until = last_day(approvals)
    touch(work.session, expert)
    work.session.flush()
    approved = rules.is_approved(expert, work.now.date())
    if approved and expert.state is ExpertState.EXPIRED:
        operations.take(work.on_behalf(), expert, ExpertStep.RENEW)
    if not approved and expert.state in {ExpertState.ACTIVE, ExpertState.DORMANT}:
        operations.take(work.on_behalf(), expert, ExpertStep.EXPIRE)
