"""Named selects of imports; a table that is not stored yet is read by who has sent it alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts.models import ERASED, Account
from webapp.core.actor import Actor
from webapp.core.db import Base
from webapp.core.errors import NotFoundError
from webapp.core.paging import Page, get_page, get_rows
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.words.translation import _, translated
from webapp.curricula.wordings import Phrase, words_of
from webapp.experts.models import ActedOnProfile, Expert, ExpertState, IdentityChange, ProfileView
from webapp.experts.standing_tables import Approval, PhoneCall
from webapp.experts.workflow import VETTED_FIRST
from webapp.roster_imports.models import (
    AT_WORK,
    OPEN,
    ColumnChoice,
    ImportedExpert,
    ImportedTable,
    ImportState,
    RosterImport,
)
from webapp.roster_imports.twins import Known
from webapp.themes.queries import list_with_synonyms

# A table that nobody confirms, and what it takes to undo an import, are kept so long.
KEPT = timedelta(days=1)
PER_PAGE = 50
# The worker that had begun is gone if its work stands still so long.
STANDS_STILL = timedelta(minutes=3)
STORED = (ImportState.DONE, ImportState.UNDONE)


def list_imports(session: Session, actor: Actor, number: int = 1) -> Page[RosterImport]:
    """Return a page of the imports that this coordinator may open, latest first."""
    chosen = sa.select(RosterImport).where(_may_open(actor)).order_by(RosterImport.id.desc())
    return get_page(session, chosen, number, size=PER_PAGE)


def _may_open(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.or_(RosterImport.sent_by == actor.id, RosterImport.state.in_(STORED))


def get(session: Session, actor: Actor, number: int) -> RosterImport:
    """Return an import that this coordinator may open; of no other there is any."""
    row = session.scalars(
        sa.select(RosterImport).where(RosterImport.id == number, _may_open(actor))
    ).one_or_none()
    if row is None:
        raise NotFoundError(_("There is no such import."))
    return row


def refuse_to_send(
    session: Session, actor: Actor, _endpoint: str, about: Mapping[str, Any]
) -> None:
    """Refuse what would be sent about an import to whoever may not open it."""
    if "number" in about:
        get(session, actor, about["number"])


def find_twin(session: Session, actor: Actor, digest: str) -> RosterImport | None:
    """Return the import of just this table whose columns this person has yet to choose, if any."""
    return session.scalars(
        sa.select(RosterImport)
        .join(ImportedTable)
        .where(
            RosterImport.sent_by == actor.id,
            RosterImport.state == ImportState.READ,
            ImportedTable.digest == digest,
        )
        .order_by(RosterImport.id)
    ).first()


def get_table(session: Session, row: RosterImport) -> ImportedTable:
    """Return the table of an import that is not stored yet."""
    table = session.get(ImportedTable, row.id)
    if table is None:
        raise NotFoundError(_("The table of this import is not kept any more."))
    return table


def find_choice(session: Session, fingerprint: str) -> ColumnChoice | None:
    """Return how tables with the same headings were read before, if they were."""
    return session.get(ColumnChoice, fingerprint)


def list_at_work(session: Session, now: datetime) -> Sequence[RosterImport]:
    """Return the imports that wait for the worker, or whose worker is gone, oldest first."""
    return session.scalars(
        sa.select(RosterImport)
        .where(
            RosterImport.state.in_(AT_WORK),
            sa.or_(RosterImport.total == 0, RosterImport.state_since <= now - STANDS_STILL),
        )
        .order_by(RosterImport.id)
    ).all()


def list_to_undo(session: Session) -> Sequence[RosterImport]:
    """Return the imports that wait to be taken back, or are, oldest first."""
    return session.scalars(
        sa.select(RosterImport)
        .where(RosterImport.state == ImportState.DONE, RosterImport.undo_asked_at.is_not(None))
        .order_by(RosterImport.undo_asked_at, RosterImport.id)
    ).all()


def list_old(session: Session, now: datetime) -> Sequence[RosterImport]:
    """Return the imports that were left lying."""
    return session.scalars(
        sa.select(RosterImport).where(
            RosterImport.state.in_(OPEN | {ImportState.FAILED}),
            RosterImport.sent_at <= now - KEPT,
            sa.or_(
                RosterImport.state.not_in(AT_WORK), RosterImport.state_since <= now - STANDS_STILL
            ),
            RosterImport.id.in_(sa.select(ImportedTable.import_id)),
        )
    ).all()


def list_known(session: Session) -> list[Known]:
    """Return everybody on the roster or on the way to it, as far as it takes to find them again.

    Whoever was withdrawn from it is not among them, nor who was erased.
    """
    rows = session.execute(
        sa.select(
            Expert.id, Expert.name, Expert.jurisdiction, Expert.contact_email, Account.email,
            Expert.state, Expert.account_id, Expert.consented_at,
        )
        .outerjoin(Account, Account.id == Expert.account_id)
        .where(Expert.state.not_in({ExpertState.ERASED, ExpertState.WITHDRAWN}))
        .order_by(Expert.id)
    )  # fmt: skip
    return [
        Known(
            row.id,
            row.name,
            row.jurisdiction,
            tuple(mail.lower() for mail in (row.contact_email, row.email) if mail),
            row.state in VETTED_FIRST and row.account_id is None and row.consented_at is None,
        )
        for row in rows
    ]


def list_theme_wordings(session: Session) -> dict[Phrase, str]:
    """Return the codes of themes by their codes, labels and synonyms, folded."""
    found: dict[Phrase, str] = {}
    for theme in list_with_synonyms(session):
        if not theme.retired:
            wordings: Iterable[str] = (
                theme.code, theme.label, translated(theme.label),
                *(synonym.wording for synonym in theme.synonyms),
            )  # fmt: skip
            for wording in wordings:
                found.setdefault(words_of(wording), theme.code)
    return found


def list_people(
    session: Session, row: RosterImport, number: int = 1, *, changed: bool = False
) -> Page[Expert]:
    """Return a page of those whom an import has brought, by name; only the `changed` if asked."""
    chosen = (
        sa.select(Expert)
        .join(ImportedExpert, ImportedExpert.expert_id == Expert.id)
        .where(ImportedExpert.import_id == row.id)
        .order_by(Expert.search_text, Expert.id)
    )
    if changed:
        chosen = chosen.where(Expert.id.not_in(_untouched(row)))
    return get_page(session, chosen, number, size=PER_PAGE)


def _untouched(row: RosterImport) -> sa.Select[int]:
    """Select the ids of those whom nobody has changed or used since the import."""
    return (
        sa.select(Expert.id)
        .join(ImportedExpert, ImportedExpert.expert_id == Expert.id)
        .where(
            ImportedExpert.import_id == row.id,
            ImportedExpert.version == Expert.version,
            Expert.state.in_(VETTED_FIRST),
            ~sa.exists().where(PhoneCall.expert_id == Expert.id, PhoneCall.done_at.is_not(None)),
            *(~sa.exists().where(column == Expert.id) for column in uses_of_experts()),
        )
    )


def uses_of_experts() -> list[sa.Column[int]]:
    """Return the columns by which whatever is no part of a profile refers to experts.

    They are looked up, so that a table that comes later is not forgotten. A call that nobody has
    made yet is no use: the import has asked for it itself.
    """
    parts = {one.mapper.class_ for one in sa.inspect(Expert).relationships} - {IdentityChange}
    beside = (ImportedExpert, ProfileView, Approval, PhoneCall)
    own = {sa.inspect(kind).local_table.name for kind in (*parts, *beside)}
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        if table.name not in own
        for key in table.foreign_keys
        if key.column.table.name == Expert.__tablename__
    ]


def list_untouched(
    session: Session,
    row: RosterImport,
    *,
    only: Collection[int] | None = None,
    most: int | None = None,
) -> list[ImportedExpert]:
    """Return those of an import whom nobody has changed or used since: `only` of these experts, or
    at `most` so many."""
    chosen = (
        sa.select(ImportedExpert)
        .where(ImportedExpert.import_id == row.id, ImportedExpert.expert_id.in_(_untouched(row)))
        .options(selectinload(ImportedExpert.expert))
        .order_by(ImportedExpert.expert_id)
        .limit(most)
    )
    if only is not None:
        chosen = chosen.where(ImportedExpert.expert_id.in_(only))
    return list(session.scalars(chosen))


def count_approvals(session: Session, expert_ids: Collection[int]) -> int:
    """Count the approvals, not withdrawn, of these experts: they go with their profiles."""
    standing = sa.select(sa.func.count()).select_from(Approval)
    chosen = standing.where(Approval.ended_on.is_(None), Approval.expert_id.in_(expert_ids))
    return session.scalar(chosen) or 0


def lock_people(session: Session, expert_ids: Collection[int]) -> Sequence[int]:
    """Let nobody else change these experts, and return the ids of those who are there."""
    return session.scalars(
        sa.select(Expert.id).where(Expert.id.in_(expert_ids)).order_by(Expert.id).with_for_update()
    ).all()


def is_called_after_somebody_erased(session: Session) -> bool:
    """Tell whether a file is called something still, though somebody was erased since it came."""
    erased = {
        Account.__tablename__: sa.select(Account.id).where(Account.email.endswith(ERASED)),
        Expert.__tablename__: sa.select(Expert.id).where(Expert.state == ExpertState.ERASED),
    }
    events = (
        sa.exists().where(
            AuditEvent.subject == table,
            AuditEvent.subject_id.in_(numbers),
            AuditEvent.action == Action.PERSON_ERASED,
            AuditEvent.at >= RosterImport.sent_at,
        )
        for table, numbers in erased.items()
    )
    chosen = sa.select(RosterImport.id).where(RosterImport.file_name != "", sa.or_(*events))
    return session.scalars(chosen.limit(1)).first() is not None


def count_people(session: Session, row: RosterImport) -> tuple[int, int]:
    """Return how many profiles of an import are there, and how many of them nobody has changed."""
    there = sa.select(sa.func.count()).where(ImportedExpert.import_id == row.id)
    untouched = sa.select(sa.func.count()).select_from(_untouched(row).subquery())
    return session.scalar(there) or 0, session.scalar(untouched) or 0


def list_perhaps_theirs(session: Session, row: RosterImport, actor: Actor) -> Sequence[Expert]:
    """Return those of an import who are somebody's own officials, or on whose side they have acted
    otherwise than for SEESAC."""
    on_their_side = Expert.acted.any(
        sa.and_(ActedOnProfile.account_id == actor.id, ActedOnProfile.side != Role.COORDINATOR)
    )
    theirs = [Expert.account_id == actor.id, on_their_side]
    if actor.organisation_id is not None:
        theirs.append(Expert.authority_id == actor.organisation_id)
    return session.scalars(
        sa.select(Expert)
        .join(ImportedExpert, ImportedExpert.expert_id == Expert.id)
        .where(ImportedExpert.import_id == row.id, sa.or_(*theirs))
        .order_by(Expert.id)
    ).all()


def list_to_invite(session: Session, row: RosterImport, most: int) -> tuple[list[Expert], int]:
    """Return the first of those of an import who can be invited, and how many there are in all."""
    chosen = (
        sa.select(Expert)
        .join(ImportedExpert, ImportedExpert.expert_id == Expert.id)
        .where(
            ImportedExpert.import_id == row.id,
            ImportedExpert.was_added,
            Expert.account_id.is_(None),
            Expert.contact_email != "",
            Expert.state.in_(VETTED_FIRST),
            sa.func.lower(Expert.contact_email).not_in(sa.select(sa.func.lower(Account.email))),
        )
        .order_by(Expert.id)
    )
    page = get_rows(session, chosen, 1, size=most)
    return [found[0] for found in page.items], page.total


def list_by_ids(session: Session, ids: Sequence[int]) -> list[Expert]:
    """Return the profiles of these ids, in their order."""
    return list(session.scalars(sa.select(Expert).where(Expert.id.in_(ids)).order_by(Expert.id)))
