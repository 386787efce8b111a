"""The reports of a requester on each of a team become one, and no word of them is lost."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.structure.test_migrations import downgrade, engine_of, upgrade
from tests.structure.test_migrations_keep_data import empty_app, stored
from webapp.core import invariants
from webapp.deployments.models import DeploymentState
from webapp.mission_reports.models import MissionReport, Side

pytestmark = [pytest.mark.both_databases, pytest.mark.thorough]
__all__ = ["empty_app"]
BEFORE = "0082"


@pytest.fixture
def team_before(empty_app: Flask, clock: Any) -> list[int]:
    """Return the missions of a team of three, of each of which the requester has reported."""
    upgrade(empty_app)
    with writing(empty_app) as session:
        team = factories.returned_team(session, clock)
        for made in team:
            factories.report(session, made, Side.EXPERT)
        factories.report(session, team[0], Side.REQUESTER)
        numbers = [made.id for made in team]
    downgrade(empty_app, BEFORE)
    return numbers


def change(app: Flask, number: int, **values: Any) -> None:
    """Change the requester's report on one mission, in the tables of before."""
    with engine_of(app).begin() as connection:
        table = sa.Table("mission_report", sa.MetaData(), autoload_with=connection)
        of_one = (table.c.deployment_id == number) & (table.c.side == "requester")
        connection.execute(table.update().where(of_one).values(**values))


def of_requester(app: Flask) -> list[dict[str, Any]]:
    """Return the rows of the requester's reports as the database has them."""
    return [row for row in stored(app)["mission_report"] if row["side"] == "requester"]


def test_before_there_is_a_report_on_each(empty_app: Flask, team_before: list[int]) -> None:
    rows = of_requester(empty_app)
    assert sorted(row["deployment_id"] for row in rows) == team_before
    assert {(row["rating"], row["again"]) for row in rows} == {(4, "yes")}


def test_reports_become_one_with_every_word(empty_app: Flask, team_before: list[int]) -> None:
    first, second, third = team_before
    change(empty_app, second, done="Taught the second group.", rating=2, again="no")
    change(empty_app, third, women=8, outputs="")
    words = of_requester(empty_app)[0]["done"]
    assert factories.ANSWERS.done in words
    upgrade(empty_app)
    with reading(empty_app) as session:
        report = session.scalars(
            sa.select(MissionReport).where(MissionReport.side == Side.REQUESTER)
        ).one()
        assert report.done == f"{words}\n\nTaught the second group."
        assert report.outputs == factories.ANSWERS.outputs
        assert (report.women, report.men) == (8, 9)
        assert report.institutions.endswith("Women + men: 7 + 9; 8 + 9")
        assert report.sent_at is not None
        assert report.request_id == report.deployment.match.request_id
        judged = [(row.deployment_id, row.rating, str(row.again)) for row in report.judgements]
        assert judged == [(first, 4, "yes"), (second, 2, "no"), (third, 4, "yes")]
        assert invariants.run(session) == []


def test_a_report_that_is_not_about_all_is_given_back(
    empty_app: Flask, team_before: list[int]
) -> None:
    second = team_before[1]
    change(empty_app, second, sent_at=None, done="Not yet sent.")
    with engine_of(empty_app).begin() as connection:
        table = sa.Table("deployment", sa.MetaData(), autoload_with=connection)
        back = table.update().where(table.c.id == second)
        connection.execute(back.values(state=DeploymentState.RETURNED.value))
    upgrade(empty_app)
    with reading(empty_app) as session:
        report = session.scalars(
            sa.select(MissionReport).where(MissionReport.side == Side.REQUESTER)
        ).one()
        assert "Not yet sent." in report.done
        assert report.sent_at is None
        # What nobody has read is nobody's to read but its writer's.
        assert report.reopened_at is not None
        assert report.saved_at > report.reopened_at
        assert invariants.run(session) == []


def test_the_draft_of_another_stays_theirs(empty_app: Flask, team_before: list[int]) -> None:
    second = team_before[1]
    change(empty_app, second, sent_at=None, done="A draft of another.", written_by=999)
    upgrade(empty_app)
    rows = {row["deployment_id"]: row for row in of_requester(empty_app)}
    assert rows[second]["done"] == "A draft of another."
    assert rows[second]["request_id"] is None
    assert "A draft of another." not in rows[team_before[0]]["done"]


def test_a_judgement_beside_the_draft_of_another_comes_back(
    empty_app: Flask, team_before: list[int]
) -> None:
    first, second, third = team_before
    change(empty_app, second, sent_at=None, done="A draft of another.", women=None, written_by=999)
    words = of_requester(empty_app)[0]["done"]
    assert factories.ANSWERS.done in words
    upgrade(empty_app)
    with engine_of(empty_app).begin() as connection:
        table = sa.Table("mission_judgement", sa.MetaData(), autoload_with=connection)
        (report_id,) = set(connection.scalars(sa.select(table.c.report_id)))
        said = {"report_id": report_id, "deployment_id": second, "rating": 2, "again": "no"}
        connection.execute(table.insert().values(said))
    downgrade(empty_app, BEFORE)
    rows = {row["deployment_id"]: row for row in of_requester(empty_app)}
    assert [(rows[number]["rating"], rows[number]["again"]) for number in team_before] == [
        (4, "yes"), (2, "no"), (4, "yes"),
    ]  # fmt: skip
    beside = rows[second]
    assert beside["done"] == f"{words}\n\nA draft of another."
    assert (beside["sent_at"], beside["women"]) == (None, 7)
    # It is given back, and what the other had written is the reporter's alone to read.
    assert (beside["reopened_at"], beside["written_by"]) == (
        rows[first]["sent_at"], rows[first]["written_by"],
    )  # fmt: skip
    assert beside["saved_at"] > beside["reopened_at"]
    upgrade(empty_app)
    with reading(empty_app) as session:
        report = session.scalars(
            sa.select(MissionReport).where(MissionReport.side == Side.REQUESTER)
        ).one()
        judged = {row.deployment_id: row.rating for row in report.judgements}
        assert judged == {first: 4, second: 2, third: 4}
        assert "A draft of another." in report.done
        assert invariants.run(session) == []
