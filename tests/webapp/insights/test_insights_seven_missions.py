"""The report of January 2016 to June 2017: seven missions, seventeen experts, counted by hand."""

import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from pypdf import PdfReader

from tests import html
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.webapp.demo_history.histories import played
from tests.webapp.insights.seven_missions import stories, world
from webapp.core import invariants
from webapp.core.roles import Role

PERIOD = "first=2016-01-01&last=2017-06-30"
# By hand, from the list of the missions.
BY_HAND = {
    "Requests sent in": 11,
    "Answered with experts": 7,
    "Closed without an expert": 2,
    "Declined by SEESAC": 1,
    "Withdrawn by the requester": 1,
    "Still open": 0,
    "Missions that began": 7,
    "Experts sent": 17,
    "Different people among them": 14,
    "Of those sent, women": 9,
    "Of those sent, men": 8,
    # 2 + 7 × 12 + 2 × 3 + 2 × 5 + 2 × 4 + 10 + 4 + 2
    "Days on missions": 126,
    # Their reports came by letter.
    "Women who took part, as requesters report": 0,
    "Men who took part, as requesters report": 0,
    "Missions whose experts report other numbers than the requester, whose are counted": 0,
    "Experts whose mission ended early": 1,
    "Experts selected who did not go": 2,
}
HOMES = {
    "Bosnia and Herzegovina": 7, "Serbia": 3, "Montenegro": 2, "North Macedonia": 2, "Croatia": 2,
    "Albania": 1,
}  # fmt: skip
HIDDEN = "not told"
HOSTS = {"Georgia": (2, 9), "Kyrgyzstan": (3, 4), "Ukraine": (2, 4)}


def _figures(page: Page) -> dict[str, int]:
    found = page.tree.findall(".//dl[@class='figures']/div")
    return {html.text_of(one.find("dt")): int(html.text_of(one.find("dd"))) for one in found}


def _cells(page: Page, name: str) -> dict[str, tuple[str, ...]]:
    rows = page.tree.findall(f".//figure[@id='{name}']//tbody/tr")
    return {
        html.text_of(row.find("th")): tuple(html.text_of(cell) for cell in row.findall("td"))
        for row in rows
    }


def _table(page: Page, name: str) -> dict[str, tuple[int, ...]]:
    return {of: tuple(map(int, cells)) for of, cells in _cells(page, name).items()}


@pytest.mark.thorough
def test_the_report_has_the_numbers_that_were_counted_by_hand(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        played(session, world(), stories())
    with reading(app) as session:
        assert invariants.run(session) == []
    coordinator = sign_in_as(Role.COORDINATOR)
    page = coordinator.get(f"/insights?{PERIOD}")
    assert _figures(page) == BY_HAND
    assert _table(page, "homes") == {home: (count,) for home, count in HOMES.items()}
    assert _table(page, "hosts") == HOSTS
    assert _table(page, "about") == {
        "Gender in the armed forces and gender trainers": (1, 7),
        "Illicit firearms trafficking and investigation": (4, 8),
        "Gender equality in the police": (2, 2),
    }
    # Two experts and an authority said no, which is too few to be told.
    assert _cells(page, "refusals") == {
        "The dates do not fit": (HIDDEN, "0", "0"),
        "Needed in their own service": ("0", HIDDEN, "0"),
    }
    assert page.text.count("R-00") == 7
    assert "After the period" not in page.text
    _files_say_the_same_but_for_few(coordinator)
    # With the one after the period; four of the fourteen went twice.
    assert _landing(coordinator) == {
        "Missions since 2016": 8, "Experts sent": 14, "Jurisdictions that were helped": 3,
    }  # fmt: skip


def _files_say_the_same_but_for_few(coordinator: Pages) -> None:
    table = coordinator.client.get(f"/insights/report.xlsx?{PERIOD}")
    with zipfile.ZipFile(io.BytesIO(table.data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<t xml:space="preserve">experts sent</t></is></c><c><v>17</v></c>' in sheet
    document = coordinator.client.get(f"/insights/report.pdf?{PERIOD}")
    text = "\n".join(part.extract_text() for part in PdfReader(io.BytesIO(document.data)).pages)
    assert document.headers["Content-Disposition"].endswith('2016-01-01-2017-06-30-report.pdf"')
    # One and two are too few to be told outside the house.
    few = ("Experts whose mission ended early", "Experts selected who did not go")
    told = BY_HAND | dict.fromkeys(few, HIDDEN)
    for label, number in told.items():
        assert f"{label}\n{number}" in text or f"{label} {number}" in text


def _landing(coordinator: Pages) -> dict[str, int]:
    """Return what strangers read of missions so far."""
    page = coordinator.check("/", coordinator.app.test_client().get("/"))
    return _figures(page)
