"""What keeps a roster true, each in the browser of whoever does it: a profile written in two
windows, evidence confirmed by a mail, a calendar, a table brought in and taken back, one person who
stands there twice, and what somebody does with their own data."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.browser import phones, steps
from tests.databases import is_sound, reading, writing
from tests.links import links_to
from tests.webapp.roster_imports.made_tables import HEADINGS, people, workbook
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.experts.models import Expert, ExpertState
from webapp.roster import sweep as roster_sweep
from webapp.roster_imports import sweep as imports_sweep

pytestmark = [pytest.mark.browser, pytest.mark.both_databases, pytest.mark.long]
OpenAs = Callable[[Account | None], Any]
CONFIRMER = "aigul.izmisljena@example.org"
FIRST, SECOND = "Leads the new unit since May.", "Trains investigators of three services."
EVENT = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\nEND:VEVENT\r\n"


@pytest.fixture
def expert(app: Flask) -> Expert:
    """Return an active expert with an account."""
    with writing(app) as session:
        made = factories.expert(session)
        assert made.account
        return made


def open_another(page: Any, address: str) -> Any:
    """Open a second window of the same person."""
    other = page.context.new_page()
    other.goto(address)
    return other


def press(page: Any, name: str) -> None:
    """Press a button, and wait until the platform has said something."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.get_by_role("status").or_(page.get_by_role("alert")).first.wait_for()


def test_a_profile_by_sections_in_two_windows_loses_no_word(
    app: Flask, open_as: OpenAs, expert: Expert
) -> None:
    page = open_as(expert.account)
    page.goto("/profile/about")
    other = open_another(page, "/profile/about")
    page.locator("[name=unit]").fill("Firearms unit")
    page.locator("[name=summary]").fill(FIRST)
    press(page, "Save")
    # The older window reads both, and what it saves then is what its writer has seen.
    other.locator("[name=summary]").fill(SECOND)
    other.get_by_role("button", name="Save", exact=True).click()
    other.get_by_role("heading", name="This was not saved").wait_for()
    assert FIRST in other.locator(".stored").inner_text()
    assert other.locator("[name=summary]").input_value() == SECOND
    other.locator("[name=unit]").fill("Firearms unit")
    other.locator("[name=summary]").fill(f"{FIRST} {SECOND}")
    press(other, "Save")
    # Entries of two windows stand beside each other, and one that is refused keeps its words.
    page.goto("/profile/evidence/new")
    other.goto("/profile/evidence/new")
    page.locator("#title").fill("Course for keepers of depots")
    page.get_by_role("button", name="Save and add another").click()
    page.locator("#kind").select_option("mission")
    page.locator("#title").fill("Assessment of depots")
    press(page, "Save")
    other.locator("#title").fill("Instruction on marking")
    other.get_by_role("button", name="Save", exact=True).click()
    refused = other.get_by_role("heading", name="This was not saved")
    refused.or_(other.get_by_role("status")).first.wait_for()
    if refused.count():
        assert other.locator("#title").input_value() == "Instruction on marking"
        press(other, "Save")
    page.goto("/profile")
    told = page.locator("main").inner_text()
    for words in (FIRST, SECOND, "Firearms unit", "keepers of depots", "Assessment of depots",
                  "Instruction on marking"):  # fmt: skip
        assert words in told
    assert is_sound(app)


def test_evidence_is_confirmed_by_the_link_of_a_mail(
    app: Flask, outbox: list[Any], open_as: OpenAs, expert: Expert, browser_page: Any
) -> None:
    page = open_as(expert.account)
    page.goto("/profile")
    page.get_by_role("link", name="Have it confirmed").first.click()
    page.get_by_label("Name").fill("Aigul Izmišljena")
    send = page.get_by_role("button", name="Send the mail")
    send.click()
    page.locator(".field-error").first.wait_for()
    assert page.get_by_label("Name").input_value() == "Aigul Izmišljena"
    page.get_by_label("Organisation").fill("Fictional Academy")
    page.get_by_label("E-mail address").fill(CONFIRMER)
    send.click()
    steps.said(page, "The mail is on its way")
    stranger = browser_page
    stranger.set_viewport_size(phones.PHONE)
    stranger.add_init_script(phones.NOTE_WIDTH)
    link = links_to(app, outbox)(CONFIRMER)[-1]
    stranger.goto(link)
    stranger.get_by_text("Course on firearms tracing").first.wait_for()
    # Neither the post nor the telephone of the expert is told to somebody who has only a link.
    assert "Head of unit" not in stranger.locator("main").inner_text()
    stranger.get_by_role("button", name="Yes, I confirm it").dblclick()
    stranger.wait_for_url("**/confirm-evidence/thank-you")
    stranger.goto(link)
    stranger.get_by_role("heading", name="This link does not work any more").wait_for()
    assert phones.wide_pages(stranger) == []
    page.goto("/profile")
    page.locator("#evidence .pill-confirmed").wait_for()
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
    coordinator = open_as(office)
    coordinator.goto(f"/roster/{expert.id}")
    coordinator.locator("#evidence .pill-confirmed").wait_for()
    assert is_sound(app)


def test_days_are_chosen_in_the_months_and_come_from_and_go_into_other_calendars(
    app: Flask, open_as: OpenAs, expert: Expert
) -> None:
    page = open_as(expert.account)
    page.set_viewport_size(phones.PHONE)
    page.add_init_script(phones.NOTE_WIDTH)
    page.goto("/profile/unavailable")
    first = clock.today().replace(day=1) + timedelta(days=70)
    last, later = first + timedelta(days=3), first + timedelta(days=40)
    for day in (first, last):
        page.locator(f"[data-day='{day}'] button").click()
    press(page, "Save")
    page.goto("/profile/unavailable")
    assert page.locator("[name=periods-0-start]").input_value() == first.isoformat()
    assert page.locator("[name=periods-0-end]").input_value() == last.isoformat()
    answer = page.context.request.get("/profile/unavailable.ics")
    assert f"DTSTART;VALUE=DATE:{first:%Y%m%d}" in answer.text()
    # What another calendar says stands in the list, and is saved by its reader alone.
    event = EVENT.format(f"{later:%Y%m%d}", f"{later + timedelta(days=2):%Y%m%d}")
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-\r\n{event}END:VCALENDAR\r\n".encode()
    page.locator("[name=file]").set_input_files(
        {"name": "mine.ics", "mimeType": "text/calendar", "buffer": data}
    )
    page.get_by_role("button", name="Read its days").click()
    page.get_by_text("Nothing is saved yet").wait_for()
    press(page, "Save")
    with reading(app) as session:
        kept = [(one.start, one.end) for one in session.get_one(Expert, expert.id).unavailable]
    assert kept == [(first, last), (later, later + timedelta(days=1))]
    assert phones.wide_pages(page) == []
    assert is_sound(app)


def run_imports(app: Flask, page: Any) -> None:
    """Let the job worker do what is due, and look at the import again."""
    with app.app_context():
        imports_sweep.run_due()
    page.reload()


def test_a_table_is_brought_in_and_taken_back_as_a_whole(app: Flask, open_as: OpenAs) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
    page = open_as(office)
    steps.open_menu(page, "Roster")
    page.get_by_role("link", name="Import a roster").click()
    wrong = people(2)
    wrong[1][HEADINGS.index("Jurisdiction")] = "Atlantis"
    for rows in (wrong, people(2)):
        page.goto("/roster/imports")
        page.locator("[name=file]").set_input_files(
            {"name": "old.xlsx", "mimeType": "", "buffer": workbook([HEADINGS, *rows])}
        )
        page.get_by_role("button", name="Read the table").click()
        page.get_by_role("button", name="Check the table").click()
        page.get_by_role("status").first.wait_for()
        run_imports(app, page)
        if rows is wrong:
            assert "no jurisdiction that is known" in page.locator(".findings").inner_text()
            assert not page.get_by_role("button", name="Store all of it").count()
    page.get_by_role("button", name="Store all of it").dblclick()
    page.get_by_role("status").first.wait_for()
    run_imports(app, page)
    page.get_by_role("heading", name="Whom it has brought").wait_for()
    with reading(app) as session:
        names = list(session.scalars(sa.select(Expert.name)))
    assert len(names) == 2
    for name in names:
        page.get_by_role("link", name=name).wait_for()
    page.locator("summary").filter(has_text="Undo the import").click()
    page.get_by_role("button", name="Undo the import", exact=True).click()
    page.get_by_text("The import is being taken back.").first.wait_for()
    run_imports(app, page)
    page.get_by_text("Nobody is left of it.").wait_for()
    with reading(app) as session:
        assert not session.scalars(sa.select(Expert)).all()
    assert is_sound(app)


def test_one_person_who_stands_there_twice_becomes_one(
    app: Flask, open_as: OpenAs, expert: Expert
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        twin = factories.expert(
            session, name=expert.name, signs_in=False, rank="", telephone="+381 11 000 0001",
            state=ExpertState.NOMINATED,
        )  # fmt: skip
    with app.app_context():
        roster_sweep.seek_due()
    page = open_as(office)
    page.goto("/roster/duplicates")
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("button", name="Join the two profiles").click()
    # Not without having said that one is sure.
    page.locator(".field-error").first.wait_for()
    page.locator("[name=sure]").check()
    page.get_by_role("button", name="Join the two profiles").click()
    steps.said(page, "The two profiles are one now.")
    assert page.url.endswith(f"/roster/{expert.id}")
    assert "+381 11 000 0001" in page.locator("main").inner_text()
    page.goto("/roster/duplicates")
    page.get_by_text("Nobody seems to stand on the roster twice.").wait_for()
    with reading(app) as session:
        gone = session.get_one(Expert, twin.id)
        assert gone.state in {ExpertState.ERASED, ExpertState.WITHDRAWN}
    assert is_sound(app)


def download(page: Any, button: str) -> bytes:
    """Press a button that brings a file, and return the file."""
    with page.expect_download() as brought:
        page.get_by_role("button", name=button).click()
    with open(brought.value.path(), "rb") as file:
        return file.read()


def test_whoever_reads_who_looked_takes_a_copy_leaves_the_roster_and_is_erased(
    app: Flask, open_as: OpenAs, expert: Expert
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
    coordinator = open_as(office)
    coordinator.goto(f"/roster/{expert.id}")
    page = open_as(expert.account)
    page.goto("/profile/views")
    assert office.name in page.locator(".viewers").first.inner_text()
    page.goto("/my-data")
    copy = json.loads(download(page, "Download it for machines (JSON)"))
    assert expert.name in json.dumps(copy, ensure_ascii=False)
    assert download(page, "Download it to read and print (PDF)").startswith(b"%PDF-")
    page.get_by_role("link", name="Take my consent back").click()
    page.locator("main form").get_by_role("button").first.click()
    page.get_by_role("status").first.wait_for()
    with reading(app) as session:
        assert session.get_one(Expert, expert.id).state is ExpertState.WITHDRAWN
    page.goto("/my-data/erase")
    page.get_by_role("button", name="Erase me").click()
    page.locator(".field-error").first.wait_for()
    page.locator("[name=understood]").check()
    page.get_by_role("button", name="Erase me").click()
    page.get_by_role("heading").first.wait_for()
    coordinator.goto(f"/roster/{expert.id}")
    assert expert.name not in coordinator.content()
    with reading(app) as session:
        assert session.get_one(Expert, expert.id).state is ExpertState.ERASED
    assert is_sound(app)
