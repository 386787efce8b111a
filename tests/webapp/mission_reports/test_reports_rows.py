"""Reports answer task by task and output by output, and count who took part by institution."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import listening, reading, writing
from tests.html import text_of
from tests.pages import Page, Pages
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.core.sent_fields import PAGE, TOKEN
from webapp.core.words.language import in_language
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.kept_texts.models import KeptText
from webapp.mission_reports import operations, profile_entries, queries
from webapp.mission_reports.content import MOST_POINTS, QUESTIONS, Present, points_in
from webapp.mission_reports.models import (
    MissionReport,
    Participants,
    Point,
    PointKind,
    Side,
)
from webapp.my_data import operations as my_data

EXPERT, REQUESTER = Side
TASKS = "1. Teach a course for the staff\nof customs.\n\n2) Review the procedure.\n"
ASKED = ["1. Teach a course for the staff of customs.", "2) Review the procedure.", "A manual."]


class Case:
    """A mission that is over, of which the terms ask for two tasks and an output."""

    def __init__(self, app: Flask, clock: Any, visitor: Callable[[], Pages]) -> None:
        self.app = app
        with writing(app) as session:
            asked = factories.request(
                session, RequestState.ACCEPTED, tasks=TASKS, outputs="A manual."
            )
            made = factories.returned_mission(session, clock, request=asked)
            self.number = made.id
            self.writers = {side: factories.missions.writer_of(made, side) for side in Side}
        self.pages = visitor().come_in(self.writers[EXPERT])
        self.address = f"/deployments/{self.number}/reports/expert"

    def form(self) -> Page:
        return self.pages.get(self.address)

    def stored(self, table: type[Point | Participants]) -> list[tuple[Any, ...]]:
        """Return the rows of the report."""
        names = ("asked", "said") if table is Point else ("institution", "women", "men")
        with reading(self.app) as session:
            rows = session.scalars(sa.select(table).order_by(table.id)).all()
            return [tuple(getattr(row, name) for name in names) for row in rows]


@pytest.fixture
def case(app: Flask, clock: Any, visitor: Callable[[], Pages]) -> Case:
    """Return a mission that is to be reported on."""
    return Case(app, clock, visitor)


def institution(row: int, name: str, women: str = "", men: str = "") -> dict[str, str]:
    """Return a row as the form sends it."""
    return {
        f"participants-{row}-institution": name,
        f"participants-{row}-women": women,
        f"participants-{row}-men": men,
    }


def count_rows(page: Page) -> int:
    """Return how many rows for institutions the form has."""
    return sum(name.endswith("-institution") for name in page.form("Save the draft").values)


def test_each_entry_of_the_terms_is_a_point_and_very_many_are_one() -> None:
    text = "• Teach the\npolice.\n- Review."
    found = [one.asked for one in points_in(PointKind.TASK, text)]
    assert found == ["Teach the police.", "Review."]
    many = "\n".join(f"Task {number}." for number in range(MOST_POINTS + 1))
    assert [one.asked for one in points_in(PointKind.TASK, many)] == [many]
    assert points_in(PointKind.OUTPUT, " \n ") == []


def test_each_task_and_output_is_answered_and_a_draft_may_lack_some(case: Case) -> None:
    page = case.form()
    assert all(words in page.text for words in (*ASKED, "can trace a seized firearm"))
    said = {"points-0-said": "Taught twice.", "points-2-said": "Forty pages."}
    check = page.submit("Save and check", said)
    assert case.stored(Point) == list(
        zip(ASKED, ("Taught twice.", "", "Forty pages."), strict=True)
    )
    assert "what was done of each task and output" in check.text
    kept = check.follow("Go on writing").form("Save and check")
    assert kept.values["points-2-said"] == ["Forty pages."]
    check = case.form().submit("Save and check", {"points-1-said": "Not done: it was lost."})
    assert "each task and output" not in check.text
    assert all(words in check.text for words in (*ASKED, "Not done: it was lost."))


def test_what_belongs_to_no_point_any_more_stands_below_them(case: Case) -> None:
    form = case.form().form("Save the draft")
    sent = {name: values[0] for name, values in form.values.items() if values}
    sent |= {"done": "Also this.", "points-3-said": "Of a former line.", "points-5-said": "More."}
    case.pages.post(case.address, sent)
    assert [asked for asked, _said in case.stored(Point)] == ASKED
    kept = case.form().form("Save the draft").values["done"]
    assert kept == ["Also this.\n\nOf a former line.\n\nMore."]


def test_rows_are_counted_together_and_more_of_them_keep_what_was_typed(case: Case) -> None:
    rows = institution(0, "Customs", "4", "6") | institution(1, "Border police", "3")
    page = case.form().submit("Add rows and count", {**rows, "points-0-said": "Taught twice."})
    assert "The rows come to 7 women and 6 men." in page.text
    values = page.form("Save the draft").values
    assert values["points-0-said"] == ["Taught twice."]
    assert count_rows(page) == 5
    assert case.stored(Participants) == [], "nothing is saved by it"
    page.submit("Save the draft")
    assert case.stored(Participants) == [("Customs", 4, 6), ("Border police", 3, None)]
    with reading(case.app) as session:
        report = session.scalars(sa.select(MissionReport)).one()
        assert (report.women, report.men) == (7, 6)


def test_rows_are_added_where_fewer_than_three_are_empty_and_lead_to_where_they_stand(
    case: Case,
) -> None:
    page = case.form()
    assert "empty rows" not in page.text
    for rows, number in (({}, 3), (institution(0, "Customs"), 4), ({}, 4)):
        page = page.submit("Add rows and count", rows)
        assert count_rows(page) == number
        assert "3 empty rows for further institutions stand below; nothing is saved" in page.text
    led_to = page.tree.find(".//*[@id='counted']")
    assert led_to is not None
    assert "3 empty rows" in text_of(led_to)
    assert page.tree.find(".//button[@name='more'][@formaction='#counted']") is not None


def test_women_and_men_are_asked_for_in_the_same_words_in_russian(app: Flask) -> None:
    with app.test_request_context(), in_language("ru"):
        labels = {str(one.labels[EXPERT]) for one in QUESTIONS if one.name in {"women", "men"}}
    assert labels == {"Женщин среди участников", "Мужчин среди участников"}


def test_blanks_between_thousands_are_read(case: Case) -> None:
    case.form().submit(
        "Save the draft", institution(0, "Customs", "1 000", "2\u00a0001"), status=302
    )
    assert case.stored(Participants) == [("Customs", 1000, 2001)]


def test_a_draft_with_rows_takes_further_ones_and_corrections(case: Case) -> None:
    page = case.form().submit("Save the draft", institution(0, "Customs", "4", "6"))
    values = page.form("Save the draft").values
    assert (values["women"], values["men"]) == ([""], [""])
    more = institution(0, "Customs", "5", "6") | institution(1, "Border police", "3")
    page.submit("Save the draft", more, status=302)
    assert case.stored(Participants) == [("Customs", 5, 6), ("Border police", 3, None)]


def test_a_number_without_rows_stands_in_the_form_again(case: Case) -> None:
    page = case.form().submit("Save the draft", {"women": "7"})
    assert page.form("Save the draft").values["women"] == ["7"]


def test_a_number_beside_institutions_that_are_not_counted_is_kept(case: Case) -> None:
    typed = {"women": "7", **institution(0, "Border police", men="2")}
    page = case.form().submit("Save the draft", typed)
    values = page.form("Save the draft").values
    assert (values["women"], values["men"]) == (["7"], [""])


def test_more_rows_leave_what_was_kept_until_it_is_saved(app: Flask, case: Case) -> None:
    words = "Taught the course twice."
    form = case.form().form("Save the draft")
    typed = {name: values[0] for name, values in form.values.items()} | {"points-0-said": words}
    sent = {**typed, PAGE: case.address, "csrf_token": case.pages.own_token()}
    token = case.pages.client.post("/kept-texts/typing", data=sent).get_json()[TOKEN]
    case.pages.post(case.address, {**typed, TOKEN: token, "more": "1"}, status=200)
    page = case.form()
    assert page.form("Save the draft").values["points-0-said"] == [words]
    page.submit("Add rows and count").submit("Save the draft", status=302)
    with reading(app) as session:
        assert session.scalars(sa.select(KeptText)).all() == []


def test_more_rows_of_a_page_that_is_too_old_are_asked_for_again(case: Case) -> None:
    form = case.form().form("Save the draft")
    sent = form.filled({"points-0-said": "Taught."}, "Add rows and count")
    page = case.pages.post(case.address, sent | {"csrf_token": ["old"]}, token=None, status=400)
    assert "Nothing is lost: please send it again." in page.text
    assert page.form("Save the draft").values["points-0-said"] == ["Taught."]


def test_the_enter_key_saves_the_draft(case: Case) -> None:
    first = case.form().form("Save the draft").buttons[0]
    assert (text_of(first), first.get("name")) == ("Save the draft", None)


@pytest.mark.parametrize("button", ["Save the draft", "Add rows and count"])
@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({**institution(0, "Customs", "4", "6"), "women": "5"}, "women", "come to 4"),
        ({**institution(0, "Customs", "4", "6"), "men": "7"}, "men", "come to 6"),
        (institution(0, "", "4"), "participants-0-institution", "name the institution"),
        (institution(0, "Customs", "many"), "participants-0-women", "whole number"),
        (institution(0, "Customs", "4 6"), "participants-0-women", "whole number"),
        (
            institution(0, "Customs", "1") | institution(2, "CUSTOMS", "1"),
            "participants-2-institution", "stands here twice",
        ),
        (
            institution(0, "Customs", "10000") | institution(1, "Border police", "1"),
            "participants-1-women", "more than 10,000",
        ),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_told_at_its_field_and_nothing_typed_is_lost(
    case: Case, button: str, sent: dict[str, str], field: str, message: str
) -> None:
    page = case.form().submit(button, {**sent, "points-1-said": "Kept."}, status=400)
    assert message in page.errors[field]
    values = page.form("Save the draft").values
    assert {name: values[name][0] for name in sent} == sent
    assert values["points-1-said"] == ["Kept."]
    assert count_rows(page) == 3, "no rows are added while something is wrong"
    assert page.tree.find(".//*[@id='counted']/*[@role='alert']") is not None
    assert case.stored(Participants) == []


@pytest.mark.parametrize("button", ["Save the draft", "Add rows and count"])
def test_numbers_of_hundreds_of_digits_are_shown_again(case: Case, button: str) -> None:
    far = institution(0, "Customs", "9" * 400) | institution(1, "Border police", "9" * 4300)
    page = case.form().submit(button, {**far, "women": "3"}, status=400)
    values = page.form("Save the draft").values
    assert values["participants-0-women"] == ["9" * 400]
    assert values["participants-1-women"] == ["9" * 4300]


def test_what_nobody_knows_is_told_as_not_known_and_not_as_nobody(case: Case) -> None:
    page = case.form().submit("Add rows and count", institution(0, "Customs", "4"))
    assert "The rows come to 4 women and – men." in page.text
    check = page.submit("Save and check")
    assert "All together4–" in check.text
    check = case.form().submit("Save and check", institution(0, "Customs", "4", "0"))
    assert "All together40" in check.text


def test_an_institution_of_which_no_number_is_known_is_a_draft_only(case: Case) -> None:
    check = case.form().submit("Save and check", institution(0, "Customs"))
    assert "how many took part from each institution" in check.text


def test_a_report_of_before_keeps_its_words_and_is_sent_by_them(app: Flask, case: Case) -> None:
    with writing(app) as session:
        made = session.get_one(Deployment, case.number)
        former = replace(
            factories.ANSWERS, done="Written before.", participants=(), institutions="Customs: 16"
        )
        work = factories.work(session, session.merge(case.writers[EXPERT]))
        operations.save(work, made, EXPERT, former, seen_version=0)
    page = case.form()
    assert page.form("Save the draft").values["institutions"] == ["Customs: 16"]
    assert page.form("Save the draft").values["done"] == ["Written before."]
    with writing(app) as session:
        made = session.get_one(Deployment, case.number)
        report = queries.find(session, made, EXPERT)
        assert report
        work = factories.work(session, session.merge(case.writers[EXPERT]))
        operations.send(work, made, EXPERT, seen_version=report.version)
    text = case.pages.get(f"/deployments/{case.number}/reports").text
    assert "Written before." in text
    assert "Customs: 16" in text


def test_rows_alone_raise_the_version_also_in_the_moment_of_another_save(case: Case) -> None:
    case.pages.post(case.address, {"version": "0", **institution(0, "Customs", "4")}, status=302)
    case.pages.post(case.address, {"version": "1", **institution(0, "Police", "4")}, status=302)
    case.pages.post(case.address, {"version": "1", **institution(0, "Army", "4")}, status=409)
    assert case.stored(Participants) == [("Police", 4, None)]


def test_an_entry_of_the_profile_begins_with_what_was_done_of_each(app: Flask, case: Case) -> None:
    with writing(app) as session:
        made = session.get_one(Deployment, case.number)
        factories.report(session, made, EXPERT)
        factories.report(session, made, REQUESTER)
        theirs = queries.find(session, made, REQUESTER)
        assert theirs
        assert theirs.sent_at
        theirs.sent_at += timedelta(minutes=1)
        session.flush()
        draft = profile_entries.draft(session, made)
    assert draft.description.startswith(factories.missions.SAID)


def test_words_of_rows_go_with_who_is_erased_and_numbers_stay(app: Flask, case: Case) -> None:
    with writing(app) as session:
        made = session.get_one(Deployment, case.number)
        factories.report(session, made, REQUESTER)
        person = session.merge(case.writers[EXPERT])
        my_data.erase(factories.work(session, person), made.match.expert)
    assert set(case.stored(Point)) == {("", "")}
    expected = [Present("", 4, 6), Present("", 3, 3)]
    assert case.stored(Participants) == [tuple(vars(one).values()) for one in expected]


def test_the_page_reads_the_report_of_each_side_once(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    """Also to say that the two give other numbers of those who took part."""
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        said = replace(factories.ANSWERS, participants=(), women=3)
        factories.report(session, made, EXPERT, said)
        factories.report(session, made, REQUESTER)
        office = factories.account(session, Role.COORDINATOR)
    pages, asked = visitor().come_in(office), list[str]()

    def collect(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.extend(re.findall(r"FROM (mission_report)\s", statement))

    with app.app_context():
        engine = db.engine
    with listening(engine, "before_cursor_execute", collect):
        page = pages.get(f"/deployments/{made.id}/reports")
    assert "give different numbers" in page.text
    assert len(asked) == len(Side)
