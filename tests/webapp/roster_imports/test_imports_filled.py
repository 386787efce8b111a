"""Nobody fills in by a table, or takes back, what they could not write at the page of a profile."""

from dataclasses import replace

import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.webapp.roster_imports.made_tables import HEADINGS, people, workbook
from tests.webapp.roster_imports.sending import Importer, work
from tests.webapp.roster_imports.test_imports_sides import join
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.roles import Role
from webapp.core.workflows.workflow import OURS
from webapp.experts import joining
from webapp.experts.joining import Nominee
from webapp.experts.models import Expert
from webapp.roster_imports import operations
from webapp.roster_imports.models import ImportedExpert, RosterImport


def test_nobody_fills_in_by_a_table_whom_they_have_nominated(
    app: Flask, importer: Importer, house: int
) -> None:
    with writing(app) as session:
        person = session.get_one(Account, importer.account.id)
        member = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=house)
        before = replace(member.as_actor(), id=person.id)
        (name, *_), (other, *_) = people(2)
        expert = joining.nominate(
            factories.work(session, before), Nominee(name, jurisdiction="MNE")
        )
        joining.nominate(factories.work(session, member), Nominee(other, jurisdiction="SRB"))
        number = expert.id
    importer.pages.get(f"/roster/{number}/write/about", status=403)
    importer.store(workbook([HEADINGS, *people(2)]), {"twins": "fill"})
    row = importer.latest()
    assert row.counts["filled"] == 1
    with reading(app) as session:
        assert session.get_one(Expert, number).institution == ""
        filled = session.scalars(sa.select(ImportedExpert.expert_id)).one()
        acted = session.get_one(Expert, filled).acted
        assert (importer.account.id, Role.COORDINATOR) in {
            (one.account_id, one.side) for one in acted
        }
        assert invariants.run(session) == []
        # By a table of theirs it would be as little theirs to take back.
        session.add(
            ImportedExpert(
                import_id=row.id, expert_id=number, was_added=False, filled=[], version=1
            )
        )
        session.flush()
        actor = session.get_one(Account, importer.account.id).as_actor()
        assert operations.why_others_decide(session, actor, session.get_one(RosterImport, row.id))


def stand_there(app: Flask, importer: Importer, house: int) -> int:
    """Store two by their names alone; return the number of the one who is an official."""
    importer.store(workbook([HEADINGS[:1], *(row[:1] for row in people(2))]))
    with writing(app) as session:
        first, _second = session.scalars(sa.select(Expert).order_by(Expert.id))
        factories.make_official(session, first, house)
        return int(first.id)


def filled_of(app: Flask) -> dict[int, bool]:
    """Return of whom the institution stands there."""
    with reading(app) as session:
        return {row.id: bool(row.institution) for row in session.scalars(sa.select(Expert))}


def test_nobody_fills_in_officials_of_the_own_authority(
    app: Flask, importer: Importer, house: int
) -> None:
    """With none chosen for those who are added."""
    official = stand_there(app, importer, house)
    page = importer.check(workbook([HEADINGS, *people(2)]), {"twins": "fill"})
    join(app, importer, house)
    page.submit("Store all of it")
    work(app)
    filled = filled_of(app)
    assert filled.pop(official) is False
    assert all(filled.values())


def test_nobody_undoes_what_an_import_filled_in_for_officials_of_the_own_authority(
    app: Flask, importer: Importer, house: int
) -> None:
    official = stand_there(app, importer, house)
    importer.store(workbook([HEADINGS, *people(2)]), {"twins": "fill"})
    join(app, importer, house)
    page = importer.pages.get(importer.path())
    assert "Undo the import" not in page.text
    assert str(OURS) in page.text
    version = {"version": importer.latest().version}
    importer.pages.post(f"{importer.path()}/undo", version, status=403)
    filled = filled_of(app)
    assert filled.pop(official)
    assert all(filled.values())
