"""Every change that is found is read as the wanted digit by the whole pipeline, and the bounds hold."""

from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitcore import DrawingError, Settings, Stroke, read_strokes
from digitcore.analysis.counterfactual import ChangeKind, Place, find_counterfactual, mark_of_drawing, mark_of_ink
from digitcore.analysis.counterfactual.parameters import CounterfactualParams
from digitcore.layout.parameters import LayoutParams
from digitcore.pipeline_params import PipelineParams
from synthetic.hands import strokes
from synthetic.writers import make_writer

SIZE_WH = (560, 370)
NO_LIMIT_S = 1e9
QUICK = CounterfactualParams(max_candidates=300, beam_width=0)


def drawing(digit, left=60):
    return [Stroke(path * 200 + (left, 80), 16) for path in strokes(digit)]


def read_again(mark, found):
    """Read the changed drawing as the pages do."""
    params = PipelineParams(layout=LayoutParams(pen=mark.pen))
    return read_strokes((*mark.others, *found.after.strokes), mark.size_wh, Settings.for_drawing(), params=params)


def find(mark, target, params=QUICK, **limits):
    return find_counterfactual(mark, target, params=params, **({"time_limit_s": NO_LIMIT_S} | limits))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 9), st.integers(0, 9), st.booleans())
def test_every_change_is_read_as_the_wanted_digit_by_the_whole_pipeline(seed, digit, target, from_ink):
    paths, _ = make_writer(seed).write(digit, np.random.default_rng(seed))
    drawn = [Stroke(path * 150 + (200, 100), 12) for path in paths]
    reading = read_strokes(drawn, SIZE_WH)
    if reading.text == str(target) or len(reading.digits) != 1:
        return
    try:
        mark = mark_of_ink(reading.digits[0]) if from_ink else mark_of_drawing(drawn, SIZE_WH, reading.digits[0])
        found = find(mark, target)
    except DrawingError:
        return
    if found is None:
        return
    assert read_again(mark, found).text == str(target)
    assert (found.target, found.after.digit.label, found.after.digit.accepted) == (target, target, True)
    assert found.after.digit.confidence >= QUICK.min_confidence
    assert 0 < found.size <= QUICK.max_size
    for version in (found.before, found.after):
        assert [len(stroke.points) for stroke in version.strokes] == [len(changed) for changed in version.changed]
    assert any(changed.any() for version in (found.before, found.after) for changed in version.changed)


def test_a_9_whose_top_is_open_is_a_4():
    drawn = drawing(9)
    mark = mark_of_drawing(drawn, SIZE_WH, read_strokes(drawn, SIZE_WH).digits[0])
    found = find(mark, 4)
    assert [(change.kind, change.place) for change in found.changes] == [(ChangeKind.SHORTENED, Place.TOP)]
    assert found.before.digit.label == 9
    assert any(changed.any() for changed in found.before.changed)
    assert not any(changed.any() for changed in found.after.changed)


def test_two_changes_are_combined_where_one_does_not_suffice():
    drawn = drawing(3)
    mark = mark_of_drawing(drawn, SIZE_WH, read_strokes(drawn, SIZE_WH).digits[0])
    one_allowed = CounterfactualParams(beam_width=0, min_confidence=0.95)
    assert find(mark, 8, one_allowed) is None
    found = find(mark, 8, CounterfactualParams(min_confidence=0.95))
    assert len(found.changes) == 2
    assert read_again(mark, found).text == "8"


def test_the_rest_of_the_drawing_stays_and_counts():
    drawn = drawing(9) + drawing(2, left=300)
    nine, two = read_strokes(drawn, SIZE_WH).digits
    mark = mark_of_drawing(drawn, SIZE_WH, nine)
    assert read_again(mark, find(mark, 4)).text == "42"
    assert two.label == 2


def test_the_same_question_has_the_same_answer():
    drawn = drawing(5)
    mark = mark_of_drawing(drawn, SIZE_WH, read_strokes(drawn, SIZE_WH).digits[0])
    one, other = find(mark, 6), find(mark, 6)
    assert one.changes == other.changes
    np.testing.assert_array_equal(
        np.concatenate([each.points for each in one.after.strokes]), np.concatenate([each.points for each in other.after.strokes])
    )


def test_the_search_ends_when_its_time_is_over():
    drawn = drawing(9)
    mark = mark_of_drawing(drawn, SIZE_WH, read_strokes(drawn, SIZE_WH).digits[0])
    assert find(mark, 4) is not None
    seconds = count()
    assert find(mark, 4, time_limit_s=0, clock=lambda: float(next(seconds))) is None
    assert next(seconds) < 5


@pytest.mark.parametrize("target", [9, -1, 10])
def test_the_digit_itself_and_what_is_no_digit_are_wrong_calls(target):
    drawn = drawing(9)
    mark = mark_of_drawing(drawn, SIZE_WH, read_strokes(drawn, SIZE_WH).digits[0])
    with pytest.raises(ValueError, match="expected a digit other than 9"):
        find(mark, target)


def test_hatching_and_scribbles_are_one_friendly_error():
    hatching = [Stroke(np.array([[100.0 + 2 * place, 100.0], [100.0 + 2 * place, 300.0]]), 4) for place in range(200)]
    scribble = [Stroke(np.array([[100.0 + 10 * (place % 20), 100.0 + 200 * (place % 2)] for place in range(60)]), 4)]
    for drawn in (hatching, scribble):
        for digit in read_strokes(drawn, SIZE_WH).digits:
            with pytest.raises(DrawingError, match="too many strokes"):
                find(mark_of_drawing(drawn, SIZE_WH, digit), 0)


def test_a_mark_that_is_read_differently_from_its_strokes_is_one_friendly_error():
    drawn = drawing(9)
    digit = read_strokes(drawn, SIZE_WH).digits[0]
    mark = mark_of_drawing(drawing(4), SIZE_WH, digit)
    with pytest.raises(DrawingError, match="can't be followed"):
        find(mark, 8)
