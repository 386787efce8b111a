"""The rules over many experts at once must say what they say of each one."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import CEFR_LEVELS, Expert, Period, Request, check
from matcher.eligibility.vectorized import ConstraintTable

LANGUAGES = ("fr", "sr", "hr", "bs", "cnr", "en")
CODES = ("SRB", "MDA", "KGZ", "ALB")
days = st.integers(0, 20).map(lambda n: datetime.date(2026, 1, 1) + datetime.timedelta(n))
periods = st.tuples(days, days).map(lambda pair: Period(min(pair), max(pair)))
levels = st.dictionaries(st.sampled_from(LANGUAGES), st.sampled_from(CEFR_LEVELS), max_size=3)
codes = st.lists(st.sampled_from(CODES), max_size=2, unique=True).map(tuple)
few_periods = st.lists(periods, max_size=2).map(tuple)
experts = st.builds(
    Expert,
    id=st.just("e"),
    languages=st.none() | levels,
    jurisdiction=st.none() | st.sampled_from(CODES),
    unavailable=few_periods,
    booked=few_periods,
    max_days=st.none() | st.integers(0, 12),
    excluded_jurisdictions=codes,
    announced_jurisdictions=codes,
    approved_until=st.none() | days,
    notice_days=st.none() | st.integers(0, 12),
    most_missions=st.none() | st.integers(1, 2),
)


@st.composite
def requests(draw):
    start, end = sorted([draw(days), draw(days)])
    return Request(
        "r",
        jurisdiction=draw(st.none() | st.sampled_from(CODES)),
        required_languages=draw(st.none() | levels),
        one_language_of=draw(st.none() | levels),
        excluded_jurisdictions=draw(codes),
        start=draw(st.none() | st.just(start)),
        end=draw(st.none() | st.just(end)),
        days_needed=draw(st.none() | st.integers(1, 12)),
        asked_on=draw(st.none() | days),
    )


@pytest.mark.thorough
@settings(deadline=None, max_examples=300)
@given(st.lists(experts, max_size=8), requests())
def test_the_screen_agrees_with_the_rules(roster, request):
    eligible = ConstraintTable.of(roster).eligible(request).tolist()
    assert eligible == [not check(expert, request).reasons for expert in roster]


def test_every_level_is_enough_for_itself_and_those_below_and_none_for_nothing():
    roster = [
        *(Expert(level, languages={"fr": level}) for level in CEFR_LEVELS),
        Expert("none", languages={"en": "C2"}),
        Expert("unknown"),
    ]
    constraint_table = ConstraintTable.of(roster)
    for place, needed in enumerate(CEFR_LEVELS):
        eligible = constraint_table.eligible(Request("r", required_languages={"fr": needed}))
        enough = [expert.id for expert, fits in zip(roster, eligible, strict=True) if fits]
        assert enough == [*CEFR_LEVELS[place:], "unknown"]


def test_of_a_window_only_the_days_that_are_needed_count_against_the_longest_assignment():
    start = datetime.date(2027, 5, 1)
    window = Request("r", start=start, end=datetime.date(2027, 5, 31), days_needed=5)
    roster = [Expert("4", max_days=4), Expert("5", max_days=5), Expert("unknown")]
    for request in (window, Request("r", days_needed=5)):
        assert ConstraintTable.of(roster).eligible(request).tolist() == [False, True, True]


def test_no_days_at_all_are_a_limit_too():
    """Records read from a file cannot say so; experts made by a program can."""
    request = Request("r", start=datetime.date(2027, 1, 1), end=datetime.date(2027, 1, 1))
    roster = [Expert("never", max_days=0), Expert("once", max_days=1), Expert("unknown")]
    assert ConstraintTable.of(roster).eligible(request).tolist() == [False, True, True]
    assert check(roster[0], request).codes == ("max_days",)


def test_who_lacks_the_required_language_is_out_though_one_of_several_is_spoken():
    roster = [
        Expert("both", languages={"fr": "C1", "en": "C1"}),
        Expert("one of several", languages={"en": "C1"}),
        Expert("required", languages={"fr": "C1"}),
    ]
    request = Request("r", required_languages={"fr": "B2"}, one_language_of={"en": "B2"})
    assert ConstraintTable.of(roster).eligible(request).tolist() == [True, False, False]
