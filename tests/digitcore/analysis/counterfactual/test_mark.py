import numpy as np
import pytest

from digitcore import DrawingError, Stroke, read_strokes
from digitcore.analysis.counterfactual import mark_of_drawing, mark_of_ink
from digitcore.recognition.normalization import relative_stroke_width
from synthetic.hands import strokes

SIZE_WH = (560, 370)


def drawing(text):
    return [Stroke(path * 200 + (60 + 200 * place, 80), 16) for place, digit in enumerate(text) for path in strokes(int(digit))]


def test_a_digit_of_a_drawing_has_its_own_strokes_and_the_others_are_kept():
    drawn = drawing("41")
    four, one = read_strokes(drawn, SIZE_WH).digits
    mark = mark_of_drawing(drawn, SIZE_WH, four)
    assert (mark.label, mark.size_wh) == (4, SIZE_WH)
    assert list(mark.strokes) == drawn[:2]
    assert list(mark.others) == drawn[2:]
    assert list(mark_of_drawing(drawn, SIZE_WH, one).strokes) == drawn[2:]


def test_a_digit_without_a_stroke_of_its_own_is_one_friendly_error():
    drawn = drawing("41")
    _, one = read_strokes(drawn, SIZE_WH).digits
    with pytest.raises(DrawingError, match="Lift the pen"):
        mark_of_drawing(drawn[:2], SIZE_WH, one)


def test_a_rejected_mark_has_no_label():
    plus = [Stroke(np.array(ends, float), 16) for ends in ([[200, 100], [200, 300]], [[100, 200], [300, 200]])]
    (mark,) = read_strokes(plus, SIZE_WH).digits
    assert not mark.accepted
    assert mark_of_drawing(plus, SIZE_WH, mark).label is None
    assert mark_of_ink(mark).label is None


@pytest.mark.parametrize("digit", range(10))
def test_strokes_that_are_followed_in_ink_are_read_as_before(digit):
    (read,) = read_strokes(drawing(str(digit)), SIZE_WH).digits
    mark = mark_of_ink(read)
    assert mark.others == ()
    assert read_strokes(mark.strokes, mark.size_wh).text == str(digit)


def test_the_pen_is_that_of_the_ink():
    (read,) = read_strokes(drawing("8"), SIZE_WH).digits
    fitted = read.model_input[4:24]
    assert mark_of_ink(read).pen.relative_width == pytest.approx(relative_stroke_width(fitted), rel=0.3)
