"""Whether a ranking says that nobody fits, where the best shares hardly a word with a long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher import Expert, ExpertIndex, Request
from matcher.ranking import Fit
from matcher.records import read_records

ROSTERS = Path(__file__).resolve().parents[2] / "data" / "explanations"
# "Salle d'audition pour enfants", of which the best has the word for a recording, and no other.
TOLD_WRONGLY = {"second": 1}
MUSEUM = "Old roofs leak, and a mason who knows frescoes ought to come to the museum"


def fit(request, *others):
    """How well the best of a roster fits in which one has led a museum and sung in a choir."""
    curator = Expert("curator", summary="Keeper of a museum. Sings in a choir.")
    clerks = [Expert(f"clerk-{n}", summary=f"Files papers in archive {n}.") for n in range(20)]
    return ExpertIndex([curator, *clerks, *others]).rank(request, 3).fit


def test_one_word_of_a_long_request_from_another_field_is_nobodys_fit():
    assert fit(Request("r", title="Museum")) is Fit.GOOD
    assert fit(Request("r", title="Roofs", description=MUSEUM)) is Fit.NOBODY


def test_two_words_of_it_are_a_step_less_and_three_are_what_they_score():
    two = Request("r", title="Choir", description=MUSEUM)
    assert fit(two) is Fit.UNSURE
    roofer = Expert("roofer", summary="Mends leaking roofs of a museum and its choir.")
    assert fit(two, roofer) is Fit.GOOD


def test_one_subject_of_the_field_in_a_long_request_is_what_it_scores():
    marking = Expert("marking", summary="Marking of weapons with a laser.")
    request = Request("r", title="Marking of weapons", description=MUSEUM.replace("museum", "sea"))
    assert fit(request, marking) is Fit.GOOD


def test_a_word_or_two_of_a_short_request_from_another_field_are_nobodys_fit():
    assert fit(Request("r", title="Frescoes of a museum, lamps")) is Fit.NOBODY
    assert fit(Request("r", title="Frescoes of a museum, a choir, and lamps")) is Fit.UNSURE


WINTERS = "Told in villages in winter, with tea and bread. " * 20


def test_a_subject_met_counts_where_common_words_do_not():
    title = "Laser marking of rifles, fresco lamps"
    tracer = Expert("tracer", summary=f"Weapons marking. {WINTERS}")
    assert fit(Request("r", title=title), tracer) is not Fit.NOBODY
    painter = Expert("painter", summary=f"Fresco. {WINTERS}")
    assert fit(Request("r", title=title), painter) is Fit.NOBODY


def test_who_meets_all_of_several_subjects_fits_however_long_the_profile():
    title = "Weapons marking, community policing, sexual harassment"
    winters = " ".join(f"Told in village {n} in winter, with tea and bread." for n in range(300))
    whole = Expert("whole", summary=f"{title}. {winters}")
    part = Expert("part", summary=f"Weapons marking, community policing, choirs. {winters}")
    assert fit(Request("r", title=title), whole) is Fit.GOOD
    assert fit(Request("r", title=title), part) is Fit.UNSURE


def test_many_things_met_a_little_are_more_than_two():
    request = Request("r", title="Boys, posters, wardrobes, petrol, lanterns, garrison, snow")
    many = Expert("many", summary=f"Boys, posters, wardrobes, petrol. {WINTERS}")
    few = Expert("few", summary=f"Boys, posters. {WINTERS}")
    assert fit(request, many) is Fit.GOOD
    assert fit(request, few) is not Fit.GOOD


@pytest.mark.parametrize("name", ["first", "second", "third", "fourth"])
def test_of_eighty_requests_of_the_field_one_is_told_that_nobody_fits(name):
    index = ExpertIndex(read_records(ROSTERS / name / "experts.jsonl", Expert.from_dict))

    def told(path):
        requests = read_records(ROSTERS / path, Request.from_dict)
        rankings = [index.rank(request, 1, constraints=False) for request in requests]
        for ranking in rankings:
            assert ranking.fit is Fit.NOBODY or ranking.explanations[0].terms
        return [ranking.fit for ranking in rankings]

    assert told(f"{name}/requests.jsonl").count(Fit.NOBODY) == TOLD_WRONGLY.get(name, 0)
    assert told("outside.jsonl").count(Fit.NOBODY) >= 7
