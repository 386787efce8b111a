"""Who can be put into a team though they stand outside the first places of its ranking."""

import pytest

from matcher.assignment import candidates_of


def test_those_besides_the_first_places_are_candidates_with_what_they_cover(
    demo_index, demo_requests
):
    rankings = ((one, demo_index.rank(one, 0)) for one in demo_requests)
    request, whole = next(
        (one, found)
        for one, found in rankings
        if found.considered > 4 and found.ruled_out and found.ruled_out[0].score
    )
    ruled_out, last = whole.ruled_out[0].expert_id, whole.ranked[-1].expert_id
    first = whole.ranked[0].expert_id
    pool = candidates_of(demo_index.rank(request, 3), besides=[ruled_out, last, first])
    assert [c.expert.id for c in pool[:3]] == [m.expert_id for m in whole.ranked[:3]]
    found = {c.expert.id: c for c in pool[3:]}
    assert set(found) == {ruled_out, last}
    assert found[last] == candidates_of(whole)[-1]
    assert 0 < found[ruled_out].score <= 1
    assert sum(found[ruled_out].covers.values()) == pytest.approx(found[ruled_out].score)


def test_somebody_ruled_out_who_would_stand_first_brings_no_more_than_the_best(
    demo_index, demo_requests
):
    above = [
        (asked, one)
        for asked in demo_requests
        if (found := demo_index.rank(asked, 3)).ranked
        for one in found.ruled_out
        if one.score and one.score > found.ranked[0].score
    ]
    assert above
    for request, first in above:
        pool = candidates_of(demo_index.rank(request, 3), besides=[first.expert_id])
        (found,) = (c for c in pool if c.expert.id == first.expert_id)
        assert found.score == 1
        assert sum(found.covers.values()) == pytest.approx(1)
