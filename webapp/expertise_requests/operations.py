"""What may be done with a request for expertise; each checks the state by itself.

`take` takes any step of the workflow. What a step changes besides the state stands in `BEFORE` and
`ENDING`; a step that is in neither needs nothing but its line in the table.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.core.db import lock
from webapp.core.errors import ConflictError, DomainError, ForbiddenError, TwinError
from webapp.core.record import audit, reasons
from webapp.core.record.actions import Action
from webapp.core.record.personal_data import Whose
from webapp.core.record.reasons import Grounds, Reason, ReasonKind, Why
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _, _n
from webapp.core.workflows.workflow import Mail
from webapp.expertise_requests import (
    field_comments,
    hands,
    naming,
    obstacles,
    queries,
    reading,
    rules,
    signals,
    telling,
)
from webapp.expertise_requests.content import PLAIN, Content, get_content, write
from webapp.expertise_requests.models import ExpertiseRequest, RequestState, TermsOfReference
from webapp.expertise_requests.workflow import ASKED, WORKFLOW, RequestStep
from webapp.messages import operations as messages
from webapp.organisations.models import Organisation
from webapp.platform_settings.queries import get_settings

STALE = _("The request was changed in another window, or by somebody else, since you opened it.")


class IncompleteError(DomainError):
    """The request lacks what a coordinator needs; `fields` maps each field to its message."""

    def __init__(self, fields: Mapping[str, Message]) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields


class PastDatesError(IncompleteError):
    """The days asked for are past; that may be meant, and then has to be said."""


@dataclass(frozen=True)
class Seen:
    """What the person saw who takes a step: the text's version, and that its dates are past."""

    version: int | None = None
    past_is_meant: bool = False


def start_draft(
    work: UnitOfWork,
    content: Content,
    *,
    form_token: str | None = None,
    copied_from: ExpertiseRequest | None = None,
) -> ExpertiseRequest:
    """Store a new draft of the actor's own; the log says if it was `copied_from` another.

    `form_token` names one showing of the form: a form that is sent twice answers with the draft
    that it made the first time, whatever became of it since. A form opened anew has another token,
    so a text that this person has stored before, and that has not ended, is refused as well.
    """
    session, actor = work.session, work.actor
    if actor.id is None:
        raise ForbiddenError(_("Only somebody who has signed in can write a request."))
    # Of forms that are sent at one moment, the later ones find what the first has stored.
    writer = session.get_one(Account, actor.id)
    lock(session, writer)
    twin = queries.find_same_text(session, actor, content)
    if twin and (form_token is None or twin.form_token != form_token):
        raise TwinError(
            _(
                "You have stored this very text before, as %(reference)s.",
                reference=twin.reference,
            ),
            twin,
        )
    request = ExpertiseRequest(
        requester_id=actor.id,
        organisation_id=writer.organisation_id,
        state=RequestState.DRAFT,
        state_since=work.now,
        created_at=work.now,
        tor_version=0,
        form_token=form_token,
        **{name: getattr(content, name) for name in PLAIN},
    )
    try:
        with session.begin_nested():
            session.add(request)
            session.flush()
    except IntegrityError:
        earlier = session.scalars(
            sa.select(ExpertiseRequest).where(
                ExpertiseRequest.requester_id == actor.id,
                ExpertiseRequest.form_token == form_token,
            )
        ).one_or_none()
        if earlier is None:
            raise
        return earlier
    write(session, request, content)
    details: dict[str, Any] = {"copied_from": copied_from.id} if copied_from else {}
    audit.record(work, Action.REQUEST_DRAFTED, request, request_id=request.id, **details)
    return request


def save(
    work: UnitOfWork, request: ExpertiseRequest, content: Content, *, seen_version: int
) -> None:
    """Change the text of a draft or of a returned request; a stale edit is refused."""
    lock(work.session, request)
    if not rules.is_requester(work.actor, request):
        raise ForbiddenError(_("Only the person who wrote a request can change its text."))
    if request.state not in rules.EDITABLE:
        raise ConflictError(
            _("The text cannot be changed while the request is “%(state)s”.", state=request.state)
        )
    refuse_stale(request, seen_version)
    if request.state is RequestState.RETURNED:
        # Coordinators can read it, so it stays as complete as it was when it was sent in.
        _refuse_incomplete(content)
    changed = write(work.session, request, content)
    if changed:
        audit.record(work, Action.REQUEST_EDITED, request, request_id=request.id, fields=changed)


def refuse_stale(request: ExpertiseRequest, seen_version: int | None) -> None:
    """Refuse what was decided on a page of another version; raises ConflictError."""
    if seen_version is not None and request.version != seen_version:
        raise ConflictError(STALE)


def _refuse_incomplete(text: Content) -> None:
    lacks = rules.missing_for_submission(text)
    if lacks:
        raise IncompleteError(lacks)


def _refuse_past(work: UnitOfWork, request: ExpertiseRequest, seen: Seen) -> None:
    if rules.is_past(request, work.now.date()) and not seen.past_is_meant:
        raise PastDatesError({"start": _("The first day, %(day)s, is past.", day=request.start)})


def take(
    work: UnitOfWork,
    request: ExpertiseRequest,
    name: RequestStep,
    why: Why | None = None,
    seen: Seen = Seen(),
) -> None:
    """Take a step with a request: change its state, record it, tell whom the table names.

    Refuses in words: wrong person, wrong state, no reason, or a text not yet seen.
    """
    lock(work.session, request)
    step = rules.check_step(name, request, work.actor, why)
    if obstacle := obstacles.find_obstacle(work.session, request, name):
        raise ConflictError(obstacle)
    refuse_stale(request, seen.version)
    before = request.state
    reading.note_decision(work, request)
    details = BEFORE[name](work, request, seen) if name in BEFORE else {}
    if step.target is not before:
        request.state, request.state_since = step.target, work.now
    request.reply_by = reply_by(work) if step.target in ASKED else None
    work.session.flush()
    reason = reasons.keep(work, why, request.requester.tells_of)
    audit.record(
        work, WORKFLOW.action(name), request, request_id=request.id, reason=reason,
        before=before, after=step.target, **details,
    )  # fmt: skip
    if name is RequestStep.CONFIRM:
        signals.confirmed.send(request, work=work)
    if name in ENDING:
        signals.ended.send(request, work=work, why=reason or Grounds(ReasonKind.FILLED))
    for mail in step.tells:
        if mail.is_sent_from(before):
            tell(work, request, mail, reason)


def _before_submit(work: UnitOfWork, request: ExpertiseRequest, seen: Seen) -> dict[str, Any]:
    _refuse_incomplete(get_content(request))
    _refuse_past(work, request, seen)
    field_comments.settle(work, request)
    # Somebody waits since then, however often the text is corrected.
    request.submitted_at = request.submitted_at or work.now
    if request.organisation_id is None:
        # It was begun before its writer had an organisation, or before there were any.
        request.organisation_id = work.actor.organisation_id
    return {}


def _before_taking_back(
    _work: UnitOfWork, request: ExpertiseRequest, _seen: Seen
) -> dict[str, Any]:
    reading.refuse_if_read(request)
    # It is a draft that nobody has seen once more.
    request.submitted_at = None
    return {}


def _before_accept(work: UnitOfWork, request: ExpertiseRequest, seen: Seen) -> dict[str, Any]:
    """Keep the text as a version of the terms of reference, which deployments refer to."""
    _refuse_past(work, request, seen)
    _take_on(work, request)
    return {"tor_version": keep_terms(work, request)}


def _take_on(work: UnitOfWork, request: ExpertiseRequest) -> None:
    """Let whoever accepts a request see to it, unless a colleague does already who can."""
    if work.actor.id is not None and not queries.get_handler_names(work.session, [request]):
        hands.give(work, request, accounts.get_account(work.session, work.actor.id))


def keep_terms(work: UnitOfWork, request: ExpertiseRequest) -> int:
    """Keep what the request says as the next version of its terms of reference; return its number.

    The actor is who has agreed to it last.
    """
    if work.actor.id is None:
        raise ForbiddenError(_("Terms of reference are accepted by a person."))
    request.tor_version += 1
    request.terms.append(
        TermsOfReference(
            version=request.tor_version,
            accepted_at=work.now,
            accepted_by=work.actor.id,
            content=get_content(request).as_json(),
        )
    )
    return request.tor_version


# Steps that send a request on, and ask back if its days are past.
ASKING_ABOUT_PAST_DAYS = frozenset({RequestStep.SUBMIT, RequestStep.ACCEPT})
# What must hold, or change, before a step is taken; what it returns goes into the audit log.
BEFORE: dict[RequestStep, Callable[[UnitOfWork, ExpertiseRequest, Seen], dict[str, Any]]] = {
    RequestStep.SUBMIT: _before_submit,
    RequestStep.TAKE_BACK: _before_taking_back,
    RequestStep.ACCEPT: _before_accept,
}
# After these, nobody is looked for any more: what was open for the request ends with it.
ENDING = frozenset({
    RequestStep.CLOSE, RequestStep.CLOSE_WITH_SELECTED, RequestStep.LEAVE_UNFILLED,
    RequestStep.WITHDRAW,
})  # fmt: skip


def bring_along(account: Account, work: UnitOfWork) -> None:
    """Open to the colleagues of a new member what that person has sent in by themselves before.

    Drafts follow when they are sent: they were begun as nobody else's business.
    """
    brought = work.session.scalars(
        sa.select(ExpertiseRequest).where(
            ExpertiseRequest.requester_id == account.id,
            ExpertiseRequest.organisation_id.is_(None),
            ExpertiseRequest.submitted_at.is_not(None),
        )
    )
    rows = brought.all()
    for request in rows:
        request.organisation_id = account.organisation_id
        audit.record(
            work,
            Action.REQUEST_JOINED,
            request,
            request_id=request.id,
            after=account.organisation_id,
        )
    work.session.flush()
    told_of = {request.reference for request in rows}
    for member in accounts.list_members(work.session, Role.COORDINATOR, account.organisation_id):
        messages.forget_told_of(work.session, member.id, told_of)
    if Role.COORDINATOR in account.kinds:
        forget_own(account, work)


def forget_own(account: Account, work: UnitOfWork) -> None:
    """Delete what a coordinator was told of requests that are their own from now on."""
    told_of = queries.list_references(work.session, account)
    messages.forget_told_of(work.session, account.id, told_of)


def refuse_closing(organisation: Organisation, work: UnitOfWork) -> None:
    """Refuse to close an organisation while requests of it are open."""
    rows = queries.list_open_of_organisation(work.session, organisation.id)
    if rows:
        raise ConflictError(
            _n(
                "%(num)s request of this organisation is still open: %(references)s.",
                "%(num)s requests of this organisation are still open: %(references)s.",
                len(rows),
                references=", ".join(row.reference for row in rows),
            )
        )


def start_matching(work: UnitOfWork, request: ExpertiseRequest) -> None:
    """Note that experts are being considered; the first shortlisting does this by itself."""
    if request.state is RequestState.ACCEPTED:
        take(work, request, RequestStep.START_MATCHING)


def reply_by(work: UnitOfWork) -> date:
    """Return until when somebody is asked to answer who is asked now."""
    return work.now.date() + timedelta(days=get_settings(work.session).reply_by_days)


def tell(
    work: UnitOfWork, request: ExpertiseRequest, mail: Mail[Any], reason: Reason | None = None
) -> None:
    """Tell the writer of a request, or the coordinators, of a step with it."""
    messages.send(
        work,
        telling.readers_of(work, request, mail.to),
        mail,
        telling.facts_of(request),
        path="/requests/%(request_id)s",
        about=telling.about(request),
        reason=reason,
        reply_by=request.reply_by,
    )


def forget_named(work: UnitOfWork, who: Whose, known: Collection[str]) -> None:
    """Take somebody who is erased out of requests and of accepted terms of reference; by which
    names others have `known` them counts in all of them.

    A form proposes its writer as the focal point, so most requests name theirs there.
    """
    named = naming.list_naming(work.session, who, known)
    lock(work.session, *(one.request for one in named))
    for one in named:
        for field in rules.NAMING:
            if one.has_them(getattr(one.request, field)):
                setattr(one.request, field, "")
        for terms in one.request.terms:
            empty = {
                field: "" for field in rules.NAMING if one.has_them(terms.content.get(field, ""))
            }
            if empty:
                terms.content = terms.content | empty
    work.session.flush()
