"""Explanations, made in this process."""

import cv2
import numpy as np
import pytest

from digitcore import DigitError, Settings, read_image
from digitcore.mcp.explanation import explain_mark

TIMEOUT_S = 300


def explain(picture, index=0, settings=None):
    return explain_mark(cv2.imencode(".png", picture)[1].tobytes(), index, settings or Settings(), None, TIMEOUT_S)


def test_each_change_is_one_setting_with_which_something_else_is_read(drawing):
    picture, settings = drawing(7), Settings(number_range="0-5", digit_count="1")
    explanation = explain(picture, settings=settings)
    assert "number_range" in {each.setting for each in explanation.changes}
    for each in explanation.changes:
        changed = read_image(picture, Settings(**{**settings.changes(), each.setting: each.value}))
        assert (changed.status, changed.text) == (each.status, each.text)
        assert changed.text != explanation.text


def test_the_mark_is_that_of_the_reading(drawing):
    picture = np.hstack([drawing(7), drawing(2)])
    reading = read_image(picture)
    assert [explain(picture, index).digit.model_dump() for index in range(2)] == [digit.to_dict() for digit in reading.digits]


@pytest.mark.parametrize(("count", "sentence"), [(0, "This picture has no marks"), (1, "one mark: its index is 0."), (2, "from 0 to 1.")])
@pytest.mark.parametrize("index", [-1, 2])
def test_another_mark_is_one_sentence(drawing, count, sentence, index):
    picture = np.hstack([drawing(7)] * count) if count else np.full((100, 100), 255, np.uint8)
    with pytest.raises(DigitError, match=sentence):
        explain(picture, index)
