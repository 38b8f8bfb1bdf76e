import numpy as np

from digitcore import Stroke, read_strokes
from digitcore.analysis.counterfactual import Counterfactual, MarkVersion, draw_change
from digitcore.io.palette import ORANGE_RGB

STEM = Stroke(np.array([[100.0, 50.0], [100.0, 150.0], [100.0, 250.0]]), 16)
BAR = Stroke(np.array([[20.0, 50.0], [100.0, 50.0]]), 16)


def is_orange(picture):
    return (np.abs(picture.astype(int) - ORANGE_RGB) < 10).all(axis=2)


def pictures(before, after):
    digit = read_strokes([STEM], (200, 300)).digits[0]
    versions = [MarkVersion(tuple(strokes), tuple(np.array(each) for each in changed), digit) for strokes, changed in (before, after)]
    return draw_change(Counterfactual(7, (), 0.4, *versions))


def test_an_added_stroke_is_orange_afterwards_and_nothing_else_differs():
    before, after = pictures(([STEM], [[False] * 3]), ([STEM, BAR], [[False] * 3, [True] * 2]))
    assert before.shape == after.shape == (28, 28, 3)
    assert not is_orange(before).any()
    assert is_orange(after)[:10].any()
    assert not is_orange(after)[12:].any()
    np.testing.assert_array_equal(before[12:], after[12:])


def test_a_part_that_is_left_out_is_orange_before():
    shortened = Stroke(STEM.points[:2], 16)
    before, after = pictures(([STEM], [[False, True, True]]), ([shortened], [[False] * 2]))
    assert is_orange(before)[16:].any()
    assert not is_orange(after).any()
