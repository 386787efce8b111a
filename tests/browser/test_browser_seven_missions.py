"""The seven missions of January 2016 to June 2017, each in the browsers of those who act.

What their report says afterwards, on its page and in its files, was counted by hand from
`tests/browser/seven_missions.py` and stands below in figures.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import conftest
from tests.browser import mission_steps, moved_clock, reading, seven_missions, steps
from tests.browser.desks import Desks
from tests.browser.seven_missions import (
    AMILA,
    ASKED_IN_VAIN,
    BRANKO,
    CANCELLED,
    CURTAILED,
    DECLINED,
    ILIR,
    INSTRUCTORS,
    JUSUF,
    KOSTA,
    LANA,
    MARIN,
    NIKOLA,
    REFUSED,
    SINGLE,
    TEAM,
    UNFILLED,
    Mission,
    Official,
)  # fmt: skip
from tests.databases import is_sound
from webapp.accounts.models import Account

FIRST, LAST = "2016-01-01", "2017-06-30"
PERIOD = f"first={FIRST}&last={LAST}"
# By hand: seven requests, of which five sent somebody.
FIGURES = {
    "Requests sent in": 7,
    "Answered with experts": 5,
    "Closed without an expert": 1,
    "Declined by SEESAC": 0,
    "Withdrawn by the requester": 1,
    "Still open": 0,
    "Missions that began": 5,
    # 1 + 7 + 1 + 1 + 1; Amila went twice.
    "Experts sent": 11,
    "Different people among them": 10,
    # Amila twice, Danica, Filipa, Hana, Lana; Branko, Emil, Goran, Jusuf, Nikola.
    "Of those sent, women": 6,
    "Of those sent, men": 5,
    # 2 + 7 × 12 + 3 + 5 + 4
    "Days on missions": 98,
    # Of five missions each; those of the team are told of once.
    "Women who took part, as requesters report": 35,
    "Men who took part, as requesters report": 45,
    "Missions whose experts report other numbers than the requester, whose are counted": 0,
    "Experts whose mission ended early": 1,
    "Experts selected who did not go": 1,
}
HIDDEN = "not told"
TABLES = {
    "homes": {
        "Bosnia and Herzegovina": ["3"], "North Macedonia": ["2"], "Montenegro": ["2"],
        "Serbia": ["2"], "Albania": ["1"], "Croatia": ["1"],
    },
    # Missions, and experts sent on them.
    "hosts": {"Kyrgyzstan": ["2", "2"], "Ukraine": ["2", "2"], "Georgia": ["1", "7"]},
    "about": {
        "Gender in the armed forces and gender trainers": ["1", "7"],
        "Gender equality in the police": ["1", "1"],
        "Physical security and stockpile management": ["1", "1"],
        "Marking, tracing and registration of weapons": ["1", "1"],
        "Illicit firearms trafficking and investigation": ["1", "1"],
    },
    # Of experts: one and then four; of an authority: one; of requesters: none.
    "refusals": {
        "The dates do not fit": ["5", "0", "0"], "Needed in their own service": ["0", HIDDEN, "0"],
    },
}  # fmt: skip
# Files leave the house, so they tell no small number of people. The sum of all who were sent is
# told, so of where they came from nothing is.
FIGURES_OF_FILES = FIGURES | {
    "Experts whose mission ended early": HIDDEN,
    "Experts selected who did not go": HIDDEN,
}
TABLES_OF_FILES = TABLES | {"homes": {home: [HIDDEN] for home in TABLES["homes"]}}
pytestmark = [pytest.mark.browser, pytest.mark.both_databases, pytest.mark.long]


@pytest.fixture
def live_url(instance: Path, database_url: str) -> Iterator[str]:
    """Start the platform on the day on which everybody has joined."""
    moved_clock.move_to(instance, seven_missions.JOINED)
    with conftest.serving(instance, database_url, entry="tests.browser.moved_clock:app") as url:
        yield url


@pytest.fixture
def desks(app: Flask, open_as: Callable[[Account], Any], instance: Path) -> Desks:
    """Let everybody join, each with a browser of their own."""
    return Desks(app, open_as, instance)


def test_seven_missions_come_to_the_numbers_that_were_counted_by_hand(
    app: Flask, desks: Desks
) -> None:
    single(desks)
    team(desks)
    declined(desks)
    refused(desks)
    cancelled(desks)
    curtailed(desks)
    unfilled(desks)
    desks.move_to(date(2017, 6, 30))

    page_says_what_was_counted(desks.office)
    table_says_what_was_counted(desks.office)
    document_says_what_was_counted(desks.office)
    assert is_sound(app)


def page_says_what_was_counted(page: Any) -> None:
    """Look at the report of the period as SEESAC finds it."""
    steps.open_menu(page, "Insights")
    page.locator("input#first").fill(FIRST)
    page.locator("input#last").fill(LAST)
    page.get_by_role("button", name="Count").click()
    page.wait_for_url(f"**first={FIRST}**")
    assert reading.figures(page) == FIGURES
    for name, lines in TABLES.items():
        assert reading.table(page, name) == lines


def table_says_what_was_counted(page: Any) -> None:
    """Look at the table that is downloaded."""
    lines = reading.lines_of_xlsx(page, f"/insights/report.xlsx?{PERIOD}")
    for label, number in FIGURES_OF_FILES.items():
        assert [label[0].lower() + label[1:], str(number)] in lines
    for of, numbers in each_line():
        assert [of, *numbers] in lines


def document_says_what_was_counted(page: Any) -> None:
    """Look at the document that is downloaded."""
    text = reading.text_of_pdf(page, f"/insights/report.pdf?{PERIOD}")
    for label, number in FIGURES_OF_FILES.items():
        assert f"{label} {number}" in text
    for of, numbers in each_line():
        assert " ".join([of, *numbers]) in text


def each_line() -> Iterator[tuple[str, list[str]]]:
    """Return the lines of all tables as files have them."""
    for lines in TABLES_OF_FILES.values():
        yield from lines.items()


def ask(desks: Desks, mission: Mission, day: date) -> None:
    """Let a request be sent and accepted on a day."""
    desks.move_to(day)
    mission_steps.send(desks.requester(mission), mission.subject.title)
    mission_steps.accept(desks.office, mission.subject.title)


def get_released(desks: Desks, mission: Mission, one: Official) -> None:
    """Let SEESAC ask for the release of an official, whose ministry gives it."""
    mission_steps.ask_for_release(desks.office, mission.subject.title, one.name)
    mission_steps.release(desks.ministry(one), one.name, desks.day.isoformat())


def choose(desks: Desks, mission: Mission, *chosen: Official) -> None:
    """Let those who said yes be approved, proposed and selected."""
    for one in chosen:
        mission_steps.approve(desks.office, mission.subject.title, one.name)
    steps.propose(desks.office)
    steps.see_proposal(desks.requester(mission), mission.subject.title)
    for one in chosen:
        steps.select(desks.requester(mission), one.name)


def clear(desks: Desks, mission: Mission, *going: Official) -> None:
    """Let everybody see to what each needs, and SEESAC clear them to go."""
    title = mission.subject.title
    for one in going:
        for page in (desks.expert(one), desks.office):
            mission_steps.open_mission(page, title, one.name)
            mission_steps.see_to_everything(page)
        mission_steps.take(desks.office, title, one.name, "Clear for departure", "is cleared")


def depart(desks: Desks, mission: Mission, *going: Official) -> None:
    """Let experts leave on the first day of their mission."""
    desks.move_to(mission.start)
    for one in going:
        mission_steps.take(
            desks.office, mission.subject.title, one.name, "Note the departure", "is on the mission"
        )


def come_back(desks: Desks, mission: Mission, *going: Official) -> None:
    """Let experts be back on the last day of their mission."""
    desks.move_to(mission.end)
    for one in going:
        mission_steps.take(
            desks.office, mission.subject.title, one.name, "Note the return", "is back"
        )


def report(desks: Desks, mission: Mission, *returned: Official) -> None:
    """Let each who was there report, and the requester once on all of them."""
    names = [one.name for one in returned]
    for one in returned:
        mission_steps.report(desks.expert(one), mission.subject.title, one.name)
    mission_steps.report_on(desks.requester(mission), mission.subject.title, *names)


def single(desks: Desks) -> None:
    """Send one expert, who is released by a letter."""
    ask(desks, SINGLE, date(2016, 1, 18))
    mission_steps.shortlist(desks.office, AMILA.name)
    mission_steps.invite(desks.office, AMILA.name)
    steps.say_yes(desks.expert(AMILA), SINGLE.subject.title)
    get_released(desks, SINGLE, AMILA)
    choose(desks, SINGLE, AMILA)
    clear(desks, SINGLE, AMILA)
    depart(desks, SINGLE, AMILA)
    come_back(desks, SINGLE, AMILA)
    report(desks, SINGLE, AMILA)


def team(desks: Desks) -> None:
    """Send seven instructors of four jurisdictions, found and invited together."""
    title = TEAM.subject.title
    ask(desks, TEAM, date(2016, 4, 4))
    mission_steps.find_team(desks.office, [one.name for one in INSTRUCTORS], jurisdictions=4)
    mission_steps.invite_together(desks.office)
    for one in INSTRUCTORS:
        steps.say_yes(desks.expert(one), title)
    for one in (AMILA, BRANKO):
        get_released(desks, TEAM, one)
    choose(desks, TEAM, *INSTRUCTORS)
    clear(desks, TEAM, *INSTRUCTORS)
    depart(desks, TEAM, *INSTRUCTORS)
    # Three months after the conference.
    mission_steps.follow_up(desks.requester(SINGLE), SINGLE.subject.title)
    come_back(desks, TEAM, *INSTRUCTORS)
    report(desks, TEAM, *INSTRUCTORS)


def declined(desks: Desks) -> None:
    """Send another one than who was invited first, and says no."""
    title = DECLINED.subject.title
    ask(desks, DECLINED, date(2016, 7, 4))
    mission_steps.shortlist(desks.office, ILIR.name)
    mission_steps.invite(desks.office, ILIR.name)
    steps.say_no(desks.expert(ILIR), title, "dates")
    desks.move_to(date(2016, 7, 11))
    mission_steps.open_experts(desks.office, title)
    mission_steps.shortlist(desks.office, JUSUF.name)
    mission_steps.invite(desks.office, JUSUF.name)
    steps.say_yes(desks.expert(JUSUF), title)
    choose(desks, DECLINED, JUSUF)
    clear(desks, DECLINED, JUSUF)
    depart(desks, DECLINED, JUSUF)
    come_back(desks, DECLINED, JUSUF)
    report(desks, DECLINED, JUSUF)


def refused(desks: Desks) -> None:
    """Send another one than who was asked first, whose ministry does not release him."""
    title = REFUSED.subject.title
    ask(desks, REFUSED, date(2016, 9, 8))
    mission_steps.shortlist(desks.office, KOSTA.name)
    mission_steps.invite(desks.office, KOSTA.name)
    steps.say_yes(desks.expert(KOSTA), title)
    mission_steps.ask_for_release(desks.office, title, KOSTA.name)
    mission_steps.refuse_release(desks.ministry(KOSTA), KOSTA.name, "needed at home")
    mission_steps.open_experts(desks.office, title)
    mission_steps.shortlist(desks.office, LANA.name)
    mission_steps.invite(desks.office, LANA.name)
    steps.say_yes(desks.expert(LANA), title)
    choose(desks, REFUSED, LANA)
    clear(desks, REFUSED, LANA)
    depart(desks, REFUSED, LANA)
    come_back(desks, REFUSED, LANA)
    report(desks, REFUSED, LANA)
    # More than three months after the course: once for all seven.
    mission_steps.follow_up(desks.requester(TEAM), TEAM.subject.title)


def cancelled(desks: Desks) -> None:
    """Clear one to go, and send nobody: the requester needs no help any more."""
    ask(desks, CANCELLED, date(2016, 10, 10))
    mission_steps.shortlist(desks.office, MARIN.name)
    mission_steps.invite(desks.office, MARIN.name)
    steps.say_yes(desks.expert(MARIN), CANCELLED.subject.title)
    choose(desks, CANCELLED, MARIN)
    clear(desks, CANCELLED, MARIN)
    desks.move_to(date(2016, 11, 3))
    mission_steps.withdraw(desks.requester(CANCELLED), CANCELLED.subject.title, "need gone")


def curtailed(desks: Desks) -> None:
    """Send one who is called home on the fourth of ten days."""
    title = CURTAILED.subject.title
    ask(desks, CURTAILED, date(2016, 12, 5))
    mission_steps.shortlist(desks.office, NIKOLA.name)
    mission_steps.invite(desks.office, NIKOLA.name)
    steps.say_yes(desks.expert(NIKOLA), title)
    choose(desks, CURTAILED, NIKOLA)
    clear(desks, CURTAILED, NIKOLA)
    depart(desks, CURTAILED, NIKOLA)
    desks.move_to(date(2017, 2, 9))
    mission_steps.curtail(desks.office, title, NIKOLA.name, "needed at home")
    report(desks, CURTAILED, NIKOLA)


def unfilled(desks: Desks) -> None:
    """Ask four, of whom none can go."""
    ask(desks, UNFILLED, date(2017, 3, 1))
    mission_steps.shortlist(desks.office, *(one.name for one in ASKED_IN_VAIN))
    mission_steps.invite_together(desks.office)
    for one in ASKED_IN_VAIN:
        steps.say_no(desks.expert(one), UNFILLED.subject.title, "dates")
    desks.move_to(date(2017, 3, 20))
    mission_steps.close_unfilled(desks.office, UNFILLED.subject.title, "nobody free")
