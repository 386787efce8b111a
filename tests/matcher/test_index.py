import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Expert, ExpertIndex, RecordError, Request, UnknownExpertError

WORDS = ["marking", "weapons", "register", "gender", "police", "PSSM", "mreža", "convoy", "band"]
texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
experts = st.builds(
    lambda key, summary, training, themes: Expert(
        f"e{key}", summary=summary, training=tuple(training), themes=tuple(themes)
    ),
    st.integers(0, 5),
    texts,
    st.lists(texts, max_size=2),
    st.lists(st.sampled_from(["SALW-MTR", "GEN-POL", "AMMO"]), max_size=3, unique=True),
)
edits = st.lists(st.one_of(experts, st.integers(0, 5)), max_size=12)
REQUEST = Request("r", title="marking of weapons", description="polise women netwrok mreža PSSM")


def scores(index, request=REQUEST):
    return {match.expert_id: match.score for match in index.rank(request, 0).ranked}


def apply(index, roster, edit):
    if isinstance(edit, Expert):
        index.update(edit)
        roster[edit.id] = edit
    elif f"e{edit}" in roster:
        index.remove(f"e{edit}")
        del roster[f"e{edit}"]


@pytest.mark.thorough
@settings(deadline=None, max_examples=60)
@given(
    st.lists(experts, max_size=6, unique_by=lambda expert: expert.id),
    edits,
    st.booleans(),
    st.sampled_from([(0, 0, 9), (0, 2, 2), (0, 0, 1), (2, 3, 3), (2, 64, 9), (64, 64, 9)]),
)
def test_edited_index_equals_one_built_afresh(first, changes, rank_between, sizes):
    """With blocks of every size, so that edits meet profiles in each of the three kinds and in
    several large ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matcher.store.blocks._FRESH_AT_MOST", sizes[0])
        patch.setattr("matcher.store.blocks._RECENT_HANDFUL", sizes[1])
        patch.setattr("matcher.store.blocks._BLOCK_AT_MOST", sizes[2])
        index = ExpertIndex(first)
        roster = {expert.id: expert for expert in first}
        index.rank(REQUEST)
        for change in changes:
            apply(index, roster, change)
            if rank_between:
                index.rank(REQUEST)
        index.rank(REQUEST)
    fresh = ExpertIndex(roster.values())
    assert scores(index) == pytest.approx(scores(fresh), abs=1e-6)
    assert [m.expert_id for m in index.rank(REQUEST, 0).ranked] == [
        m.expert_id for m in fresh.rank(REQUEST, 0).ranked
    ]
    assert len(index) == len(roster)


def test_profiles_replaced_and_removed_leave_no_trace_in_the_large_blocks(monkeypatch):
    monkeypatch.setattr("matcher.store.blocks._BLOCK_AT_MOST", 3)
    monkeypatch.setattr("matcher.store.blocks._FRESH_AT_MOST", 0)
    monkeypatch.setattr("matcher.store.blocks._RECENT_HANDFUL", 0)
    summaries = [
        "marking weapons register",
        "gender police convoy",
        "band convoy weapons",
        "police",
    ]
    roster = [Expert(f"e{n}", summary=text) for n, text in enumerate(summaries)]
    index = ExpertIndex(roster)
    index.rank(REQUEST)
    replaced = Expert("e3", summary="band convoy")
    assert [len(segment.block.profiles) for segment in index._blocks._large] == [3, 1]
    index.update(replaced)
    index.remove("e2")
    fresh = ExpertIndex([*roster[:2], replaced])
    assert scores(index) == pytest.approx(scores(fresh), abs=1e-12)


@pytest.mark.thorough
def test_edits_beyond_the_small_block_equal_a_fresh_index(demo_experts, demo_requests):
    index = ExpertIndex(demo_experts)
    index.rank(demo_requests[0])
    copies = [
        Expert.from_dict({**expert.to_dict(), "id": f"{expert.id}-{copy}"})
        for copy in range(3)
        for expert in demo_experts
    ]
    for expert in copies:
        index.update(expert)
    for expert in demo_experts[::2]:
        index.remove(expert.id)
    fresh = ExpertIndex([*demo_experts[1::2], *copies])
    for request in demo_requests[:5]:
        assert scores(index, request) == pytest.approx(scores(fresh, request), abs=1e-6)


def test_an_edit_counts_in_the_next_ranking_and_raises_the_revision():
    index = ExpertIndex([Expert("a", summary="brass band of the guard")])
    assert scores(index) == {}
    before = index.revision
    index.update(Expert("a", summary="weapons marking and register"))
    result = index.rank(REQUEST)
    assert [match.expert_id for match in result.ranked] == ["a"]
    assert result.revision == index.revision > before
    index.remove("a")
    assert index.rank(REQUEST).ranked == ()
    assert "a" not in index


def test_unknown_and_duplicate_ids_are_errors():
    index = ExpertIndex([Expert("a")])
    with pytest.raises(UnknownExpertError, match="no expert 'b' in the index"):
        index.remove("b")
    with pytest.raises(UnknownExpertError):
        index.explain(REQUEST, "b")
    with pytest.raises(UnknownExpertError):
        index.top_terms("b")
    with pytest.raises(RecordError, match="twice"):
        ExpertIndex([Expert("a"), Expert("a")])


def test_each_ranking_sees_one_revision_while_others_edit(demo_experts, demo_requests):
    """Two versions of the roster alternate; a ranking must be that of one or the other."""
    request = demo_requests[3]
    index = ExpertIndex(demo_experts)
    expected = {index.rank(request, 0).ranked}
    changed = Expert(demo_experts[15].id, summary="laser")
    index.update(changed)
    expected.add(index.rank(request, 0).ranked)
    assert len(expected) == 2
    stop = threading.Event()
    failures = []

    def read():
        while not stop.is_set():
            try:
                if index.rank(request, 0).ranked not in expected:
                    failures.append("a mixed ranking")
            except Exception as error:
                failures.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(60):
        index.update(demo_experts[15] if turn % 2 else changed)
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []


@pytest.mark.thorough
@settings(deadline=None, max_examples=40)
@given(st.lists(experts, max_size=6, unique_by=lambda expert: expert.id), experts)
def test_a_profile_set_beside_stands_as_if_it_were_there(roster, one):
    index = ExpertIndex(roster)
    stand = index.beside(one).stand_for(REQUEST)
    after = ExpertIndex([*(other for other in roster if other.id != one.id), one])
    found = after.rank(REQUEST, constraints=False).find(one.id)
    assert stand.rank == (found and found.rank)
    assert stand.relative == (found and pytest.approx(found.relative, abs=1e-6))
    assert stand.lacking == after.explain(REQUEST, one.id).lacking
    # Nothing of it stays.
    assert scores(index) == pytest.approx(scores(ExpertIndex(roster)), abs=1e-9)
