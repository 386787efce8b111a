"""Changes of who an expert is: what was vetted is shown until a coordinator confirms the change."""

from collections.abc import Sequence
from dataclasses import replace

from webapp.core.db import lock
from webapp.core.errors import ConflictError
from webapp.core.record import audit, reasons
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Reason, Why
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.experts import rules, signals
from webapp.experts.contents import IDENTITY, Identity, identity_of
from webapp.experts.identity_workflow import IDENTITY_WORKFLOW, WHO_CHANGED, IdentityStep
from webapp.experts.models import Expert, IdentityChange
from webapp.experts.revisions import touch
from webapp.experts.telling import tell


def write(work: UnitOfWork, expert: Expert, wanted: Identity) -> tuple[Identity, bool]:
    """Return who the profile says from now on that the expert is, and whether a change of it is
    announced instead.

    What a coordinator writes for somebody is confirmed by that, and the authority is told of it.
    """
    if not rules.is_own(work.actor, expert):
        if wanted != identity_of(expert):
            now = replace(Named.of(expert), name=wanted.name)
            facts = {"before": Named.of(expert), "expert": now}
            tell(work, expert, [WHO_CHANGED], None, facts=facts)
        return wanted, False
    if not (expert.pending_identity or rules.changes_who(expert, wanted)):
        return wanted, False
    announced = announce(work, expert, wanted)
    return identity_of(expert), announced


def announce(work: UnitOfWork, expert: Expert, wanted: Identity) -> bool:
    """Let a coordinator confirm who the expert now says to be; tell whether that is news.

    What was announced before and still waits is replaced, or withdrawn where nothing is to change.
    The profile is locked already, and is marked as changed by the caller.
    """
    change = expert.pending_identity
    same = wanted == identity_of(expert)
    if wanted == identity_of(change or expert):
        return False
    name = IdentityStep.WITHDRAW if same else IdentityStep.PROPOSE
    step = IDENTITY_WORKFLOW.check_person(name, work.actor, rules.owners_of(expert))
    if change is None:
        change = IdentityChange(expert_id=expert.id)
        work.session.add(change)
    changed = [field for field in IDENTITY if getattr(change, field) != getattr(wanted, field)]
    for field, value in vars(wanted).items():
        setattr(change, field, value)
    change.state, change.state_since = step.target, work.now
    _finish(work, expert, change, name, fields=changed)
    return True


def take(
    work: UnitOfWork, change: IdentityChange, name: IdentityStep, why: Why | None = None,
    *, seen_version: int,
) -> None:  # fmt: skip
    """Confirm a change, or refuse it with a reason; the expert is told.

    Refuses in words: wrong role, one's own profile, decided already, changed since it was read.
    """
    expert = change.expert
    lock(work.session, expert, change)
    owners = rules.owners_of(expert)
    step = IDENTITY_WORKFLOW.check(name, change.state, work.actor, why, owners)
    if change.version != seen_version:
        raise ConflictError(
            _("The expert has changed this again since you opened the page. Please read it anew.")
        )
    before = Named.of(expert)
    if name is IdentityStep.CONFIRM:
        for field in IDENTITY:
            setattr(expert, field, getattr(change, field))
    reason = reasons.keep(work, why, expert.tells_of)
    change.state, change.state_since, change.reason = step.target, work.now, reason
    touch(work.session, expert)
    _finish(work, expert, change, name, reason=reason, before=before)
    if name is IdentityStep.CONFIRM:
        signals.texts_changed.send(expert, work=work)


def _finish(
    work: UnitOfWork,
    expert: Expert,
    change: IdentityChange,
    name: IdentityStep,
    *,
    reason: Reason | None = None,
    fields: Sequence[str] = (),
    before: Named | None = None,
) -> None:
    """Record a step that was taken, and tell whom the table names."""
    work.session.flush()
    work.session.expire(expert, ["pending_identity"])
    audit.record(
        work, IDENTITY_WORKFLOW.action(name), change, reason=reason, expert_id=expert.id,
        fields=list(fields), after=change.state,
    )  # fmt: skip
    facts = {"before": before or Named.of(expert)}
    tell(work, expert, IDENTITY_WORKFLOW[name].tells, None, reason=reason, facts=facts)
