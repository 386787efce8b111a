"""What reports say in rows becomes text again in the revision before, no word more."""

from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.structure.test_migrations import downgrade, upgrade
from tests.structure.test_migrations_keep_data import empty_app, stored
from webapp.mission_reports.models import MissionReport, Participants, Point, PointKind, Side

pytestmark = [pytest.mark.both_databases, pytest.mark.thorough]
__all__ = ["empty_app"]
BEFORE = "0102"


def test_rows_become_text_without_what_nobody_knows_or_has_said(
    empty_app: Flask, clock: Any
) -> None:
    upgrade(empty_app)
    with writing(empty_app) as session:
        made = factories.returned_mission(session, clock)
        factories.report(session, made, Side.EXPERT)
        report = session.query(MissionReport).one()
        report.done = "Something else."
        report.points = [
            Point(kind=PointKind.TASK, asked="Teach.", said="Taught twice."),
            Point(kind=PointKind.OUTPUT, asked="A manual.", said=""),
        ]
        report.participants = [
            Participants(institution="Customs", women=4, men=None),
            Participants(institution="Academy", women=0, men=3),
        ]
    downgrade(empty_app, BEFORE)
    (row,) = stored(empty_app)["mission_report"]
    assert row["done"] == "Teach.\nTaught twice.\n\nSomething else."
    assert row["institutions"] == "Customs: women 4, men –\nAcademy: women 0, men 3"
