"""What may be done with a request for expertise; each checks the state by itself."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.core import audit, notices
from webapp.core.audit import Actor
from webapp.core.errors import ConflictError, DomainError, ForbiddenError, TwinError
from webapp.core.workflow import Step
from webapp.expertise_requests import queries, rules, signals
from webapp.expertise_requests.content import PLAIN, Content, content_of, write
from webapp.expertise_requests.models import ExpertiseRequest, RequestState, TermsOfReference

__all__ = ["Content", "IncompleteError", "content_of"]

STALE = "The request was changed in another window, or by somebody else, since you opened it."


class IncompleteError(DomainError):
    """The request lacks what a coordinator needs; `fields` maps each field to its message."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


def start_draft(
    session: Session,
    content: Content,
    *,
    actor: Actor,
    now: datetime,
    form_token: str | None = None,
) -> ExpertiseRequest:
    """Store a new draft of the actor's own.

    `form_token` names one showing of the form: a form that is sent twice answers with the draft
    that it made the first time, whatever became of it since. A form opened anew has another token,
    so a text that this person has stored before, and that has not ended, is refused as well.
    """
    if actor.id is None:
        raise ForbiddenError("Only somebody who has signed in can write a request.")
    twin = queries.find_same_text(session, actor, content)
    if twin and (form_token is None or twin.form_token != form_token):
        raise TwinError(f"You have stored this very text before, as {twin.reference}.", twin)
    request = ExpertiseRequest(
        requester_id=actor.id,
        state=RequestState.DRAFT,
        state_since=now,
        created_at=now,
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
    audit.record(
        session, "request drafted", request, actor=actor, now=now, request_id=request.id
    )  # fmt: skip
    return request


def save(
    session: Session,
    request: ExpertiseRequest,
    content: Content,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Change the text of a draft or of a returned request; a stale edit is refused."""
    if not rules.is_requester(actor, request):
        raise ForbiddenError("Only the person who wrote a request can change its text.")
    if request.state not in rules.EDITABLE:
        raise ConflictError(f"The text cannot be changed while the request is “{request.state}”.")
    _refuse_stale(request, seen_version)
    if request.state is RequestState.RETURNED:
        # Coordinators can read it, so it stays as complete as it was when it was sent in.
        _refuse_incomplete(content)
    changed = write(session, request, content)
    if changed:
        audit.record(
            session,
            "request edited",
            request,
            actor=actor,
            now=now,
            request_id=request.id,
            fields=changed,
        )


def _refuse_stale(request: ExpertiseRequest, seen_version: int | None) -> None:
    if seen_version is not None and request.version != seen_version:
        raise ConflictError(STALE)


def _refuse_incomplete(text: Content) -> None:
    lacks = rules.missing_for_submission(text)
    if lacks:
        raise IncompleteError(lacks)


def _check(
    request: ExpertiseRequest,
    step: str,
    actor: Actor,
    reason: str = "",
    seen_version: int | None = None,
) -> Step[RequestState]:
    """Return the step, or refuse: wrong person, wrong state, no reason, or a text not yet seen."""
    found = rules.check_step(step, request, actor, reason)
    _refuse_stale(request, seen_version)
    return found


def _move(
    session: Session,
    request: ExpertiseRequest,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    seen_version: int | None = None,
    **details: Any,
) -> None:
    before = request.state
    target = _check(request, step, actor, reason, seen_version).target
    if target is not before:
        request.state, request.state_since = target, now
    session.flush()
    audit.record(
        session,
        f"request: {step}",
        request,
        actor=actor,
        now=now,
        request_id=request.id,
        reason=reason,
        before=before,
        after=target,
        **details,
    )


def submit(
    session: Session,
    request: ExpertiseRequest,
    *,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Send a draft or a corrected request to the coordinators."""
    _check(request, "submit", actor, seen_version=seen_version)
    _refuse_incomplete(content_of(request))
    request.submitted_at = now
    _move(session, request, "submit", actor=actor, now=now)


def send_back(
    session: Session,
    request: ExpertiseRequest,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Return a request to its writer with the comment that says what is to be mended."""
    _move(
        session, request, "return", actor=actor, now=now, reason=reason, seen_version=seen_version
    )
    tell_requester(session, request, "request_returned", now=now, reason=reason)


def accept(
    session: Session,
    request: ExpertiseRequest,
    *,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Agree the terms of reference: their text is kept as a version, and matching may begin."""
    if actor.id is None:
        raise ForbiddenError("Terms of reference are accepted by a person.")
    _check(request, "accept", actor, seen_version=seen_version)
    request.tor_version += 1
    request.terms.append(
        TermsOfReference(
            version=request.tor_version,
            accepted_at=now,
            accepted_by=actor.id,
            content=content_of(request).as_json(),
        )
    )
    _move(session, request, "accept", actor=actor, now=now, tor_version=request.tor_version)
    tell_requester(session, request, "request_accepted", now=now)


def decline(
    session: Session,
    request: ExpertiseRequest,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Refuse a request with the reason that its writer is told."""
    _move(
        session, request, "decline", actor=actor, now=now, reason=reason, seen_version=seen_version
    )
    tell_requester(session, request, "request_declined", now=now, reason=reason)


def withdraw(
    session: Session, request: ExpertiseRequest, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Take a request back; experts already asked are told and their days are free again."""
    _move(session, request, "withdraw", actor=actor, now=now, reason=reason)
    signals.ended.send(request, session=session, actor=actor, now=now, reason=reason)


def leave_unfilled(
    session: Session, request: ExpertiseRequest, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Close a request for which nobody was found."""
    _move(session, request, "leave unfilled", actor=actor, now=now, reason=reason)
    signals.ended.send(request, session=session, actor=actor, now=now, reason=reason)
    tell_requester(session, request, "request_unfilled", now=now, reason=reason)


def start_matching(
    session: Session, request: ExpertiseRequest, *, actor: Actor, now: datetime
) -> None:
    """Note that experts are being considered; the first shortlisting does this by itself."""
    if request.state is RequestState.ACCEPTED:
        _move(session, request, "start matching", actor=actor, now=now)


def propose(session: Session, request: ExpertiseRequest, *, actor: Actor, now: datetime) -> None:
    """Note that experts were proposed, and tell the requester to look at them."""
    _move(session, request, "propose", actor=actor, now=now)
    tell_requester(session, request, "experts_proposed", now=now)


def confirm(session: Session, request: ExpertiseRequest, *, actor: Actor, now: datetime) -> None:
    """Note that as many experts were selected as the request asks for."""
    _move(session, request, "confirm", actor=actor, now=now)


def close(session: Session, request: ExpertiseRequest, *, actor: Actor, now: datetime) -> None:
    """End the work on a confirmed request; those kept in reserve are told and free again."""
    _move(session, request, "close", actor=actor, now=now)
    signals.ended.send(
        request, session=session, actor=actor, now=now, reason="The request has been filled."
    )


def reopen(session: Session, request: ExpertiseRequest, *, actor: Actor, now: datetime) -> None:
    """Take a confirmed request up again because a selected expert fell out."""
    _move(session, request, "reopen", actor=actor, now=now)


def tell_requester(
    session: Session, request: ExpertiseRequest, kind: str, *, now: datetime, reason: str = ""
) -> None:
    """Tell the writer of a request something about it."""
    notices.notify(
        session,
        request.requester_id,
        kind,
        now=now,
        request_id=request.id,
        reference=request.reference,
        title=request.title,
        reason=reason,
    )
