"""What may be done with a request for expertise; each checks the state by itself."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.core import audit, notices
from webapp.core.audit import Actor
from webapp.core.errors import ConflictError, DomainError, ForbiddenError
from webapp.core.states import check
from webapp.core.vocabularies import CefrLevel
from webapp.expertise_requests import rules, signals
from webapp.expertise_requests.models import (
    ExcludedJurisdiction,
    ExpertiseRequest,
    HelpKind,
    RequestState,
    RequestTheme,
    RequiredLanguage,
    TermsOfReference,
    Urgency,
)


@dataclass(frozen=True)
class Content:
    """All that a requester writes; `languages` holds (language, level, required)."""

    title: str = ""
    background: str = ""
    objectives: str = ""
    outputs: str = ""
    tasks: str = ""
    audience: str = ""
    expert_background: str = ""
    existing: str = ""
    costs: str = ""
    security: str = ""
    help_kind: HelpKind | None = None
    urgency: Urgency = Urgency.NORMAL
    focal_point: str = ""
    jurisdiction: str | None = None
    place: str = ""
    start: date | None = None
    end: date | None = None
    flexibility: str = ""
    experts_needed: int = 1
    interpretation: bool = False
    themes: tuple[str, ...] = ()
    languages: tuple[tuple[str, CefrLevel, bool], ...] = ()
    excluded: tuple[str, ...] = field(default=())


LISTS = ("themes", "languages", "excluded")


class IncompleteError(DomainError):
    """The request lacks what a coordinator needs; `fields` maps each field to its message."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


def _write(request: ExpertiseRequest, content: Content) -> list[str]:
    """Put `content` into the row and return the names of what changed."""
    changed = []
    before = content_of(request)
    for name, value in vars(content).items():
        if getattr(before, name) == value:
            continue
        changed.append(name)
        if name not in LISTS:
            setattr(request, name, value)
    if "themes" in changed:
        _replace_themes(request, content.themes)
    if "languages" in changed:
        _replace_languages(request, content.languages)
    if "excluded" in changed:
        kept = {row.code: row for row in request.excluded}
        request.excluded = [
            kept.get(code) or ExcludedJurisdiction(code=code) for code in sorted(content.excluded)
        ]
    return changed


def _replace_themes(request: ExpertiseRequest, codes: tuple[str, ...]) -> None:
    # Rows are kept where they stand, for a position and a code may each occur only once.
    rows = {row.position: row for row in request.themes}
    request.themes = [
        rows[n] if n in rows and rows[n].theme_code == code else RequestTheme(
            theme_code=code, position=n
        )
        for n, code in enumerate(codes, 1)
    ]  # fmt: skip


def _replace_languages(
    request: ExpertiseRequest, wanted: tuple[tuple[str, CefrLevel, bool], ...]
) -> None:
    rows = {row.language: row for row in request.languages}
    request.languages = []
    for language, level, required in wanted:
        row = rows.get(language) or RequiredLanguage(language=language)
        row.level, row.required = level, required
        request.languages.append(row)


def content_of(request: ExpertiseRequest) -> Content:
    """Return what is written in the request now."""
    plain = {name: getattr(request, name) for name in vars(Content()) if name not in LISTS}
    return Content(
        **plain,
        themes=tuple(row.theme_code for row in request.themes),
        languages=tuple((row.language, row.level, row.required) for row in request.languages),
        excluded=tuple(row.code for row in request.excluded),
    )


def start_draft(
    session: Session, content: Content, *, actor: Actor, now: datetime
) -> ExpertiseRequest:
    """Store a new draft of the actor's own."""
    if actor.id is None:
        raise ForbiddenError("Only somebody who has signed in can write a request.")
    request = ExpertiseRequest(
        requester_id=actor.id,
        state=RequestState.DRAFT,
        state_since=now,
        created_at=now,
        title="",
        experts_needed=1,
        tor_version=0,
    )
    for name, value in vars(Content()).items():
        if name not in LISTS:
            setattr(request, name, value)
    _write(request, content)
    session.add(request)
    session.flush()
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
    if not rules.can_edit(actor, request):
        raise ConflictError(
            f"The text cannot be changed while the request is “{request.state}”."
        )  # fmt: skip
    if request.version != seen_version:
        raise ConflictError("The request was changed in another window since you opened it.")
    changed = _write(request, content)
    if changed:
        session.flush()
        audit.record(
            session,
            "request edited",
            request,
            actor=actor,
            now=now,
            request_id=request.id,
            fields=changed,
        )


def _move(
    session: Session,
    request: ExpertiseRequest,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    **details: Any,
) -> None:
    before = request.state
    target = check(rules.STEPS, step, request.state, actor, reason).target
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


def submit(session: Session, request: ExpertiseRequest, *, actor: Actor, now: datetime) -> None:
    """Send a draft or a corrected request to the coordinators."""
    lacks = rules.missing_for_submission(request)
    if lacks:
        raise IncompleteError(lacks)
    request.submitted_at = now
    _move(session, request, "submit", actor=actor, now=now)


def send_back(
    session: Session, request: ExpertiseRequest, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Return a request to its writer with the comment that says what is to be mended."""
    _move(session, request, "return", actor=actor, now=now, reason=reason)
    _tell_requester(session, request, "request_returned", now=now, reason=reason)


def accept(session: Session, request: ExpertiseRequest, *, actor: Actor, now: datetime) -> None:
    """Agree the terms of reference: their text is kept as a version, and matching may begin."""
    if actor.id is None:
        raise ForbiddenError("Terms of reference are accepted by a person.")
    request.tor_version += 1
    request.terms.append(
        TermsOfReference(
            version=request.tor_version,
            accepted_at=now,
            accepted_by=actor.id,
            content=_as_json(content_of(request)),
        )
    )
    _move(session, request, "accept", actor=actor, now=now, tor_version=request.tor_version)
    _tell_requester(session, request, "request_accepted", now=now)


def decline(
    session: Session, request: ExpertiseRequest, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Refuse a request with the reason that its writer is told."""
    _move(session, request, "decline", actor=actor, now=now, reason=reason)
    _tell_requester(session, request, "request_declined", now=now, reason=reason)


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
    _tell_requester(session, request, "request_unfilled", now=now, reason=reason)


def start_matching(
    session: Session, request: ExpertiseRequest, *, actor: Actor, now: datetime
) -> None:
    """Note that experts are being considered; the first shortlisting does this by itself."""
    if request.state is RequestState.ACCEPTED:
        _move(session, request, "start matching", actor=actor, now=now)


def propose(session: Session, request: ExpertiseRequest, *, actor: Actor, now: datetime) -> None:
    """Note that experts were proposed, and tell the requester to look at them."""
    _move(session, request, "propose", actor=actor, now=now)
    _tell_requester(session, request, "experts_proposed", now=now)


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


def _tell_requester(
    session: Session, request: ExpertiseRequest, kind: str, *, now: datetime, reason: str = ""
) -> None:
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


def _as_json(content: Content) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in vars(content).items()
    }
