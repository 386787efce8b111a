"""What is kept of imports about those who sent a table, and those whom it brought."""

from typing import Final

import sqlalchemy as sa

from webapp.core.record.personal_data import Fate, Rule, Whose, of_account, of_expert
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words import search
from webapp.core.words.translation import _
from webapp.experts.standing_tables import Approval
from webapp.roster_imports import operations, storing
from webapp.roster_imports.models import ImportedExpert, ImportedTable, RosterImport

# What is in the session's memory is read anew afterwards.
_UNSEEN: Final = {"synchronize_session": False}
_NUMBER = "It is the number of a row."


def _of_sent(whose: Whose) -> sa.ColumnElement[bool]:
    sent = sa.select(RosterImport.id).where(RosterImport.sent_by.in_(whose.accounts))
    return ImportedTable.import_id.in_(sent)


RULES = (
    Rule(
        table=RosterImport,
        title=_("Tables of a roster that you have sent"),
        rows=of_account(RosterImport.sent_by),
        given={
            "file_name": _("file"), "sent_at": _("sent on"), "state": _("state"),
            "state_since": _("since"), "stored_at": _("stored on"), "counts": _("how many"),
            "undo_asked_at": _("asked to be taken back on"),
        },
        withheld={
            "id": _NUMBER, "sent_by": _NUMBER, "authority_id": _NUMBER,
            "undone_by": "It may be another person.",
            "header_row": "It tells of the table alone.", "fields": "It tells of the table alone.",
            "twins": "It tells of the table alone.", "done": "It tells of the table alone.",
            "total": "It tells of the table alone.", "version": "It counts changes of the row.",
        },
        fate=Fate.EMPTIED,
        emptied={"file_name": ""},
        because=_("That there was an import stays, so that its profiles have an origin."),
    ),
    Rule(
        table=ImportedTable,
        title=_("Tables of a roster that wait to be stored"),
        rows=_of_sent,
        given={"import_id": _("number")},
        withheld={
            "content": "It tells of other people.",
            "digest": "It tells of the table alone.",
            "findings": "It tells of other people.",
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=ImportedExpert,
        title=_("Tables of a roster that you stood in"),
        rows=of_expert(ImportedExpert.expert_id),
        given={"was_added": _("added by it"), "filled": _("filled in by it")},
        withheld={
            "import_id": _NUMBER, "expert_id": _NUMBER, "version": "It counts changes of the row.",
        },
        fate=Fate.DELETED,
    ),
)  # fmt: skip


def forget_tables(whose: Whose, work: UnitOfWork) -> None:
    """Throw away the tables that wait and name somebody who is erased, or were sent by them; others
    can be sent again.

    A file can be called after somebody in it, and whom a table named that is stored cannot be told
    any more: so no name of a file outlives an erasure.
    """
    forget_file_names(work)
    for table in work.session.scalars(sa.select(ImportedTable)).all():
        row = work.session.get_one(RosterImport, table.import_id)
        if row.sent_by in whose.accounts or _names(table, whose):
            operations.drop(work, row)


def forget_file_names(work: UnitOfWork) -> None:
    """Forget what files were called: whom one is called after cannot be told.

    One at which somebody else is at work is left to the sweep: storing it would wait for whoever is
    erased, and so must not be waited for. No page that stands open is an old one by it.
    """
    session = work.session
    session.flush()
    called = sa.select(RosterImport.id, RosterImport.file_name).where(RosterImport.file_name != "")
    rows = session.execute(called.with_for_update(skip_locked=True)).all()
    for number, name in rows:
        brought = sa.select(ImportedExpert.expert_id).where(ImportedExpert.import_id == number)
        # Versions before called the letter of an approval so.
        letters = sa.update(Approval).where(
            Approval.expert_id.in_(brought), Approval.letter == name
        )
        session.execute(letters.values(letter=storing.letter_of(number)), execution_options=_UNSEEN)
    numbers = [number for number, _name in rows]
    nameless = sa.update(RosterImport).where(RosterImport.id.in_(numbers)).values(file_name="")
    session.execute(nameless, execution_options=_UNSEEN)
    session.expire_all()


def _names(table: ImportedTable, whose: Whose) -> bool:
    # One word is a word of tables, too, and people say themselves what they are called.
    called = [name for name in whose.names if len(name.split()) > 1]
    for _number, cells in table.content["rows"]:
        texts = [str(cell[0] if isinstance(cell, list) else cell) for cell in cells]
        whole = " ".join(texts)
        if any(search.has_address(whole, address) for address in whose.addresses):
            return True
        if search.names(whole, called):
            return True
    return False
