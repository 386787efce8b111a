"""What pasting a request inside terms of reference costs the ranking, on one small collection."""

from dataclasses import replace

import pytest

from matcher import Request
from matcher.experiments.tuning.collection import read_collection
from matcher.experiments.tuning.templates import SETS, disturbances, losses, read_parts
from matcher.language import LANGUAGES

# Measured: .050, .045 and .086 for the dearest way; a whole template cost up to .42 before.
AT_MOST = 0.1


@pytest.fixture(scope="module")
def few():
    demo = read_collection()
    asked = dict(list(demo.judgments.items())[:10])
    return replace(demo, judgments=asked)


@pytest.mark.parametrize("name", SETS)
def test_every_set_has_all_languages_but_the_last_which_have_those_of_such_papers(name):
    few = {
        "ninth": {"en", "fr", "ru", "ro", "bcms"},
        "tenth": {"en", "fr", "uk", "sq", "bcms"},
        "eleventh": {"en", "ro"},
        "twelfth": {"en", "ru"},
        "thirteenth": {"en", "fr", "sq", "bcms"},
        "fourteenth": {"en", "ru", "ro", "bcms"},
    }
    assert {part.language for part in read_parts(name)} == few.get(name, set(LANGUAGES))


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["second", "third", "fourth", "eighth"])
def test_a_whole_template_costs_little(few, name):
    ways = {way: paste for way, paste in disturbances(name).items() if way.startswith("whole")}
    found = losses([few], ways)
    assert found.plain.mean() > 0.8
    assert max(values.mean() for values in found.by_way.values()) <= AT_MOST
    assert set(found.by_language()) <= set(LANGUAGES)


def test_a_way_of_pasting_keeps_the_request_and_adds_the_part():
    paste = disturbances("fifth")["payment, under a heading"]
    pasted = paste(Request("r", title="Marking", description="We need help with marking."))
    assert pasted.description.startswith("We need help with marking.\n\nWhat we cover\n")
