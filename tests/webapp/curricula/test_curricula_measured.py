"""How much of made curricula is read right stays what docs/measurements.md says."""

from collections import Counter

import pytest

from tests.webapp.curricula.made_files import LAYOUTS, STYLES, Layout, all_files
from tests.webapp.curricula.made_people import PEOPLE
from tests.webapp.curricula.measuring import KINDS, compare, printer, rates
from tests.webapp.curricula.ugly_files import UGLY, ugly_files
from tests.webapp.curricula.word_files import WORD
from webapp.curricula.dates import find_periods, with_whole_years
from webapp.curricula.lines import prepared
from webapp.curricula.pieces import read

# Of these a browser is needed.
PRINTED = {"europass", "dates_at_the_right", "forty_pages"}
OFFICE = [layout for layout in LAYOUTS if "pdf" not in layout.__name__]


@pytest.mark.parametrize(
    ("layout", "least"), [(one, 0.9) for one in OFFICE] + [(one, 0.85) for one in WORD]
)
def test_every_language_is_read_in_office_files_and_plain_texts(
    layout: Layout, least: float
) -> None:
    whole: Counter[str] = Counter()
    for number, person in enumerate(PEOPLE):
        style = STYLES[number % len(STYLES)]
        whole += compare(person, style, *layout(person, style, lambda _html: b""))
    for kind in KINDS:
        assert min(rates(whole, kind)) >= least, (kind, whole)


@pytest.mark.browser
@pytest.mark.long
def test_all_layouts_are_read_as_well_as_is_told() -> None:
    whole: Counter[str] = Counter()
    with printer() as print_:
        files = list(all_files(print_))
    for person, style, name, data in files:
        whole += compare(person, style, name, data)
    assert len(files) >= 30
    for kind in KINDS:
        assert min(rates(whole, kind)) >= 0.95, (kind, whole)


@pytest.mark.parametrize("layout", [one for one in UGLY if one.__name__ not in PRINTED])
def test_what_is_laid_out_badly_is_read_as_well_as_is_told(layout: Layout) -> None:
    for person in PEOPLE:
        if person.language in UGLY[layout]:
            counted = compare(person, "numbers", *layout(person, "numbers", lambda _html: b""))
            assert {min(rates(counted, kind)) for kind in KINDS} == {1.0}, counted


@pytest.mark.browser
@pytest.mark.long
def test_what_is_printed_badly_is_read_as_well_as_is_told() -> None:
    with printer() as print_:
        whole = sum((compare(*one) for one in ugly_files(print_)), Counter())
    for kind in KINDS:
        assert min(rates(whole, kind)) >= 0.95, (kind, whole)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("09/14 - 12/16", "09/2014 - 12/2016"),
        ("3/98–present", "3/1998–present"),
        ("09/14 – данас", "09/2014 – данас"),
        # Days, and parts of numbers, are no years.
        ("2 places on 09/14 - half of them", "2 places on 09/14 - half of them"),
        ("09/14", "09/14"),
        ("11/09/14 - 12/16", "11/09/14 - 12/16"),
        ("15/14 - 12/16", "15/14 - 12/16"),
    ],
)
def test_years_of_two_digits_are_written_out_in_periods_alone(written: str, read_as: str) -> None:
    assert with_whole_years(written) == read_as


def test_numbers_of_pages_and_running_heads_are_no_lines_of_a_career() -> None:
    text = "Ana Primer\nExperience\nPage 1 of 2\nAna Primer\n2015\nStrana 2 od 2\nAna Primer\n7/9"
    assert prepared(text) == ["Ana Primer", "Experience", "2015"]
    # One alone may be anything.
    assert prepared("Ana Primer\n7/9\n2015") == ["Ana Primer", "7/9", "2015"]


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("2015 – 2018", "2015-01", "2018-12"),
        ("03/2015 - 06/2018", "2015-03", "2018-06"),
        ("3.2015–6.2018.", "2015-03", "2018-06"),
        ("01.03.2015. – 30.06.2018.", "2015-03", "2018-06"),
        ("2015-03 to 2018-06", "2015-03", "2018-06"),
        ("March 2015 to present", "2015-03", ""),
        ("od marta 2015. do juna 2018. godine", "2015-03", "2018-06"),
        ("septembra 2015 – oktobra 2016", "2015-09", "2016-10"),
        ("Major 2015 – 2018", "2015-01", "2018-12"),
        ("mart 2015. do danas", "2015-03", ""),
        ("од 2015. до 2018. године", "2015-01", "2018-12"),
        ("з березень 2015 по листопад 2018", "2015-03", "2018-11"),
        ("с 2015 г. по настоящее время", "2015-01", ""),
        ("din 2015", "2015-01", ""),
        ("depuis 2015", "2015-01", ""),
        ("since March 2015", "2015-03", ""),
        ("qershor 2015 – në vazhdim", "2015-06", ""),
        ("2015 -", "2015-01", ""),
        ("listopad 2015 – prosinac 2016", "2015-10", "2016-12"),
        ("(2012)", "2012-01", "2012-12"),
        ("tel. 033 201 599", None, None),
        ("STANAG 2116", None, None),
    ],
)
def test_periods_are_read_as_people_write_them(
    line: str, start: str | None, end: str | None
) -> None:
    found = find_periods(line)
    if start is None:
        assert not found
        return
    (period,) = found
    assert f"{period.start:%Y-%m}" == start
    assert (f"{period.end:%Y-%m}" if period.end else "") == end


def test_words_parted_at_line_ends_are_joined_and_others_stay() -> None:
    text = "crimi-\nnal, офи-\nцир, POLI-\nCIA, 2015-\n2018, Bosnia-\nHerzegovina, \ufb01rearms"
    lines = prepared(text)
    assert lines[0].startswith("criminal, официр, POLICIA")
    assert "firearms" in lines[-1]
    assert "Bosnia-" in " ".join(lines)


@pytest.mark.parametrize("text", ["", "\n" * 500, "a", "2015", "\x00", "Experience\n" * 50])
def test_what_is_no_curriculum_gives_no_pieces(text: str) -> None:
    found = read(text)
    assert not found.evidence
    assert not found.languages


def test_reading_takes_time_in_proportion_to_the_text() -> None:
    long = "Experience\n" + "2010 - 2012 Head of a unit that does much, and more\n" * 3500
    assert len(long) < 200_000
    assert len(read(long).evidence) == 40
