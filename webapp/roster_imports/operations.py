"""What is done with imports: sent, columns chosen, confirmed, dropped; and what the job does."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core import ways_in
from webapp.core.actor import Actor
from webapp.core.db import lock, wait_for_turn
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _
from webapp.core.workflows.workflow import why_not_theirs
from webapp.experts import joining, rules
from webapp.experts.models import Expert
from webapp.matches import candidates
from webapp.organisations import queries as organisations
from webapp.organisations.models import Organisation
from webapp.roster_imports import queries, storing, telling
from webapp.roster_imports.checking import Findings
from webapp.roster_imports.columns import Header, fields_of, find_header
from webapp.roster_imports.models import (
    AT_WORK,
    OPEN,
    ColumnChoice,
    ImportedTable,
    ImportState,
    RosterImport,
    Twins,
)
from webapp.roster_imports.people import Person
from webapp.roster_imports.reading import Sheet
from webapp.roster_imports.twins import Roster, Twin

# An import can be undone as long as this.
UNDONE_WITHIN = timedelta(days=1)
# Whoever it has brought is told of it when an undoing that was asked for last is over, too.
TOLD_AFTER = UNDONE_WITHIN + timedelta(hours=1)
CLOSED = _("This authority is closed by now. Please choose once more whose officials they are.")
MOVED_ON = _("This import has moved on meanwhile. Please look at the page anew.")


def begin(work: UnitOfWork, sheet: Sheet, digest: str, file_name: str) -> RosterImport:
    """Keep a table that was read; its columns are read as they were before, or as they seem.

    One that this person has sent already, and whose columns are still to be chosen, is that one.
    """
    lock(work.session, work.session.get_one(Account, work.actor.id))
    if twin := queries.find_twin(work.session, work.actor, digest):
        return twin
    header = find_header(sheet)
    row = RosterImport(
        state_since=work.now,
        sent_by=work.actor.id,
        sent_at=work.now,
        file_name=file_name,
        header_row=header.row,
        fields=fields_for(work.session, sheet, header),
    )
    work.session.add(row)
    work.session.flush()
    work.session.add(
        ImportedTable(import_id=row.id, content=asdict(sheet), digest=digest, findings={})
    )
    audit.record(work, Action.ROSTER_READ, row, rows=len(sheet.rows))
    return row


def fields_for(session: Session, sheet: Sheet, header: Header) -> list[str]:
    """Return what the columns below these headings were read as before, or seem to be."""
    known = queries.find_choice(session, header.fingerprint)
    if known is not None and len(known.fields) == len(header.labels):
        return list(known.fields)
    return fields_of(sheet, header)


def move_header(
    work: UnitOfWork, row: RosterImport, sheet: Sheet, header: Header, *, seen_version: int
) -> None:
    """Take another row for that of the headings; what the columns are is guessed anew."""
    _refuse_unless(work, row, {ImportState.READ, ImportState.CHECKED}, seen_version)
    row.header_row, row.fields = header.row, fields_for(work.session, sheet, header)
    _set_state(work, row, ImportState.READ)


def choose(
    work: UnitOfWork,
    row: RosterImport,
    header: Header,
    fields: Sequence[str],
    twins: Twins,
    authority: Organisation | None,
    *,
    seen_version: int,
) -> None:
    """Say what the columns are, and remember it for the next table; the check is asked for."""
    _refuse_unless(work, row, {ImportState.READ, ImportState.CHECKED}, seen_version)
    row.fields, row.twins = list(fields), twins
    row.authority_id = authority.id if authority else None
    refuse_own(work, row)
    choice = queries.find_choice(work.session, header.fingerprint)
    if choice is None:
        choice = ColumnChoice(fingerprint=header.fingerprint)
        work.session.add(choice)
    choice.fields, choice.chosen_at = list(fields), work.now
    _set_state(work, row, ImportState.TO_CHECK)
    audit.record(work, Action.ROSTER_CHOSEN, row, fields=row.fields, twins=twins)


def confirm(work: UnitOfWork, row: RosterImport, *, seen_version: int) -> None:
    """Let a table without faults be stored."""
    _refuse_unless(work, row, {ImportState.CHECKED}, seen_version)
    refuse_own(work, row)
    if _is_closed(work.session, row.authority_id):
        raise ConflictError(CLOSED)
    if row.counts.get("faults"):
        raise ConflictError(_("Something is wrong with the table, so nothing of it can be stored."))
    if not (row.counts.get("added") or row.counts.get("filled")):
        raise ConflictError(_("There is nothing in the table that would be stored."))
    ways_in.insist_on_who_it_is(work)  # For the addresses that it brings.
    _set_state(work, row, ImportState.TO_STORE)
    audit.record(work, Action.ROSTER_CONFIRMED, row, **row.counts)


def list_authorities(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return the authorities whose officials this person may import."""
    found = organisations.list_authorities(session)
    return [(number, name) for number, name in found if not why_colleagues(actor, int(number))]


def why_colleagues(actor: Actor, authority_id: int | None) -> Message | None:
    """Return why a colleague imports the officials of an authority: tables can tell of approvals,
    and nobody records one of their own authority."""
    return why_not_theirs(actor, {Role.NOMINATING_AUTHORITY: rules.as_authority(authority_id)})


def why_others_decide(session: Session, actor: Actor, row: RosterImport) -> Message | None:
    """Return why a colleague takes an import back, or invites those whom it has brought: it is of
    the own authority, or has filled in those on whom somebody else decides."""
    if why := why_colleagues(actor, row.authority_id):
        return why
    owners = map(rules.owners_of, queries.list_perhaps_theirs(session, row, actor))
    return next(filter(None, (why_not_theirs(actor, one) for one in owners)), None)


def _is_closed(session: Session, authority_id: int | None) -> bool:
    open_ones = {number for number, _name in organisations.list_authorities(session)}
    return authority_id is not None and str(authority_id) not in open_ones


def _can_confirm(session: Session, sender: Account, row: RosterImport) -> bool:
    """Tell whether somebody could confirm their table, be it that they have done so."""
    is_coordinator = sender.active and Role.COORDINATOR in sender.kinds
    refused = why_colleagues(sender.as_actor(), row.authority_id)
    return is_coordinator and not refused and not _is_closed(session, row.authority_id)


def refuse_own(work: UnitOfWork, row: RosterImport) -> None:
    """Refuse to decide on a table of officials of the own authority."""
    if why := why_colleagues(work.actor, row.authority_id):
        raise ForbiddenError(why)


def drop(work: UnitOfWork, row: RosterImport, *, seen_version: int | None = None) -> None:
    """Throw a table away that is not stored, and what its file was called, often after a person.

    With `seen_version` one that was confirmed, or chosen anew, since it was looked at is kept.
    """
    _refuse_unless(work, row, OPEN | {ImportState.FAILED}, seen_version)
    _forget_table(work, row)
    row.file_name = ""
    _set_state(work, row, ImportState.DROPPED)
    audit.record(work, Action.ROSTER_DROPPED, row)


def _forget_table(work: UnitOfWork, row: RosterImport) -> None:
    work.session.execute(sa.delete(ImportedTable).where(ImportedTable.import_id == row.id))


def _refuse_unless(
    work: UnitOfWork,
    row: RosterImport,
    states: Collection[ImportState],
    seen_version: int | None = None,
) -> None:
    lock(work.session, row)
    if row.state not in states or seen_version not in {None, row.version}:
        raise ConflictError(MOVED_ON)


def _set_state(work: UnitOfWork, row: RosterImport, state: ImportState) -> None:
    row.state, row.state_since, row.done, row.total = state, work.now, 0, 0
    work.session.flush()


def take_up(work: UnitOfWork, row: RosterImport, rows: int) -> bool:
    """Begin with what waits for the worker; tell whether it still waits."""
    lock(work.session, row)
    stale = row.total == 0 or work.now - row.state_since >= queries.STANDS_STILL
    if row.state not in AT_WORK or not stale:
        return False
    row.state_since, row.done, row.total = work.now, 0, max(rows, 1)
    work.session.flush()
    return True


def go_on(work: UnitOfWork, row: RosterImport, done: int) -> None:
    """Note how far the worker is; refused where there is nothing to do for it any more."""
    _refuse_unless(work, row, AT_WORK)
    row.done, row.state_since = done, work.now
    work.session.flush()


def note_findings(work: UnitOfWork, row: RosterImport, findings: Findings) -> None:
    """Keep what the check has found."""
    _refuse_unless(work, row, {ImportState.TO_CHECK, ImportState.TO_STORE})
    queries.get_table(work.session, row).findings = findings.packed()
    row.counts = findings.counts()
    _set_state(work, row, ImportState.CHECKED)


def store(
    work: UnitOfWork, row: RosterImport, findings: Findings, new: Sequence[storing.New]
) -> bool:
    """Store what was checked, all of it, and keep the table no longer.

    `new` are the profiles made of those to add. Nothing is stored, and it is told so, where one of
    them has come onto the roster since. Where its sender could not confirm it any more, the table
    goes back to them. Whoever runs into an error must not commit.
    """
    _refuse_unless(work, row, {ImportState.TO_STORE})
    joining.hold_still(work, row.authority_id)
    # Twins are looked for beyond the own authority, too.
    wait_for_turn(work.session.connection(), "store an import")
    sender = work.session.get(Account, row.sent_by)
    if sender is None or not _can_confirm(work.session, sender, row):
        note_findings(work, row, findings)
        return True
    roster = Roster(queries.list_known(work.session))
    if any(roster.find(person) for person in findings.add):
        return False
    added = storing.add_all(work, row, new)
    telling.tell_all(work, added, begin=work.now + TOLD_AFTER)
    filled = storing.fill_all(work, row, _locked(work, findings.fill, sender))
    row.counts = {"added": len(new), "filled": filled,
                  "left": findings.left + len(findings.fill) - filled}  # fmt: skip
    _forget_table(work, row)
    row.stored_at, row.file_name = work.now, ""
    _set_state(work, row, ImportState.DONE)
    audit.record(work, Action.ROSTER_IMPORTED, row, **row.counts)
    storing.tell(work, row, new)
    return True


def _locked(
    work: UnitOfWork, twins: Sequence[Twin], sender: Account
) -> list[tuple[Expert, Person]]:
    """Return the profiles to fill, read anew; left is who has been vetted meanwhile, and whose
    profile the sender could not write at its page either."""
    if not twins:
        return []
    still = {known.id for known in queries.list_known(work.session) if known.can_be_filled}
    people = {twin.known.id: twin.person for twin in twins if twin.known.id in still}
    found = queries.list_by_ids(work.session, sorted(people))
    lock(work.session, *found)
    actor = sender.as_actor()
    return [
        (expert, people[expert.id])
        for expert in found
        if not (
            rules.why_not_written(actor, expert)
            or candidates.why_rival(work.session, actor, expert)
        )
    ]


def fail(work: UnitOfWork, row: RosterImport) -> None:
    """Stop an import that the platform could not do, unless it has moved on meanwhile."""
    lock(work.session, row)
    if row.state not in AT_WORK:
        return
    _set_state(work, row, ImportState.FAILED)
    audit.record(work, Action.ROSTER_FAILED, row)
