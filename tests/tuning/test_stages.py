from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitcore.results import Digit
from digitcore.types import Box
from synthetic.hard_pages import Mark, Truth
from tuning.metrics import Ratio
from tuning.stages import Observation, observe, score, stage_table

SIZE_WH = (60, 40)
PICTURE = np.array([(0, 0), (60, 0), (60, 40), (0, 40)], float)


def mask(*boxes):
    """Where the boxes are, bool `(40, 60)`."""
    drawn = np.zeros(SIZE_WH[::-1], bool)
    for x, y, width, height in boxes:
        drawn[y : y + height, x : x + width] = True
    return drawn


def mark(label, box, line=0, *, accepted=True):
    return Digit(label, 0.9, np.zeros(10, np.float32), 0.9, accepted, "", box, line, np.zeros((28, 28), np.uint8))


ONE, TWO, PLUS, RULE = Box(5, 10, 10, 20), Box(20, 10, 10, 20), Box(40, 15, 10, 10), Box(0, 35, 60, 2)
TRUTH = Truth(
    PICTURE,
    False,
    mask(ONE, TWO, PLUS).astype(np.uint8) * 255,
    mask(RULE).astype(np.uint8) * 255,
    (Mark("1", 0, ONE), Mark("2", 0, TWO)),
    (Mark("+", 0, PLUS),),
)
PERFECT = Observation(
    SIZE_WH,
    PICTURE,
    False,
    mask(ONE, TWO, PLUS, RULE),
    mask(ONE, TWO, PLUS),
    mask(ONE, TWO, PLUS),
    [ONE, TWO],
    [mark(1, ONE), mark(2, TWO), mark(0, PLUS, accepted=False)],
)


def values(found):
    return {name: ratio.value for name, ratio in score(found, TRUTH).items()}


def test_a_perfect_reading_has_perfect_scores():
    bad = {
        "ruled lines: ink lost to them",
        "segmentation: digits merged with others",
        "segmentation: digits split into pieces",
        "refusals: digits refused",
    }
    assert values(PERFECT) == {name: 0.0 if name in bad else 1.0 for name in values(PERFECT)}


def test_lines_that_stay_and_ink_that_goes_with_them_are_measured():
    found = values(replace(PERFECT, without_lines=mask(ONE, PLUS, (0, 35, 60, 1))))
    assert found["ruled lines: removed"] == 0.5
    assert found["ruled lines: ink lost to them"] == pytest.approx(200 / 500)


def test_a_merge_is_no_split():
    found = values(replace(PERFECT, marks=[mark(4, ONE.union(TWO))]))
    assert found["segmentation: digits merged with others"] == 1
    assert found["segmentation: digits split into pieces"] == 0
    assert found["segmentation: F1 of the boxes of accepted marks"] == 0


def test_a_split_is_no_merge():
    halves = [mark(1, (5, 10, 10, 10)), mark(1, (5, 20, 10, 10)), mark(2, TWO)]
    found = values(replace(PERFECT, marks=halves))
    assert found["segmentation: digits split into pieces"] == 0.5
    assert found["segmentation: digits merged with others"] == 0


def test_refusals_and_misread_digits_are_told_apart():
    found = values(replace(PERFECT, marks=[mark(1, ONE, accepted=False), mark(7, TWO, 1), mark(4, PLUS)]))
    assert found["refusals: digits refused"] == 0.5
    assert found["refusals: other marks refused"] == 0
    assert found["classification: accepted digits right"] == 0
    assert found["lines: pairs of digits assigned alike"] == 0


def test_nothing_found_has_few_cases():
    blank = mask()
    found = values(replace(PERFECT, thresholded=blank, without_lines=blank, ink=blank, components=[], marks=[]))
    assert found["lines: pairs of digits assigned alike"] is None
    assert found["ink: recall"] == 0


def test_scores_are_a_table_in_percent():
    assert stage_table({"a": Ratio(1, 8), "b": Ratio(0, 0)}).splitlines()[2:] == ["| a | 12.5 | 8 |", "| b | – | 0 |"]


def test_a_picture_is_observed_in_its_own_pixels(tmp_path):
    """A picture of 60×40 pixels, which the pipeline enlarges."""
    picture = np.full((40, 60), 240, np.uint8)
    picture[8:32, 28:32] = 20
    cv2.imwrite(str(tmp_path / "one.png"), picture)
    found = observe(tmp_path / "one.png")
    assert found.size_wh == SIZE_WH
    assert np.array_equal(found.outline, PICTURE)
    assert found.ink.shape == (40, 60)
    (component,) = found.components
    assert np.abs(np.array(component) - (28, 8, 4, 24)).max() <= 2
    assert not found.is_light_ink
