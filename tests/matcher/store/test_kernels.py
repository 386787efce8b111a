"""The loops that are translated to C do what they say, and as Python the same to the last bit."""

import importlib.util
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.store import kernels

SOURCE = Path(kernels.__file__).with_name("kernels.py")


def as_python():
    spec = importlib.util.spec_from_file_location("kernels_as_python", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PYTHON = as_python()
IS_COMPILED = Path(kernels.__file__).suffix != ".py"


def test_the_loops_are_compiled():
    if os.environ.get("REQUIRE_KERNELS") != "1" and not IS_COMPILED:
        pytest.skip("there was no compiler when the project was installed")
    assert IS_COMPILED
    assert Path(PYTHON.__file__).suffix == ".py"


@pytest.fixture(params=[kernels, PYTHON], ids=["installed", "as Python"])
def loops(request):
    return request.param


seeds = st.integers(0, 10_000).map(np.random.default_rng)


def singles(rng, size):
    return rng.random(size, dtype=np.float32)


def test_a_row_is_added_times_its_unit(loops):
    sums = np.array([1, 2, 3], dtype=np.float32)
    loops.add_row(np.array([0, 2, 255], dtype=np.uint8), np.float32(0.5), sums)
    assert sums.tolist() == [1, 3, 130.5]


def test_a_list_is_added_at_its_places(loops):
    sums = np.ones(4, dtype=np.float32)
    places = np.array([0, 3, 1, 3], dtype=np.int32)
    values = np.array([9, 2, 4, 1], dtype=np.float32)
    loops.add_list(places, values, 1, 4, np.float32(0.5), sums)
    assert sums.tolist() == [1, 3, 1, 2.5]


def test_who_is_not_chosen_has_no_sum(loops):
    sums = np.array([3, 4, 0, 5], dtype=np.float32)
    positive = loops.clear_others(np.array([1, 0, 1, 1], dtype=np.uint8), sums)
    # It is stored, and written as JSON, which no number of NumPy can be.
    assert (positive, type(positive)) == (2, int)
    assert sums.tolist() == [3, 0, 0, 5]


@pytest.mark.parametrize("name", ["add_row", "clear_others"])
def test_arrays_of_different_lengths_are_refused(loops, name):
    numbers, sums = np.ones(3, dtype=np.uint8), np.ones(2, dtype=np.float32)
    arguments = (numbers, np.float32(1), sums) if name == "add_row" else (numbers, sums)
    with pytest.raises(ValueError, match="do not go with"):
        getattr(loops, name)(*arguments)


def test_nothing_is_kept_in_an_empty_heap(loops):
    loops.keep_greatest(np.ones(3, dtype=np.float32), np.zeros(0, dtype=np.float32))


@given(seeds, st.integers(1, 40), st.integers(0, 200), st.sampled_from([2, 1000]))
def test_a_heap_keeps_the_greatest(rng, most, size, different):
    values = rng.integers(1, 1 + different, size).astype(np.float32)
    for loops in (kernels, PYTHON):
        heap = np.zeros(most, dtype=np.float32)
        for piece in np.array_split(values, 3):
            loops.keep_greatest(piece, heap)
        best = sorted([*values.tolist(), *[0.0] * most], reverse=True)[:most]
        assert sorted(heap.tolist(), reverse=True) == best
        assert heap[0] == best[-1]


def profiles(rng, number, terms):
    """Arrays of some profiles as :class:`matcher.store.profile_table.ProfileTable` has them."""
    entries = np.concatenate([[0], np.cumsum(rng.integers(0, 4, number))])
    bounds = np.concatenate([[0], np.cumsum(rng.integers(0, 6, entries[-1]))])
    return entries, bounds, rng.integers(0, terms, bounds[-1]).astype(np.int32)


@given(seeds, st.integers(1, 12))
def test_what_is_asked_for_is_found_where_it_stands(rng, number):
    entries, bounds, columns = profiles(rng, number, 9)
    places = np.where(rng.random(9) < 0.5, np.arange(9), -1).astype(np.int32)
    chosen = rng.permutation(number)[: rng.integers(1, number + 1)]
    of_chosen = [entry for row in chosen for entry in range(entries[row], entries[row + 1])]
    expected = [
        (who, of_chosen.index(entry), entry, at)
        for who, row in enumerate(chosen)
        for entry in range(entries[row], entries[row + 1])
        for at in range(bounds[entry], bounds[entry + 1])
        if places[columns[at]] >= 0
    ]
    for loops in (kernels, PYTHON):
        found = np.empty((4, len(columns)), dtype=np.int64)
        number_found = loops.find_query_terms(chosen, entries, bounds, columns, places, found)
        assert list(zip(*found[:, :number_found].tolist(), strict=True)) == expected


def test_a_column_that_no_place_is_known_for_is_an_error(loops):
    one = np.array([0, 1])
    arguments = (one[:1], one, one, np.array([5], dtype=np.int32), np.zeros(2, dtype=np.int32))
    with pytest.raises(IndexError):
        loops.find_query_terms(*arguments, np.empty((4, 1), dtype=np.int64))


@given(seeds, st.integers(1, 5), st.integers(0, 30))
def test_shares_are_found_by_entry_and_place(rng, entries, marks):
    pairs = sorted({(e, p) for e, p in rng.integers(0, [entries, 4], (12, 2)).tolist()})
    known = {pair: float(share) for pair, share in zip(pairs, rng.random(len(pairs)), strict=True)}
    asked = sorted((pairs[at] for at in rng.integers(0, len(pairs), marks)), key=lambda p: p[0])
    entry, place = np.array(pairs).T
    at_entry, at_place = np.array(asked, dtype=np.int64).reshape(-1, 2).T.copy()
    for loops in (kernels, PYTHON):
        found = np.empty(marks)
        loops.look_up_contributions(
            entry.copy(), place.astype(np.int32), np.array(list(known.values())),
            at_entry, at_place.astype(np.int32), np.zeros(4), found,
        )  # fmt: skip
        assert found.tolist() == [known[pair] for pair in asked]


def weightiest(marks, sentences, quoted):
    """The sentence whose different terms add most, among those with a quoted one if there are any:
    marks are (place, start, share)."""
    held = []
    for at, begin in enumerate(sentences):
        end = sentences[at + 1] if at + 1 < len(sentences) else 10**9
        terms = {p: share for p, start, share in marks if begin <= start < end}
        held.append((any(quoted[p] for p in terms), round(sum(terms.values()), 6)))
    return max(range(len(held)), key=lambda at: (*held[at], -at))


@given(seeds, st.integers(1, 4))
def test_the_sentence_whose_different_terms_add_most_is_chosen(rng, number):
    shares = rng.integers(1, 4, (number, 5)) / 10
    quoted = rng.integers(0, 2, 5, dtype=np.uint8)
    texts = [
        (
            [0, *(1 + np.sort(rng.choice(50, rng.integers(0, 4), replace=False))).tolist()],
            sorted(rng.integers(0, [60, 5], (rng.integers(1, 9), 2)).tolist()),
        )
        for _ in range(number)
    ]
    entry = np.array([at for at, (_, marks) in enumerate(texts) for _ in marks])
    start, place = np.array([mark for _, marks in texts for mark in marks], dtype=np.int32).T.copy()
    bounds = np.concatenate([[0], np.cumsum([len(begins) for begins, _ in texts])])
    begins = np.array([begin for begins, _ in texts for begin in begins], dtype=np.int32)
    expected = [
        bounds[at] + weightiest([(p, s, shares[at][p]) for s, p in marks], sentences, quoted)
        for at, (sentences, marks) in enumerate(texts)
    ]
    for loops in (kernels, PYTHON):
        within, best = np.empty(len(entry), dtype=np.int64), np.full(number, -1)
        loops.weightiest_sentences(
            entry, place, start, shares[entry, place], quoted, bounds, begins,
            within, best,
        )  # fmt: skip
        assert best.tolist() == expected
        for mark, sentence in enumerate(within.tolist()):
            assert bounds[entry[mark]] <= sentence < bounds[entry[mark] + 1]
            assert begins[sentence] <= start[mark]


def test_of_equal_sentences_the_first_is_chosen_whatever_the_order_of_their_sums(loops):
    """0.1 + 0.2 + 0.3 is less than 0.3 + 0.2 + 0.1 as numbers of 64 bits are added up."""
    shares = np.array([0.3, 0.2, 0.1, 0.1, 0.2, 0.3])
    start = np.array([0, 1, 2, 10, 11, 12], dtype=np.int32)
    place = np.array([2, 1, 0, 0, 1, 2], dtype=np.int32)
    for first, second in ((shares, 10), (shares[::-1].copy(), 10)):
        best = np.zeros(1, dtype=np.int64)
        loops.weightiest_sentences(
            np.zeros(6, dtype=np.int64), place, start, first, np.ones(3, dtype=np.uint8),
            np.array([0, 2]), np.array([0, second], dtype=np.int32),
            np.empty(6, dtype=np.int64), best,
        )  # fmt: skip
        assert best.tolist() == [0]


@given(seeds, st.integers(0, 25))
def test_overlapping_and_touching_stretches_become_one(rng, number):
    rows = sorted(
        (owner, start, start + length)
        for owner, start, length in rng.integers([0, 0, 1], [3, 30, 9], (number, 3)).tolist()
    )
    covered = [{at for o, start, end in rows if o == owner for at in range(start, end)}
               for owner in range(3)]  # fmt: skip
    for loops in (kernels, PYTHON):
        owner, start, end = (
            np.array(column, dtype=kind)
            for column, kind in zip(
                np.array(rows).reshape(-1, 3).T, (np.int64, np.int32, np.int32), strict=True
            )
        )
        left = loops.join_stretches(owner, start, end)
        joined = list(zip(owner[:left].tolist(), start[:left].tolist(), end[:left].tolist(),
                          strict=True))  # fmt: skip
        assert [{at for o, s, e in joined if o == who for at in range(s, e)} for who in range(3)] \
            == covered  # fmt: skip
        for (one, _, stop), (other, begin, _) in pairwise(joined):
            assert one < other or stop < begin


@given(seeds, st.integers(1, 300), st.floats(1e-3, 1e3))
def test_sums_are_the_same_to_the_last_bit_as_python(rng, size, weight):
    row, chosen = rng.integers(0, 256, size, dtype=np.uint8), rng.integers(0, 2, size, np.uint8)
    places, values = rng.integers(0, size, 40).astype(np.int32), singles(rng, 40)
    results = []
    for loops in (kernels, PYTHON):
        sums = np.zeros(size, dtype=np.float32)
        loops.add_list(places, values, 3, 37, np.float32(weight), sums)
        loops.add_row(row, np.float32(weight / 7), sums)
        positive = loops.clear_others(chosen, sums)
        results.append((positive, sums.tobytes()))
    assert results[0] == results[1]
