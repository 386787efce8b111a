"""What was worked out is remembered, and not too much of it."""

from matcher.language import Remembered


def test_what_comes_again_is_worked_out_once():
    asked = []
    lengths = Remembered(lambda text: asked.append(text) or len(text))
    assert [lengths[text] for text in ("ab", "c", "ab")] == [2, 1, 2]
    assert asked == ["ab", "c"]


def test_all_is_forgotten_when_there_is_too_much():
    lengths = Remembered(len, at_most=2)
    assert [lengths[text] for text in ("a", "bb", "ccc", "a")] == [1, 2, 3, 1]
    assert len(lengths) == 2
