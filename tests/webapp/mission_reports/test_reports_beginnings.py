"""A lesson can begin with what the reports say was missing, or with their answer to a task."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.mission_reports.content import LONGEST_LESSON, Said
from webapp.mission_reports.models import PointKind, Side

TASK = "Train two groups of officers."
LACKING = {Side.EXPERT: "No interpreter on the first day.", Side.REQUESTER: "Papers " * 120}
FOLD = "Begin with an answer of the reports"


@pytest.fixture
def reported(app: Flask, clock: Any) -> tuple[Deployment, Account]:
    """Return a mission on which both sides have reported, and a coordinator."""
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        for side in Side:
            said = f"{side.value.capitalize()}: one group was trained."
            points = (Said(PointKind.TASK, TASK, said),)
            answers = replace(factories.ANSWERS, lacking=LACKING[side], points=points)
            factories.report(session, made, side, answers)
        return made, factories.account(session, Role.COORDINATOR)


def text_in(page: Page) -> str:
    (text,) = page.form("Keep the lesson").values["text"]
    return text


def test_a_lesson_begins_with_the_answer_that_was_chosen(
    reported: tuple[Deployment, Account], visitor: Callable[[], Pages]
) -> None:
    made, coordinator = reported
    address = f"/deployments/{made.id}/reports"
    page = visitor().come_in(coordinator).get(address)
    assert FOLD in page.text
    assert text_in(page) == ""
    begun = page.follow("the expert: What was missing")
    assert text_in(begun) == LACKING[Side.EXPERT]
    kept = begun.submit("Keep the lesson")
    assert "The lesson is kept" in kept.text
    long = text_in(page.follow("the requester: What was missing"))
    assert len(long) <= LONGEST_LESSON
    assert long.endswith("…")
    of_task = text_in(page.follow(f"the requester: {TASK}"))
    assert of_task == "Train two groups of officers: Requester: one group was trained."


@pytest.mark.parametrize("begin", ["0", "99", "-1", "x", "9" * 400, "²"])
def test_what_is_no_answer_begins_nothing(
    reported: tuple[Deployment, Account], visitor: Callable[[], Pages], begin: str
) -> None:
    made, coordinator = reported
    pages = visitor().come_in(coordinator)
    assert text_in(pages.get(f"/deployments/{made.id}/reports", query={"begin": [begin]})) == ""


@pytest.mark.parametrize("side", Side)
def test_nobody_else_is_offered_the_answers_of_the_other_side_to_begin_with(
    app: Flask, reported: tuple[Deployment, Account], visitor: Callable[[], Pages], side: Side
) -> None:
    made, _coordinator = reported
    with writing(app) as session:
        writer = factories.missions.writer_of(session.merge(made), side)
    page = visitor().come_in(writer).get(f"/deployments/{made.id}/reports?begin=1")
    assert FOLD not in page.text
    assert "Keep the lesson" not in page.text
