"""Make detections of digits, as the reading of a video frame contains them."""

import numpy as np

from digitcore.layout.ink import crop_to_ink
from digitcore.results import Digit
from synthetic.hands import strokes, write


def draw_ink(label):
    """Draw a digit as a model input, uint8 `(28, 28)`, but centred by its bounding box instead of its centre of mass."""
    drawn = crop_to_ink(write(np.zeros((60, 60), np.uint8), strokes(label), (10, 10), 20, 2))
    picture, (height, width) = np.zeros((28, 28), np.uint8), drawn.shape
    top, left = (28 - height) // 2, (28 - width) // 2
    picture[top : top + height, left : left + width] = drawn
    return picture


def probabilities_with(label, confidence):
    """Build probabilities, float32 `(10,)`: `confidence` for `label`, and the rest shared equally among the other digits."""
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[label] = confidence
    return probabilities


def detection(label=3, at_xy=(100, 100), *, confidence=0.99, accepted=True, line=0, ink=None, probabilities=None):
    """Make a detection whose box has 24×40 px and its centre at `at_xy`."""
    return Digit(
        label=label,
        confidence=confidence,
        probabilities=probabilities_with(label, confidence) if probabilities is None else probabilities,
        digit_score=0.9,
        accepted=accepted,
        reason="",
        box_xywh=(round(at_xy[0]) - 12, round(at_xy[1]) - 20, 24, 40),
        line=line,
        model_input=draw_ink(label) if ink is None else ink,
    )
