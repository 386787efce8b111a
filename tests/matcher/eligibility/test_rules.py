import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import CEFR_LEVELS, Expert, Period, Request, check

DAY = datetime.date(2027, 3, 1)


def day(offset):
    return DAY + datetime.timedelta(days=offset)


def test_demo_verdicts_are_reproduced_exactly(demo_experts, demo_requests, demo_eligibility):
    found = []
    for request in demo_requests:
        verdicts = {expert.id: check(expert, request) for expert in demo_experts}
        found.append(
            {
                "id": request.id,
                "days": request.period.days,
                "ruled_out": {key: list(v.codes) for key, v in verdicts.items() if v.codes},
                "unknown": {key: list(v.unknown) for key, v in verdicts.items() if v.unknown},
            }
        )
    keys = ("id", "days", "ruled_out", "unknown")
    assert found == [{key: row[key] for key in keys} for row in demo_eligibility]


@pytest.mark.parametrize(
    ("has", "needed", "out"),
    [
        ({"fr": "B1"}, {"fr": "B1"}, False),
        ({"fr": "A2"}, {"fr": "B1"}, True),
        ({"fr": "C2"}, {"fr": "C1"}, False),
        ({}, {"fr": "A1"}, True),
        ({"hr": "C2"}, {"sr": "C1"}, False),
        ({"cnr": "B1"}, {"bs": "B2"}, True),
        ({"sr": "A1", "hr": "C2"}, {"sr": "B2"}, False),
        ({"mk": "C2"}, {"sr": "A1"}, True),
        ({"fr": "B1"}, {}, False),
        ({"fr": "B1"}, None, False),
    ],
)
def test_languages(has, needed, out):
    verdict = check(Expert("a", languages=has), Request("r", required_languages=needed))
    assert verdict.codes == (("language",) if out else ())
    assert verdict.unknown == ()


@pytest.mark.parametrize(
    ("has", "out"),
    [
        ({"ru": "B2"}, False),
        ({"en": "C2", "ru": "A1"}, False),
        ({"ru": "B1", "en": "B2"}, True),
        ({"fr": "C2"}, True),
        ({}, True),
    ],
)
def test_of_several_languages_one_can_be_enough(has, out):
    wanted = {"ru": "B2", "en": "C1"}
    verdict = check(Expert("a", languages=has), Request("r", one_language_of=wanted))
    assert [reason.to_dict() for reason in verdict.reasons] == (
        [{"code": "one_language", "detail": {"needed": wanted}}] if out else []
    )
    unknown = check(Expert("a"), Request("r", one_language_of=wanted))
    assert (unknown.codes, unknown.unknown) == ((), ("language",))


def test_each_missing_language_is_a_reason_with_its_facts():
    expert = Expert("a", languages={"fr": "A2"})
    request = Request("r", required_languages={"fr": "B1", "en": "B2"})
    verdict = check(expert, request)
    assert [dict(reason.detail) for reason in verdict.reasons] == [
        {"language": "fr", "needed": "B1", "has": "A2"},
        {"language": "en", "needed": "B2", "has": None},
    ]
    assert verdict.codes == ("language",)


@pytest.mark.parametrize("field", ["unavailable", "booked"])
@pytest.mark.parametrize(
    ("start", "end", "out"),
    [(-5, -1, False), (-5, 0, True), (2, 3, True), (4, 9, True), (5, 9, False), (-9, 9, True)],
)
def test_a_shared_day_rules_out_and_an_adjacent_one_does_not(field, start, end, out):
    expert = Expert("a", max_days=30, **{field: (Period(day(start), day(end)),)})
    verdict = check(expert, Request("r", start=day(0), end=day(4)))
    code = {"unavailable": "dates", "booked": "booked"}[field]
    assert verdict.codes == ((code,) if out else ())
    if out:
        detail = {"start": day(start).isoformat(), "end": day(end).isoformat()}
        assert dict(verdict.reasons[0].detail) == detail


@pytest.mark.parametrize(("days", "out"), [(4, True), (5, False), (6, False)])
def test_longest_assignment_counts_both_ends(days, out):
    verdict = check(Expert("a", max_days=days), Request("r", start=day(0), end=day(4)))
    assert verdict.codes == (("max_days",) if out else ())
    assert [reason.detail for reason in verdict.reasons] == [{"days": 5, "max_days": days}] * out


@pytest.mark.parametrize(("needed", "counted"), [(None, 31), (5, 5), (31, 31), (40, 31)])
def test_of_a_window_the_days_that_are_needed_count_and_no_more_than_it_has(needed, counted):
    request = Request("r", start=day(0), end=day(30), days_needed=needed)
    assert request.days == counted
    (reason,) = check(Expert("a", max_days=counted - 1), request).reasons
    assert reason.detail == {"days": counted, "max_days": counted - 1}
    assert check(Expert("a", max_days=counted), request).reasons == ()


def test_days_that_are_needed_are_counted_though_none_are_fixed():
    request = Request.from_dict({"id": "r", "days_needed": 5})
    assert check(Expert("a", max_days=4), request).codes == ("max_days",)
    assert check(Expert("a"), request).unknown == ("max_days",)


@pytest.mark.parametrize(("until", "out"), [(3, True), (4, False), (5, False)])
def test_approval_must_last_to_the_last_day(until, out):
    expert = Expert("a", max_days=9, approved_until=day(until))
    verdict = check(expert, Request("r", start=day(0), end=day(4)))
    assert verdict.codes == (("approval",) if out else ())
    detail = {"approved_until": day(until).isoformat(), "end": day(4).isoformat()}
    assert [reason.detail for reason in verdict.reasons] == [detail] * out


def test_jurisdictions_exclude_in_both_directions():
    request = Request("r", jurisdiction="MLI", excluded_jurisdictions=("SRB",))
    (reason,) = check(Expert("a", jurisdiction="SRB"), request).reasons
    assert reason.to_dict() == {
        "code": "jurisdiction",
        "detail": {"jurisdiction": "SRB", "excluded_by": "request"},
    }
    assert check(Expert("a", jurisdiction="MLI"), request).codes == ()
    cannot_go = Expert("a", jurisdiction="BIH", excluded_jurisdictions=("MLI",))
    assert dict(check(cannot_go, request).reasons[0].detail) == {
        "jurisdiction": "MLI",
        "excluded_by": "expert",
    }


def test_missing_fields_are_unknown_and_never_rule_out():
    request = Request(
        "r",
        required_languages={"en": "B2"},
        excluded_jurisdictions=("SRB",),
        start=day(0),
        end=day(1),
    )
    verdict = check(Expert("a"), request)
    assert verdict.reasons == ()
    assert verdict.unknown == ("language", "jurisdiction", "max_days")
    assert check(Expert("a"), Request("r")).unknown == ()


def test_only_a_rule_that_is_asked_for_finds_a_field_missing():
    """A jurisdiction that is not known matters to nobody who excludes none, and days to nobody who
    names none; the other rules are asked all the same."""
    excluding = Request("r", jurisdiction="MLI", excluded_jurisdictions=("SRB",))
    cannot_go = Expert("a", excluded_jurisdictions=("MLI",), unavailable=(Period(DAY, DAY),))
    verdict = check(cannot_go, excluding)
    assert (verdict.codes, verdict.unknown) == (("jurisdiction",), ("jurisdiction",))
    verdict = check(cannot_go, Request("r", jurisdiction="MLI"))
    assert (verdict.codes, verdict.unknown) == (("jurisdiction",), ())
    dated = Request("r", required_languages={"fr": "B1"}, start=DAY, end=DAY)
    verdict = check(cannot_go, dated)
    assert (verdict.codes, verdict.unknown) == (("dates",), ("language", "max_days"))


levels = st.sampled_from(CEFR_LEVELS)
languages = st.dictionaries(st.sampled_from(["en", "fr", "sr", "hr"]), levels)


@settings(deadline=None)
@given(languages, languages)
def test_a_higher_level_never_rules_out_who_was_in(has, needed):
    request = Request("r", required_languages=needed)
    if not check(Expert("a", languages=has), request).reasons:
        higher = dict.fromkeys(has, CEFR_LEVELS[-1])
        assert not check(Expert("a", languages=higher), request).reasons


@pytest.mark.parametrize(("notice", "out"), [(9, False), (10, False), (11, True), (0, False)])
def test_notice_is_given_up_to_the_last_day(notice, out):
    request = Request("r", start=day(10), end=day(12), asked_on=DAY)
    reasons = check(Expert("a", notice_days=notice), request).reasons
    facts = [{"notice": notice, "days": 10, "start": day(10).isoformat()}] if out else []
    assert [reason.detail for reason in reasons] == facts
    assert [reason.code for reason in reasons] == (["notice"] if out else [])


@pytest.mark.parametrize(("year", "booked"), [(2027, 2), (2028, 1)])
def test_a_year_is_full_with_its_own_missions(year, booked):
    starts = (datetime.date(2027, 1, 4), datetime.date(2027, 6, 1), datetime.date(2028, 1, 3))
    expert = Expert(
        "a", booked=tuple(Period(start, start) for start in starts), most_missions=booked
    )
    start = datetime.date(year, 9, 1)
    (reason,) = check(expert, Request("r", start=start, end=start)).reasons
    assert reason.code == "missions"
    assert reason.detail == {"most": booked, "booked": booked, "year": year}
    before = start.replace(year=2026)
    assert check(expert, Request("r", start=before, end=before)).reasons == ()
