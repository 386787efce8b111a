"""What was worked out is remembered, and not too much of it."""

from matcher.language import Remembered


def test_what_comes_again_is_worked_out_once():
    asked = []
    lengths = Remembered(lambda text: asked.append(text) or len(text))
    assert [lengths[text] for text in ("ab", "c", "ab")] == [2, 1, 2]
    assert asked == ["ab", "c"]


def test_what_comes_no_more_is_forgotten_and_what_comes_often_is_kept():
    asked = []
    lengths = Remembered(lambda text: asked.append(text) or len(text), at_most=2)
    assert [lengths[text] for text in ("a", "bb", "a", "ccc", "a", "dddd", "a")] == [
        *(1, 2, 1, 3, 1, 4, 1)
    ]
    assert asked == ["a", "bb", "ccc", "dddd"]
    assert lengths["bb"] == 2
    assert asked[-1] == "bb"
    assert len(lengths) <= 2
