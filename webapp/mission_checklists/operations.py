"""What happens to the things that missions need: they are seen to, left out, opened again."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.files.stored_files import FileContent
from webapp.core.record import audit, reasons
from webapp.core.record.actions import Action
from webapp.core.record.reasons import Grounds, Reason
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.language import languages
from webapp.core.words.translation import _
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import Missing
from webapp.matches import operations as matches
from webapp.mission_checklists import queries, rules, undone
from webapp.mission_checklists.content import RISK_VERSION, RiskRead, risk_in, risk_to_read
from webapp.mission_checklists.models import Item, ItemFile, ItemState, NeedKind
from webapp.mission_checklists.rules import Entry

NOT_YOURS = _("Whose this is sees to it, while the mission is still to come.")


def settle(
    work: UnitOfWork, deployment: Deployment, kind: NeedKind, file: FileContent | None = None,
    *, seen_version: int | None,
) -> None:  # fmt: skip
    """Note that a thing is done, with the file that belongs to it, if there is one, for the mission
    as it was seen."""
    entry = begin(work, deployment, kind)
    _refuse_another(entry, seen_version)
    if not rules.can_act(work.actor, entry) or rules.signs(work.actor, entry):
        raise ConflictError(NOT_YOURS)
    if obstacle := rules.why_not_done(entry, has_file=file is not None):
        raise ConflictError(obstacle)
    item = change(work, entry, ItemState.DONE)
    if file is not None and entry.need.read_by:
        _keep_file(work, item, file)
    if kind is NeedKind.RELEASE and deployment.match.released_start is None:
        # Nobody was asked before, and whoever has seen to the letter has it for these days.
        matches.note_released(deployment.match)
    record(work, Action.ITEM_DONE, entry, item, file=file is not None)


def sign(
    work: UnitOfWork, deployment: Deployment, *, read: RiskRead, seen_version: int | None
) -> None:
    """Sign the consent to the risk of a mission as it was seen, as its expert and nobody else; what
    is kept is the text that they have `read`, and no other is signed."""
    entry = begin(work, deployment, NeedKind.CONSENT)
    if not (rules.can_act(work.actor, entry) and rules.signs(work.actor, entry)):
        raise ForbiddenError(_("Only the expert of a mission consents to its risk."))
    known = queries.get_risk_known(work.session, deployment)
    if read.language not in languages() or read != risk_to_read(read.language, known):
        raise ConflictError(_("The text was changed meanwhile. Please read it again."))
    _refuse_another(entry, seen_version)
    if obstacle := rules.why_not_done(entry, has_file=True):
        raise ConflictError(obstacle)
    signed = read.language, risk_in(read.language, known)
    item = change(work, entry, ItemState.DONE, signed=signed)
    record(work, Action.RISK_ACCEPTED, entry, item, text=read.version, language=read.language)


def leave_out(
    work: UnitOfWork, deployment: Deployment, kind: NeedKind, why: Grounds,
    *, seen_version: int | None,
) -> None:  # fmt: skip
    """Note for SEESAC, with a reason, that a mission does not need something, as it was seen."""
    entry = begin(work, deployment, kind)
    _refuse_another(entry, seen_version)
    if not rules.can_leave_out(work.actor, entry):
        raise ConflictError(_("SEESAC leaves out what is open, and never what an expert signs."))
    reason = reasons.keep(work, why, deployment.match.expert.tells_of)
    item = change(work, entry, ItemState.NOT_NEEDED, reason=reason)
    record(work, Action.ITEM_LEFT_OUT, entry, item, reason)


def reopen(work: UnitOfWork, deployment: Deployment, kind: NeedKind) -> None:
    """Open a thing again that was seen to or left out, before the mission is cleared; a consent
    until it begins, and then it is not cleared any more."""
    entry = begin(work, deployment, kind)
    if not rules.can_reopen(work.actor, entry):
        raise ConflictError(_("This is open, or the mission has been cleared with it."))
    if kind is NeedKind.RELEASE and deployment.match.release_asked_at is None:
        matches.forget_release(deployment.match)  # It was the letter alone that said its days.
    record(work, Action.ITEM_REOPENED, entry, _open_again(work, entry))
    if deployment.state is DeploymentState.CLEARED:
        missions.hold_back(work, deployment)


def open_for_new_days(deployment: Deployment, *, work: UnitOfWork, until: datetime) -> None:
    """Open again what was seen to for the former days of a mission, which it had `until` then."""
    for entry in queries.entries_of(work.session, deployment):
        if entry.need.for_days and not entry.is_released_since(until):
            _open_if_done(work, entry, undone.OTHER_DAYS)


def open_for_new_terms(deployment: Deployment, *, work: UnitOfWork) -> None:
    """Open again what was seen to under the former terms of reference of a mission."""
    for entry in queries.entries_of(work.session, deployment):
        if entry.need.for_terms:
            _open_if_done(work, entry, undone.OTHER_TERMS)


def list_missing(deployment: Deployment, *, session: Session) -> Iterator[Missing]:
    """Yield what still holds a mission up."""
    for entry in rules.list_holding_up(queries.entries_of(session, deployment)):
        yield Missing(entry.need.kind.label, entry.need.firm)


def begin(work: UnitOfWork, deployment: Deployment, kind: NeedKind) -> Entry:
    """Return a thing as it stands once nobody else can change it."""
    lock(work.session, deployment.match.request, deployment.match.expert)
    work.session.refresh(deployment)
    entry = queries.find_entry(work.session, deployment, kind)
    if entry.item is not None:
        work.session.refresh(entry.item)
    return entry


def _refuse_another(entry: Entry, seen_version: int | None) -> None:
    """Refuse what was meant for a mission on other days, or under other terms of reference."""
    if entry.deployment.version != seen_version:
        raise ConflictError(
            _(
                "The mission was changed since you opened this page. Please look at its days and"
                " its terms of reference again."
            )
        )


def change(
    work: UnitOfWork, entry: Entry, state: ItemState, *, reason: Reason | None = None,
    signed: tuple[str, str] | None = None,
) -> Item:  # fmt: skip
    """Note where a thing stands, since when and by whom; of a text that is signed its language and
    how it reads."""
    item = entry.item or Item(deployment_id=entry.deployment.id, kind=entry.need.kind)
    item.state, item.state_since, item.changed_by = state, work.now, work.actor.id
    item.by_office = not rules.is_by_its_side(work.actor, entry)
    item.reason_id = reason.id if reason else None
    item.text_version = RISK_VERSION if signed else None
    item.signed_language, item.signed_text = signed or (None, None)
    work.session.add(item)
    work.session.flush()
    return item


def _open_if_done(work: UnitOfWork, entry: Entry, because: str) -> None:
    if entry.state is ItemState.DONE:
        opened = _open_again(work, entry)
        record(work, Action.ITEM_REOPENED, entry, opened, because=because)


def _open_again(work: UnitOfWork, entry: Entry) -> Item:
    """Open a thing again; the file of before is no file of what is to be done anew."""
    item = change(work, entry, ItemState.OPEN)
    item.file = None
    work.session.flush()
    return item


def _keep_file(work: UnitOfWork, item: Item, file: FileContent) -> None:
    item.file = ItemFile(**file.columns())
    work.session.flush()


def record(
    work: UnitOfWork, action: Action, entry: Entry, item: Item, reason: Reason | None = None,
    **details: str | bool | int | None,
) -> None:  # fmt: skip
    """Record what was done about a thing."""
    about: dict[str, Any] = {
        "deployment": entry.deployment.id, "kind": entry.need.kind,
        "expert_id": entry.deployment.match.expert_id, **details,
    }  # fmt: skip
    audit.record(work, action, item, reason=reason, **about)
