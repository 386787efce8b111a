"""What differs between two texts is found word by word, and both can be put together again."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.amendments.differences import Pieces, compare

WORDS = st.lists(st.sampled_from(["a", "b", "hall", "moves,", "\n", " "])).map(" ".join)


def changed(pieces: Pieces) -> list[str]:
    return [piece.text for piece in pieces if piece.changed]


def test_words_that_are_taken_out_and_put_in_are_marked_alone() -> None:
    before, after = compare("Teach three days in Osh.", "Teach five days in Osh, with a break.")
    assert changed(before) == ["three"]
    assert changed(after) == ["five", ", with a break"]


def test_texts_that_say_the_same_differ_in_nothing() -> None:
    assert [changed(side) for side in compare("Osh", "Osh")] == [[], []]


def test_of_what_was_empty_everything_is_put_in() -> None:
    before, after = compare("", "A weapons store.")
    assert (before, changed(after)) == ((), ["A weapons store."])


def test_words_that_were_changed_beside_each_other_are_one_piece() -> None:
    before, after = compare("Osh or Bishkek, in May.", "Naryn and Talas, in May.")
    assert changed(before) == ["Osh or Bishkek"]
    assert changed(after) == ["Naryn and Talas"]


def test_words_that_occur_often_in_long_texts_are_found_where_they_are() -> None:
    """As long as a field takes, of few words: what takes time where all pairs are looked at."""
    few = [chr(number) for number in range(0x3B1, 0x3B1 + 25)]
    before = " ".join(few * 200)
    after = " ".join(few * 100 + ["moved"] + few * 100)
    assert [changed(side) for side in compare(before, after)] in (
        [[], ["moved "]], [[], [" moved"]],
    )  # fmt: skip


@given(WORDS, WORDS)
def test_pieces_put_together_are_the_texts(before: str, after: str) -> None:
    old, new = compare(before, after)
    assert "".join(piece.text for piece in old) == before
    assert "".join(piece.text for piece in new) == after
    kept = ["".join(p.text for p in side if not p.changed) for side in (old, new)]
    assert kept[0] == kept[1]
