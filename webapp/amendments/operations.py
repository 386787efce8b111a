"""What may be done with changes of terms of reference; each checks anew what may still change."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from webapp.amendments import queries, rules, signals
from webapp.amendments.models import Amendment, AmendmentState
from webapp.amendments.workflow import WORKFLOW, AmendmentStep
from webapp.core.actor import Actor
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit, reasons
from webapp.core.record.reasons import COMMENT_ONLY, Grounds, Reason, Why
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _
from webapp.core.workflows.workflow import Mail, refuse_bad_reason
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests import telling
from webapp.expertise_requests.content import Content, get_content, read_json, write
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.messages import operations as messages

NO_CHANGES: Mapping[str, Any] = MappingProxyType({})
PATH = "/requests/%(request_id)s/amendments/%(amendment_id)s"


def check_side(actor: Actor, request: ExpertiseRequest) -> Role:
    """Return on which side somebody speaks of changes, or refuse who only reads them."""
    side = rules.side_of(actor, request)
    if side is None:
        raise ForbiddenError(
            _("Its requester and SEESAC agree on changes of the terms of reference.")
        )
    return side


def refuse_what_stays(
    session: Session, request: ExpertiseRequest, changes: Mapping[str, Any] = NO_CHANGES
) -> None:
    """Refuse in words to make these changes now, or any: by the request's state, and by what
    higher packages know."""
    if obstacle := rules.find_obstacle(request, changes):
        raise ConflictError(obstacle)
    signals.changing.send(request, session=session, changes=changes)


def propose(
    work: UnitOfWork,
    request: ExpertiseRequest,
    content: Content,
    why: Grounds,
    *,
    seen_version: int,
) -> Amendment:
    """Propose to the other side that the request say this; the same once more, sent again from the
    same page, is one.

    Whatever SEESAC does for the request, its requester can ask for other days; SEESAC offers none
    that it could not agree to.

    Refuses in words: who is on no side, what may not change any more, another version since the
    page was opened, another change that waits, nothing changed, a text that lacks something.
    """
    lock(work.session, request)
    side = check_side(work.actor, request)
    step = WORKFLOW[rules.step_of_proposal(side)]
    refuse_bad_reason(step.label, COMMENT_ONLY, why)
    if request.tor_version != seen_version:
        raise ConflictError(_("The terms of reference were changed since you opened the page."))
    before = get_content(request)
    kept = content.as_json()
    changes = {
        name: kept[name] for name, value in vars(before).items() if value != getattr(content, name)
    }
    if waiting := queries.find_open(work.session, request.id):
        if (waiting.proposed_by, waiting.changes) == (work.actor.id, _as_stored(changes)):
            return waiting
        raise ConflictError(
            _("Another change of the terms of reference waits for an answer: one at a time.")
        )
    if not changes:
        raise ConflictError(_("Nothing is changed yet."))
    refuse_what_stays(work.session, request, changes)
    if side is Role.COORDINATOR:
        signals.settling.send(request, session=work.session, changes=changes, side=side)
    if lacks := request_rules.missing_for_submission(content):
        raise requests.IncompleteError(lacks)
    if past := _find_past(work, content, changes):
        raise requests.IncompleteError({"start": past})
    return _propose(work, request, changes, why, side)


def _as_stored(changes: dict[str, Any]) -> dict[str, Any]:
    """Return changes as they are read back from the database, which knows lists alone."""
    return {
        name: [list(row) if isinstance(row, tuple) else row for row in value]
        if isinstance(value, tuple)
        else value
        for name, value in changes.items()
    }


def _find_past(work: UnitOfWork, content: Content, changes: Collection[str]) -> Message | None:
    """Return what stands against days that are past by now, if they are what changes."""
    if "start" in changes and request_rules.is_past(content, work.now.date()):
        return _("The first day, %(day)s, is past.", day=content.start)
    return None


def _propose(
    work: UnitOfWork,
    request: ExpertiseRequest,
    changes: dict[str, Any],
    why: Grounds,
    side: Role,
) -> Amendment:
    name = rules.step_of_proposal(side)
    step = WORKFLOW.check_person(name, work.actor, request_rules.owners_of(request))
    if work.actor.id is None:
        raise ForbiddenError(_("Changes of the terms of reference are proposed by a person."))
    by_office = side is Role.COORDINATOR
    reason = reasons.keep(work, why, request.requester.tells_of)
    amendment = Amendment(
        request=request,
        state=step.target,
        state_since=work.now,
        from_version=request.tor_version,
        changes=_as_stored(changes),
        proposed_at=work.now,
        proposed_by=work.actor.id,
        by_office=by_office,
        reply_by=requests.reply_by(work) if by_office else None,
        reason=reason,
    )
    work.session.add(amendment)
    work.session.flush()
    _record(work, amendment, name, reason)
    _tell(work, amendment, name, reason)
    return amendment


def take(
    work: UnitOfWork, amendment: Amendment, name: AmendmentStep, why: Why | None = None
) -> None:
    """Answer a change or take it back, record it, and tell the other side.

    What is agreed is written into the request and kept as a version of its terms of reference.
    Refuses in words: wrong person, wrong state, no reason, what may not change any more.
    """
    request = amendment.request
    lock(work.session, request)
    work.session.refresh(amendment)
    owners = request_rules.owners_of(request)
    step = WORKFLOW.check(name, amendment.state, work.actor, why, owners)
    reason = reasons.keep(work, why, request.requester.tells_of)
    if step.target is AmendmentState.AGREED:
        _write(work, amendment)
    if step.target is AmendmentState.REFUSED:
        amendment.answer = reason
    amendment.state, amendment.state_since, amendment.reply_by = step.target, work.now, None
    work.session.flush()
    _record(work, amendment, name, reason)
    _tell(work, amendment, name, reason)
    if step.target is AmendmentState.AGREED:
        signals.agreed.send(amendment, work=work)


def _write(work: UnitOfWork, amendment: Amendment) -> None:
    """Let the request say what is agreed, which nothing may stand against by now."""
    request = amendment.request
    changes, side = amendment.changes, check_side(work.actor, request)
    refuse_what_stays(work.session, request, changes)
    signals.settling.send(request, session=work.session, changes=changes, side=side)
    content = replace(get_content(request), **read_json(changes))
    if past := _find_past(work, content, changes):
        raise ConflictError(past)
    write(work.session, request, content)
    if not rules.DAYS.isdisjoint(changes):
        # What both sides agree on takes the place of days to which a mission was moved before.
        request.moved_start = request.moved_end = None
    amendment.into_version = requests.keep_terms(work, request)


def lapse(request: ExpertiseRequest, *, work: UnitOfWork, why: Why) -> None:
    """Let a change lapse that waits for an answer, because the request has ended."""
    if waiting := queries.find_open(work.session, request.id):
        take(work.on_behalf(), waiting, AmendmentStep.LAPSE, why)


def _record(
    work: UnitOfWork, amendment: Amendment, name: AmendmentStep, reason: Reason | None
) -> None:
    audit.record(
        work, WORKFLOW.action(name), amendment, request_id=amendment.request_id, reason=reason,
        after=amendment.state, fields=sorted(amendment.changes),
        from_version=amendment.from_version, into_version=amendment.into_version,
    )  # fmt: skip


def _tell(
    work: UnitOfWork, amendment: Amendment, name: AmendmentStep, reason: Reason | None
) -> None:
    for mail in WORKFLOW[name].tells:
        _send(work, amendment, mail, reason)


def _send(work: UnitOfWork, amendment: Amendment, mail: Mail[Any], reason: Reason | None) -> None:
    request = amendment.request
    messages.send(
        work,
        telling.readers_of(work, request, mail.to),
        mail,
        telling.facts_of(request) | {"amendment_id": amendment.id},
        path=PATH,
        about=telling.about(request),
        reason=reason,
        reply_by=amendment.reply_by,
    )
