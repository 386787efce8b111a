"""An authority nominates by a list and approves; an expert joins, is asked for more, is activated,
rests and comes back, is refused and asks again: each in a browser of their own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.browser import phones, steps
from tests.databases import is_sound, reading, writing
from tests.links import links_to
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.experts.models import Expert, ExpertState
from webapp.upkeep import sweep

pytestmark = [
    pytest.mark.browser,
    pytest.mark.both_databases,
    pytest.mark.thorough,
    pytest.mark.long_on_postgresql,
]
ANA, BORO = "Ana Izmišljena", "Боро Измишљени"
EMAIL = "ana.izmisljena@example.org"
HEADS = "name;post;institution;e-mail;telephone;approved until;scope"
SCOPE = "Missions on small arms, two a year."
MISSING = "Please tell where you taught, and whom."


@dataclass
class Sides:
    """Who takes part, each in a browser that is open."""

    official: Any
    coordinator: Any


@pytest.fixture
def sides(app: Flask, open_as: Callable[[Account], Any]) -> Sides:
    """Open a browser for the authority, on a telephone, and one for SEESAC."""
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        official = factories.account(session, Role.NOMINATING_AUTHORITY)
        official.organisation_id = factories.organisation(session, jurisdiction="SRB").id
    made = Sides(open_as(official), open_as(office))
    made.official.set_viewport_size(phones.PHONE)
    made.official.add_init_script(phones.NOTE_WIDTH)
    return made


def in_days(number: int) -> date:
    return clock.today() + timedelta(days=number)


def send_list(page: Any, *rows: str, act: str = "Nominate all") -> None:
    """Choose a list and send it."""
    data = "\n".join((HEADS, *rows)).encode()
    file = {"name": "officials.csv", "mimeType": "text/csv", "buffer": data}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name=act).click()


def open_official(page: Any, name: str) -> None:
    """Find somebody among the officials of the authority."""
    steps.open_menu(page, "My officials")
    page.locator(".roster").get_by_role("link", name=name).click()
    page.get_by_role("heading", name=name).wait_for()


def approve(page: Any, until: date, scope: str = SCOPE) -> None:
    """Approve the official whose page is open, at first until a day that is past."""
    if not page.get_by_label("Approved until").is_visible():
        page.locator("summary").filter(has_text="Approve").click()
    page.get_by_label("For what").fill(scope)
    page.get_by_label("Approved until").fill(in_days(-1).isoformat())
    page.get_by_role("button", name="Approve", exact=True).click()
    page.locator(".field-error").first.wait_for()
    assert page.get_by_label("For what").input_value() == scope
    page.get_by_label("Approved until").fill(until.isoformat())
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_role("status").first.wait_for()


def open_profile(page: Any, number: int) -> None:
    """Open somebody's profile as SEESAC has it."""
    page.goto(f"/roster/{number}")


def press(page: Any, words: str, told: str) -> None:
    """Take a step that needs nothing but a button, and read what is said of it."""
    page.get_by_role("button", name=words).click()
    steps.said(page, told)


def number_of(app: Flask, name: str) -> int:
    with reading(app) as session:
        return session.scalars(sa.select(Expert.id).where(Expert.name == name)).one()


def state_of(app: Flask, number: int) -> ExpertState:
    with reading(app) as session:
        return session.get_one(Expert, number).state


def rest(app: Flask, number: int) -> None:
    """Let nobody have confirmed a profile for years, and do what is due then."""
    with writing(app) as session:
        session.get_one(Expert, number).last_confirmed_at = clock.now() - timedelta(days=1000)
    with app.app_context():
        assert sweep.run_due()
    assert state_of(app, number) is ExpertState.DORMANT


def nominate(page: Any) -> None:
    """Nominate two by a list: one that is refused by its lines, the right one checked, and sent."""
    steps.open_menu(page, "My officials")
    page.get_by_role("link", name="Nominate by a list").click()
    first = f"{ANA};Head of depot;Fictional Ministry;{EMAIL};;{in_days(400)};{SCOPE}"
    unreachable = f"{BORO};Инспектор;Fictional Ministry;;{{}};;"
    send_list(page, first, unreachable.format(""), first)
    refused = page.locator(".alert-danger").inner_text()
    assert "Line 3" in refused
    assert "Line 4" in refused
    second = unreachable.format("+381 11 000 0001")
    send_list(page, first, second, act="Only check the file")
    page.get_by_text("Nothing is wrong with the 2 rows").wait_for()
    send_list(page, first, second)
    page.get_by_role("link", name=f"Approve {BORO}").wait_for()


def join(page: Any, link: str) -> None:
    """Join by the link of a mail, and agree to be on the roster."""
    phones.join(page, link, EMAIL)
    page.goto("/profile")
    page.get_by_role("link", name="Agree to be on the roster").click()
    page.locator("#consent").check()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("heading", name="My profile").wait_for()


def ask_for_more(page: Any) -> None:
    """Ask for more evidence, from the profile as SEESAC has it."""
    page.locator("summary").filter(has_text="Ask for more").click()
    page.get_by_label("Section").select_option("evidence")
    page.get_by_label("What is missing").fill(MISSING)
    press(page, "Ask for more", "asked")


def add_what_is_asked_for(page: Any) -> None:
    """Read at the section what is asked for, add it and say so."""
    page.goto("/profile")
    asked = page.get_by_role("region", name="SEESAC asks for more")
    asked.get_by_role("link", name="Evidence of past work").click()
    page.locator("#evidence").get_by_text(MISSING).wait_for()
    page.locator("#evidence").get_by_role("link", name="Add").first.click()
    page.get_by_text(MISSING).wait_for()
    page.locator("#kind").select_option("training given")
    page.locator("#title").fill("Course for keepers of depots")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="I have added it").click()
    page.get_by_role("status").first.wait_for()
    assert MISSING not in page.locator("main").inner_text()


def withdraw_all(page: Any) -> None:
    """Withdraw each approval of the official whose page is open."""
    folds = page.locator("summary").filter(has_text="Withdraw")
    while folds.count():
        folds.first.click()
        steps.choose_kind(page, "needed at home")
        page.get_by_role("button", name="Withdraw").first.click()
        page.get_by_role("status").first.wait_for()


@pytest.fixture
def telephone(chromium: Any, live_url: str) -> Iterator[Any]:
    """Return a page on the telephone of somebody who has no account yet."""
    context = chromium.new_context(base_url=live_url, viewport=phones.PHONE, locale="en-GB")
    context.set_default_timeout(60_000)
    context.add_init_script(phones.NOTE_WIDTH)
    yield context.new_page()
    context.close()


def test_from_a_list_of_nominations_to_an_active_profile_that_rests_and_comes_back(
    app: Flask, outbox: list[Any], sides: Sides, telephone: Any
) -> None:
    official, coordinator, expert = sides.official, sides.coordinator, telephone
    nominate(official)
    ana = number_of(app, ANA)
    open_profile(coordinator, ana)
    press(coordinator, "Start screening", "is being screened")
    press(coordinator, "Invite to an account", "on its way")
    join(expert, links_to(app, outbox)(EMAIL)[-1])
    open_profile(coordinator, ana)
    ask_for_more(coordinator)
    add_what_is_asked_for(expert)
    open_profile(coordinator, ana)
    press(coordinator, "Activate", "is active on the roster")

    # What nobody has confirmed for long rests; one click brings it back.
    rest(app, ana)
    expert.goto("/profile")
    expert.get_by_text("dormant").first.wait_for()
    expert.get_by_role("button", name="Everything is still true", exact=True).click()
    expert.get_by_role("status").first.wait_for()
    assert state_of(app, ana) is ExpertState.ACTIVE

    # The approval is renewed, withdrawn with a reason, and given anew.
    open_official(official, ANA)
    approve(official, in_days(800))
    withdraw_all(official)
    assert state_of(app, ana) is ExpertState.EXPIRED
    expert.goto("/profile")
    expert.get_by_text("Not ranked until it approves again").first.wait_for()
    approve(official, in_days(900))
    assert state_of(app, ana) is ExpertState.ACTIVE
    assert phones.wide_pages(official) == phones.wide_pages(expert) == []
    assert is_sound(app)


def test_whoever_is_refused_reads_why_and_how_to_ask_again(
    app: Flask, sides: Sides, open_as: Callable[[Account], Any]
) -> None:
    with writing(app) as session:
        made = factories.expert(session, state=ExpertState.SCREENING)
        number, person = made.id, made.account
    assert person
    coordinator, expert = sides.coordinator, open_as(person)
    open_profile(coordinator, number)
    coordinator.locator("summary").filter(has_text="Do not take on").click()
    steps.choose_kind(coordinator, "language")
    coordinator.get_by_label("In your own words").fill("English is needed first.")
    coordinator.get_by_role("button", name="Do not take on").click()
    steps.said(coordinator, "is not taken onto the roster")
    expert.goto("/profile")
    told = expert.locator("main").inner_text()
    assert "English is needed first." in told
    expert.get_by_role("link", name="Ask to be looked at again").click()
    expert.get_by_label("What has changed since").fill("I have passed the examination.")
    expert.get_by_role("button", name="Ask to be looked at again").click()
    steps.said(expert, "has been asked to look at your profile again")
    assert state_of(app, number) is ExpertState.SCREENING
    open_profile(coordinator, number)
    assert "I have passed the examination." in coordinator.locator("main").inner_text()
    press(coordinator, "Activate", "is active on the roster")
    expert.goto("/profile")
    expert.get_by_text("The profile is ranked for new requests.").wait_for()
    assert is_sound(app)
