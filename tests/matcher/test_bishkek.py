"""The case that the platform was made for, on the demo's roster: a conference in Bishkek."""

import pytest

from matcher import ExpertIndex, Request
from matcher.experiments.tuning.collection import read_collection

CHAIR, TREASURER, OF_EVERYTHING, OF_COURSES = "A-E052", "A-E028", "A-E010", "A-E021"
MISSION = "Pomoć kolegicama u osnivanju udruženja"
IN_THE_WORDS_OF_THE_REPORT = (
    "United Nations regional conference on ending violence against women and girls",
    "A United Nations regional conference in Bishkek, 5-6 November, on ending violence against"
    " women and girls asks for police experience: what women police networks change inside an"
    " institution.",
)
AS_A_FOCAL_POINT_WRITES = (
    "Police experience for a regional conference in Bishkek",
    "We host a regional conference on ending violence against women and girls. Needed is the chair"
    " of a women's network of a ministry, at work on gender mainstreaming in the police, to speak"
    " on what women police networks change inside an institution.",
)
IN_ONE_LINE = ("Speaker on women police networks", "What they change inside an institution.")


@pytest.fixture(scope="module")
def index() -> ExpertIndex:
    """Return the demo's roster."""
    return ExpertIndex(read_collection().experts)


@pytest.mark.parametrize(
    ("title", "description"),
    [IN_THE_WORDS_OF_THE_REPORT, AS_A_FOCAL_POINT_WRITES, IN_ONE_LINE],
    ids=["as reported", "as written", "in one line"],
)
def test_the_chair_with_a_mission_there_stands_first_and_the_mission_is_named(
    index: ExpertIndex, title: str, description: str
) -> None:
    asked = Request("r", title, description, themes=("GEN-POL-ASSOC",), jurisdiction="KGZ")
    ranked = [match.expert_id for match in index.rank(asked, 0).ranked]
    assert ranked[:2] == [CHAIR, TREASURER]
    assert not {OF_EVERYTHING, OF_COURSES} & set(ranked[:4])
    there = [entry.title for entry in index.explain(asked, CHAIR).entries if entry.there]
    assert there == [MISSION]
