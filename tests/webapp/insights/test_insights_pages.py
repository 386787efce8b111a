"""The pages of the statistics: a chart and its table say the same, and so does the file."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from tests import html
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.webapp.demo_history.histories import written
from webapp.core.files.spreadsheets import as_csv
from webapp.core.roles import Role
from webapp.experts.models import Gender
from webapp.home.views import COUNTED_ANEW
from webapp.insights import flow, rules, statistics
from webapp.insights.kinds import Asked, Chart, Line, Part, Statistic
from webapp.insights.queries import steps
from webapp.insights.queries.steps import Steps
from webapp.insights.report import rows_of_statistic
from webapp.matches.models import Match

SVG = "{http://www.w3.org/2000/svg}"
YEARS = "first=2015-01-01"


@pytest.fixture
def coordinator(app: Flask, sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator of a platform with a past of some hundred requests."""
    with writing(app) as session:
        written(session, 200)
    return sign_in_as(Role.COORDINATOR)


def _statistics(page: Page) -> Iterator[Element]:
    yield from page.tree.iterfind(".//figure")


def _numbers(element: Element, where: str) -> list[str]:
    return [html.text_of(one) for one in element.iterfind(where)]


def test_each_chart_has_a_title_a_description_a_table_and_a_file(coordinator: Pages) -> None:
    names = []
    for part in Part:
        page = coordinator.get(f"/insights/{part.value}?{YEARS}")
        for figure in _statistics(page):
            name = figure.get("id", "")
            names.append(name)
            drawn = figure.find(f".//{SVG}svg[@role='img']")
            assert drawn is not None
            assert drawn.get("aria-labelledby") == f"{name}-title {name}-desc"
            assert html.text_of(drawn.find(f"{SVG}title")) == html.text_of(figure.find(".//h2"))
            assert html.text_of(drawn.find(f"{SVG}desc"))
            written_rows = _file(coordinator, f"{part.value}/{name}")
            assert written_rows[0] == _numbers(figure, ".//thead/tr/th")
            # The file tells those with many missions as one number.
            if name != "load":
                assert len(written_rows) - 1 == len(figure.findall(".//tbody/tr"))
    assert names == [
        "themes", "gaps", "gender", "load", "institutions", "waits", "ways", "places",
        "out-of-turn", "refusals", "cost-items", "cost-payers",
    ]  # fmt: skip


def test_each_table_of_the_report_has_a_file(coordinator: Pages) -> None:
    page = coordinator.get(f"/insights?{YEARS}")
    assert "small numbers of experts" in page.text
    names = [figure.get("id", "") for figure in _statistics(page)]
    assert names == ["homes", "hosts", "about", "institutions", "refusals"]
    for figure, name in zip(_statistics(page), names, strict=True):
        assert f"These numbers as a CSV file: {html.text_of(figure.find('.//h2'))}" in page.links
        assert _file(coordinator, f"report/{name}")[0] == _numbers(figure, ".//thead/tr/th")
    coordinator.get("/insights/report/waits.csv", status=404)


def _file(coordinator: Pages, of: str) -> list[list[str]]:
    answer = coordinator.client.get(f"/insights/{of}.csv?{YEARS}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="2015-01-01-')
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_period_and_what_narrows_it_stand_in_the_address(coordinator: Pages) -> None:
    page = coordinator.get(f"/insights/themes?{YEARS}&last=2015-12-31&theme=SALW-TRF")
    assert "1 January – 31 December 2015" in page.text
    kept = [link for link in page.tree.iter("a") if "theme=SALW-TRF" in link.get("href", "")]
    assert len(kept) >= len(Part)
    assert "There is nothing to count in this period." in page.text
    (themes,) = (one for one in _statistics(page) if one.get("id") == "themes")
    assert len(themes.findall(".//tbody/tr")) == 1, "of the roster only this theme"


@pytest.mark.thorough
@pytest.mark.parametrize(
    "asked", ["first=2026-05-01&last=2026-04-01", "first=yesterday", "theme=NONE", "last=99999"]
)
def test_a_period_that_is_none_is_refused_in_words(coordinator: Pages, asked: str) -> None:
    page = coordinator.get(f"/insights/people?{asked}", status=400)
    assert "Please look at this again" in page.text


def test_a_chart_that_is_none_is_not_found(coordinator: Pages) -> None:
    coordinator.get("/insights/people/waits.csv", status=404)


def test_an_empty_platform_has_pages(sign_in_as: Callable[..., Pages]) -> None:
    coordinator = sign_in_as(Role.COORDINATOR)
    for address in ("", *(f"/{part.value}" for part in Part)):
        coordinator.get(f"/insights{address}")
    assert coordinator.client.get("/insights/report.xlsx").status_code == 200


def test_no_page_names_an_expert(coordinator: Pages, app: Flask) -> None:
    with writing(app) as session:
        assert session.query(Match).count() > 100
    for address in ("", *(f"/{part.value}" for part in Part)):
        assert "Fictional Person" not in coordinator.get(f"/insights{address}?{YEARS}").text


def test_strangers_read_of_missions_once_they_are_enough(
    app: Flask, clock: Any, visitor: Callable[..., Pages]
) -> None:
    assert "Missions so far" not in visitor().get("/").text
    with writing(app) as session:
        written(session, 100)
    clock.shift(COUNTED_ANEW)
    assert "Missions so far" in visitor().get("/").text


def test_a_number_that_could_name_somebody_is_left_out() -> None:
    assert [rules.tellable(n) for n in (0, 1, 4, 5)] == [0, None, None, 5]
    # Of two parts of a whole one tells the other.
    assert rules.tellable_parts((12, 3, 0)) == (None, None, None)
    assert rules.tellable_parts((12, 5, 0)) == (12, 5, 0)


def test_the_busiest_tenth_are_the_busiest_and_no_fewer_than_one() -> None:
    assert rules.share_of_busiest_tenth({0: 18, 3: 1, 1: 1}) == 100
    assert rules.share_of_busiest_tenth({0: 10, 1: 8, 2: 1, 4: 1}) == 43
    assert rules.share_of_busiest_tenth({1: 3}) == 33
    assert rules.share_of_busiest_tenth({0: 7}) is None


def _ways(*lines: tuple[str, tuple[int, ...]], columns: tuple[str, ...]) -> Statistic:
    told: Any = [Line(label, values) for label, values in lines]
    return Statistic("ways", "t", "s", "of", columns, tuple(told), Chart.FLOW)  # type: ignore[arg-type]


def test_bands_leave_and_arrive_as_thick_as_their_numbers() -> None:
    drawn = flow.draw(_ways(("A", (3, 1)), ("B", (0, 1)), columns=("X", "Y")))
    assert [side.count for side in drawn.homes] == [4, 1]
    assert [side.count for side in drawn.hosts] == [3, 2]
    assert [band.number for band in drawn.bands] == [0, 0, 1]
    assert drawn.homes[0].height == pytest.approx(flow.TALL * 4 / 5)
    assert drawn.homes[1].top > drawn.homes[0].top + drawn.homes[0].height


def test_no_cell_of_a_file_is_a_formula() -> None:
    found = _ways(("=1+1", (2,)), columns=("@x",))
    assert b"'=1+1" in as_csv(rows_of_statistic(found))
    assert b"'@x" in as_csv(rows_of_statistic(found))


def test_women_and_men_at_a_step_cannot_be_reckoned_from_its_sum(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sum of those sent stands in the report: seventeen less fourteen would be three."""
    found = {
        Gender.FEMALE: Steps(20, 9, 8, 6, 3), Gender.MALE: Steps(30, 5, 7, 0, 14),
    }  # fmt: skip
    monkeypatch.setattr(steps, "count_by_gender", lambda *_: found)
    monkeypatch.setattr(steps, "count_by_missions", lambda *_: {})
    with reading(app) as session:
        asked = Asked(date(2030, 1, 1), date(2030, 12, 31))
        gender = next(iter(statistics.list_statistics(session, Part.PEOPLE, asked)))
    assert [line.values for line in gender.lines] == [
        (20, 30), (9, 5), (8, 7), (6, 0), (None, None),
    ]  # fmt: skip
