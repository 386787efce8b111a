"""A table is sent, checked, stored, and undone; nothing is stored before it was confirmed."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.databases import reading
from tests.pages import Pages
from tests.webapp.roster_imports.made_tables import HEADINGS, people, workbook
from tests.webapp.roster_imports.sending import Importer
from webapp.core import invariants
from webapp.experts.models import Expert, ExpertState
from webapp.roster_imports.models import ImportedTable, ImportState


@pytest.fixture
def importer(app: Flask, pages: Pages) -> Importer:
    return Importer(app, pages)


@pytest.mark.both_databases
def test_a_table_is_checked_then_stored_then_undone(app: Flask, importer: Importer) -> None:
    page = importer.check(workbook([HEADINGS, *people(3)]))
    assert "Every cell is understood" in page.text
    assert importer.names() == []
    page.submit("Store all of it")
    assert importer.names() == []
    from tests.webapp.roster_imports.sending import work

    work(app)
    page = importer.pages.get(importer.path())
    assert "Fictional Directorate 1" in page.text
    with reading(app) as session:
        experts = session.scalars(sa.select(Expert).order_by(Expert.id)).all()
        assert {expert.state for expert in experts} == {ExpertState.NOMINATED}
        assert [row.language for row in experts[0].languages] == ["en", "sr"]
        assert session.scalars(sa.select(ImportedTable)).all() == []
        assert invariants.run(session) == []
    page.submit("Undo the import")
    assert importer.latest().state is ImportState.UNDONE
    with reading(app) as session:
        left = session.scalars(sa.select(Expert)).all()
        assert [expert.state for expert in left] == [ExpertState.ERASED]
        assert invariants.run(session) == []
