"""Who reads which answer of a report: each is marked, and everybody's pages are searched."""

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core import clock as platform_clock
from webapp.core.files.stored_files import read_file
from webapp.core.record import personal_data
from webapp.core.record.personal_data import Whose
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.deployments.models import Deployment
from webapp.kept_texts import operations as kept_texts
from webapp.kept_texts.models import KeptText
from webapp.mission_reports import attachments
from webapp.mission_reports import operations as reports
from webapp.mission_reports.content import (
    IN_ROWS,
    IN_WORDS,
    NAMES,
    QUESTIONS,
    Answers,
    Present,
    Said,
)
from webapp.mission_reports.models import (
    Again,
    Judgement,
    MissionReport,
    MissionReportFile,
    PointKind,
    Side,
)
from webapp.mission_reports.personal_data import RULES
from webapp.my_data import operations as my_data

EXPERT, REQUESTER = Side
ALL = {question.name for question in QUESTIONS}
# What stands for itself on a page and nowhere else.
SHOWN = {
    "women": "1,101", "men": "1,202", "rating": "2: poor", "again": "yes, if something",
}  # fmt: skip


def marked(side: Side) -> Answers:
    """Return answers that each can be told from all else on a page."""
    words: dict[str, Any] = {name: f"marked-{name}-{side}" for name in IN_WORDS}
    return Answers(
        points=(Said(PointKind.TASK, "A task.", f"marked-points-{side}"),),
        participants=(Present(f"marked-participants-{side}", 1101, 1202),),
        rating=2,
        again=Again.OTHERWISE,
        **words,
    )


def seen(pages: Pages, number: int, side: Side) -> set[str]:
    """Return the answers of one side that stand on the page of a mission's reports."""
    text = pages.get(f"/deployments/{number}/reports").text
    asked = [question.name for question in QUESTIONS]
    return {name for name in asked if SHOWN.get(name, f"marked-{name}-{side}") in text}


def shared_by(side: Side) -> set[str]:
    """Return what the other side is promised to read."""
    return {question.name for question in QUESTIONS if side in question.shared}


def add_file(work: UnitOfWork, made: Deployment, side: Side, name: str) -> None:
    attachments.add(work, made, side, read_file(name, b"%PDF-1.7 x"))


def give_back(session: Session, clock: Any, office: Account, made: Deployment, side: Side) -> None:
    """Give a report back, and let a minute pass in which nobody goes on with it."""
    reports.give_back(factories.work(session, office), made, side)
    clock.shift(timedelta(minutes=1))


def test_every_answer_is_asked_for_and_has_its_readers() -> None:
    assert {field.name for field in fields(Answers)} == {*NAMES, *IN_ROWS, "judged"}
    columns = set(sa.inspect(MissionReport).columns.keys())
    assert set(NAMES) < columns
    assert shared_by(EXPERT) == {*IN_ROWS, "done", "women", "men", "institutions", "outputs"}
    assert shared_by(REQUESTER) == shared_by(EXPERT) | {"lacking"}


def test_each_side_reads_of_the_other_what_judges_nobody(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    for side, other in ((EXPERT, REQUESTER), (REQUESTER, EXPERT)):
        with writing(app) as session:
            made = factories.returned_mission(session, clock)
            factories.report(session, made, side, marked(side), sent=False)
            own, across = (factories.missions.writer_of(made, one) for one in (side, other))
            office = factories.account(session, Role.COORDINATOR)
            strangers = [factories.account(session, role) for role in (Role.EXPERT, Role.REQUESTER)]
        readers: dict[str, Pages] = {
            name: visitor().come_in(person)
            for name, person in {"own": own, "across": across, "office": office}.items()
        }
        assert {who: seen(pages, made.id, side) for who, pages in readers.items()} == {
            "own": set(), "across": set(), "office": set()
        }, "a draft is read in its form"  # fmt: skip
        with writing(app) as session:
            factories.report(session, session.merge(made), side, marked(side))
        assert {who: seen(pages, made.id, side) for who, pages in readers.items()} == {
            "own": ALL, "across": shared_by(side), "office": ALL
        }  # fmt: skip
        for stranger in strangers:
            visitor().come_in(stranger).get(f"/deployments/{made.id}/reports", status=404)


def test_a_coordinator_on_a_mission_of_their_own_reads_as_its_expert(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        both: Account = factories.account(session, Role.EXPERT, Role.COORDINATOR)
        made = factories.returned_mission(
            session, clock, expert=factories.expert(session, person=both)
        )
        factories.report(session, made, REQUESTER, marked(REQUESTER))
    assert seen(visitor().come_in(both), made.id, REQUESTER) == shared_by(REQUESTER)


def test_an_expert_stays_on_their_side_also_where_the_request_has_become_theirs(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        both: Account = factories.account(session, Role.EXPERT, Role.REQUESTER)
        made = factories.returned_mission(
            session, clock, expert=factories.expert(session, person=both)
        )
        factories.report(session, made, REQUESTER, marked(REQUESTER))
        made.match.request.requester_id = both.id
    pages = visitor().come_in(both)
    assert seen(pages, made.id, REQUESTER) == shared_by(REQUESTER)
    for page in (REQUESTER, f"{REQUESTER}/check", "follow-up"):
        pages.get(f"/deployments/{made.id}/reports/{page}", status=404)


def test_nobody_opens_the_form_of_the_other_side(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        people = {side: factories.missions.writer_of(made, side) for side in Side}
        office = factories.account(session, Role.COORDINATOR)
    for person, side in (
        (people[EXPERT], REQUESTER), (people[REQUESTER], EXPERT), (office, EXPERT),
        (office, REQUESTER),
    ):  # fmt: skip
        pages = visitor().come_in(person)
        for page in ("", "/check"):
            pages.get(f"/deployments/{made.id}/reports/{side}{page}", status=404)


def test_the_copy_of_an_expert_holds_how_they_were_judged_and_erasing_leaves_numbers(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        for side in Side:
            factories.report(session, made, side, marked(side))
        person = factories.missions.writer_of(made, EXPERT)
    with writing(app) as session:
        expert = session.merge(made).match.expert
        copy = personal_data.sections(session, Whose(person.id, expert.id))
        rows = next(one.rows for one in copy if one.rule is RULES[0])
        assert {(row["side"], row["rating"]) for row in rows} == {(EXPERT, 2), (REQUESTER, None)}
        judged = next(one.rows for one in copy if one.rule.table is Judgement)
        assert [row["rating"] for row in judged] == [2]
        my_data.erase(factories.work(session, person), expert)
    with reading(app) as session:
        for row in session.scalars(sa.select(MissionReport)):
            assert not any(getattr(row, name) for name in IN_WORDS)
            said = row if row.side is EXPERT else row.judgements[0]
            assert (row.women, said.rating, said.again) == (1101, 2, Again.OTHERWISE)


def test_what_was_typed_of_a_mission_comes_back_to_its_writer_and_is_forgotten_with_its_expert(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made, other = (factories.returned_mission(session, clock) for _ in range(2))
        requester = factories.missions.writer_of(made, REQUESTER)
        here = f"/deployments/{made.id}/reports/requester"
        how: dict[str, Any] = {"secrets": [app.config["SECRET_KEY"]], "now": platform_clock.now()}
        typed = [("version", "0"), ("done", "She led each of the sessions.")]
        for path in (here, f"/deployments/{other.id}/reports/requester"):
            kept_texts.keep(session, requester.id, path, typed, **how)
        expert = made.match.expert
    page = visitor().come_in(requester).get(here)
    assert page.form("Save the draft").values["done"] == ["She led each of the sessions."]
    assert "stands in the form again" in page.text
    with writing(app) as session:
        my_data.erase(factories.work(session), session.merge(expert))
    with reading(app) as session:
        left = session.scalars(sa.select(KeptText.path)).all()
        assert left == [f"/deployments/{other.id}/reports/requester"]


def test_a_draft_is_not_read_by_who_has_taken_the_request_over(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        asked = made.match.request
        house = factories.organisation(session).id
        asked.organisation_id = asked.requester.organisation_id = house
        factories.report(session, made, REQUESTER, marked(REQUESTER), sent=False)
        report = session.query(MissionReport).one()
        file = read_file("mine.pdf", b"%PDF-1.7 x").columns()
        session.add(
            MissionReportFile(
                report_id=report.id, added_by=asked.requester_id, added_at=report.saved_at, **file
            )
        )
        other = factories.account(session, Role.REQUESTER, organisation_id=house)
        asked.requester = other
        number = made.id
    pages, address = visitor().come_in(other), f"/deployments/{number}/reports/requester"
    page = pages.get(address)
    assert "marked-" not in page.text
    assert "marked-" not in pages.get(f"{address}/check").text
    overview = pages.get(f"/deployments/{number}/reports")
    assert "marked-" not in overview.text
    for shown in (page, overview):
        assert "what you save takes its place" in shown.text
    assert "Go on with the report" not in overview.text
    pages.get(f"{address}/files", status=404)
    sent = {"version": page.form("Save the draft").values["version"]}
    pages.post(f"{address}/send", sent, status=302)
    page.submit("Save the draft", {"done": "What the colleague says."})
    with reading(app) as session:
        kept = session.query(MissionReport).one()
        assert (kept.done, kept.outputs, kept.sent_at) == ("What the colleague says.", "", None)
        assert session.query(MissionReportFile).count() == 0


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("given_back", [False, True])
def test_seesac_reads_no_draft_of_whoever_was_shut_out_and_they_are_told_of_its_own(
    app: Flask, clock: Any, visitor: Callable[[], Pages], side: Side, given_back: bool
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        made = factories.returned_mission(session, clock)
        if given_back:
            factories.report(session, made, side)
            give_back(session, clock, office, made, side)
        draft = factories.report(session, made, side, marked(side), sent=False)
        writer = factories.missions.writer_of(made, side)
        by = factories.account(session, Role.ADMINISTRATOR)
        accounts.disable(factories.work(session, by), writer)
        number, version = made.id, draft.version
    pages, address = visitor().come_in(office), f"/deployments/{number}/reports/{side}"
    page = pages.get(address)
    assert "what you save takes its place" in page.text
    assert "marked-" not in str(page.form("Save the draft").values)
    assert "marked-" not in pages.get(f"{address}/check").text
    pages.post(f"{address}/send", {"version": str(version)}, status=302)
    page.submit("Save the draft", {"done": "What SEESAC wrote down."})
    with writing(app) as session:
        kept = session.scalars(sa.select(MissionReport).where(MissionReport.side == side)).one()
        assert (kept.done, kept.lacking, kept.sent_at) == ("What SEESAC wrote down.", "", None)
        by = factories.account(session, Role.ADMINISTRATOR)
        accounts.reactivate(factories.work(session, by), session.get_one(Account, writer.id))
    # A colleague of the office goes on with it; the side itself does not read it as theirs.
    assert "What SEESAC wrote down." not in str(visitor().come_in(writer).get(address).forms)
    told = visitor().come_in(writer).get("/notices").text
    assert "somebody else writes the report" in told


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("by_office", [False, True])
def test_what_was_sent_and_given_back_is_gone_on_with_by_whoever_writes_now(
    app: Flask, clock: Any, visitor: Callable[[], Pages], side: Side, by_office: bool
) -> None:
    """It was read: nobody types it anew, and whoever writes it is told that it can be corrected."""
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        admin = factories.account(session, Role.ADMINISTRATOR)
        made = factories.returned_mission(session, clock)
        writer = factories.missions.writer_of(made, side)
        number, address = made.id, f"/deployments/{made.id}/reports/{side}"
        if by_office:
            accounts.disable(factories.work(session, admin), writer)
        factories.report(session, made, side, marked(side), by=office if by_office else None)
        if by_office:
            accounts.reactivate(factories.work(session, admin), writer)
        reports.give_back(factories.work(session, office), made, side)
        if not by_office:
            accounts.disable(factories.work(session, admin), writer)
    goes_on = writer if by_office else office
    page = visitor().come_in(goes_on).get(address)
    assert "what you save takes its place" not in page.text
    assert "marked-" in str(page.form("Save the draft").values)
    if by_office:
        assert "your report can be corrected" in visitor().come_in(writer).get("/notices").text
    assert f"/deployments/{number}" in page.url


def test_seesac_goes_on_with_what_a_colleague_there_wrote_down(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        by = factories.account(session, Role.ADMINISTRATOR)
        accounts.disable(factories.work(session, by), factories.missions.writer_of(made, EXPERT))
        office = [factories.account(session, Role.COORDINATOR) for _number in range(2)]
        factories.report(session, made, EXPERT, marked(EXPERT), sent=False, by=office[0])
        number = made.id
    page = visitor().come_in(office[1]).get(f"/deployments/{number}/reports/expert")
    assert "marked-" in str(page.form("Save the draft").values)


@pytest.mark.parametrize("side", Side)
def test_a_file_added_to_a_report_that_was_given_back_is_its_writers(
    app: Flask, clock: Any, visitor: Callable[[], Pages], side: Side
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        admin = factories.account(session, Role.ADMINISTRATOR)
        made = factories.returned_mission(session, clock)
        writer = factories.missions.writer_of(made, side)
        report = factories.report(session, made, side, marked(side))
        give_back(session, clock, office, made, side)
        add_file(factories.work(session, writer), made, side, "mine.pdf")
        accounts.disable(factories.work(session, admin), writer)
        number, file = made.id, attachments.list_files(session, report)[0].id
    pages, address = visitor().come_in(office), f"/deployments/{number}/reports/{side}"
    assert "what you save takes its place" in pages.get(address).text
    pages.get(f"{address}/files", status=404)
    pages.get(f"{address}/files/{file}", status=404)


@pytest.mark.parametrize("side", Side)
def test_whoever_goes_on_with_a_report_reads_its_files(
    app: Flask, clock: Any, visitor: Callable[[], Pages], side: Side
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        admin = factories.account(session, Role.ADMINISTRATOR)
        made = factories.returned_mission(session, clock)
        writer = factories.missions.writer_of(made, side)
        report = factories.report(session, made, side, sent=False)
        add_file(factories.work(session, writer), made, side, "ours.pdf")
        seen = report.version
        reports.send(factories.work(session, writer), made, side, seen_version=seen)
        clock.shift(timedelta(minutes=1))
        reports.give_back(factories.work(session, office), made, side)
        accounts.disable(factories.work(session, admin), writer)
        number, file = made.id, attachments.list_files(session, report)[0].id
    pages, address = visitor().come_in(office), f"/deployments/{number}/reports/{side}"
    assert "ours.pdf" in pages.get(f"{address}/files").text
    assert pages.client.get(f"{address}/files/{file}").status_code == 200


def test_whoever_adds_a_file_to_a_report_that_was_given_back_goes_on_with_it(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        factories.report(session, made, REQUESTER, marked(REQUESTER))
        office = factories.account(session, Role.COORDINATOR)
        give_back(session, clock, office, made, REQUESTER)
        other = factories.account(session, Role.REQUESTER)
        made.match.request.requester = other
        session.flush()
        add_file(factories.work(session, other), made, REQUESTER, "new.pdf")
        address = f"/deployments/{made.id}/reports/requester"
    pages = visitor().come_in(other)
    assert "marked-" in str(pages.get(address).form("Save the draft").values)
    assert "new.pdf" in pages.get(f"{address}/files").text
