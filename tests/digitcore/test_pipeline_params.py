import cv2
import numpy as np
import pytest

from digitcore import Settings, Stroke, WriterProfile, read_image, read_strokes
from digitcore.parameters import replace_parameter
from digitcore.pipeline_params import PipelineParams
from synthetic.hands import strokes, write


@pytest.fixture(scope="module")
def drawing():
    """Draw two lines of numbers with a plain 1, a 7 with a serif, a plus sign, a point, a dash and a slash: uint8 `(420, 900)`."""
    ink = np.zeros((420, 900), np.uint8)
    large = [(3, 60, 60, 110), (5, 330, 78, 110), (0, 430, 84, 110), (2, 640, 100, 110)]
    for digit, x, y, height in [*large, (4, 60, 270, 60), (9, 130, 270, 60), (6, 370, 270, 60), (8, 540, 270, 60)]:
        ink = write(ink, strokes(digit), (x, y), height, 11)
    one, point, plus = [(190, 70), (185, 175)], [(240, 180), (240, 180)], [(570, 140), (570, 190), (570, 165), (545, 165), (595, 165)]
    for path in (one, point, plus, [(760, 110), (810, 108), (780, 210)], [(300, 300), (340, 300)], [(520, 260), (480, 345)]):
        cv2.polylines(ink, [np.array(path, np.int32)], False, 255, 11, cv2.LINE_AA)
    return 255 - ink


def summary(reading):
    return reading.text, reading.numbers, [(digit.to_dict(), digit.model_input.tobytes()) for digit in reading.digits]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("layout.components.min_mark_height", 0.0),
        ("layout.lines.min_legible_side_px", 100),
        ("layout.baseline.max_slope", 0.0),
        ("layout.line_components.max_small_per_digit", 0),
        ("layout.separators.min_confidence", 1.0),
        ("layout.separator_shapes.min_point_bottom.value", 3.0),
        ("recognition.normalization.min_measured_side_px", 1000),
        ("recognition.consistency.min_bar_confidence", 1.0),
        ("recognition.consistency.bar.max_slant_deg", 0.0),
        ("recognition.acceptance.digit_prior_log_odds", -5.0),
        ("recognition.numbers.min_shown_confidence", 1.0),
        ("recognition.personalization.similarity_weight", 0.0),
    ],
)
def test_each_stage_uses_the_parameters_of_the_call(drawing, name, value):
    profile = WriterProfile()
    plain = read_image(drawing, Settings.for_drawing())
    if "personalization" in name:
        for digit in plain.digits[:3]:
            profile.add(digit.model_input, (digit.label + 1) % 10)
    first, again = (summary(read_image(drawing, Settings.for_drawing(), profile=profile)) for _ in range(2))
    changed = replace_parameter(PipelineParams(), name, value)
    assert first == again
    assert summary(read_image(drawing, Settings.for_drawing(), profile=profile, params=changed)) != first


def test_strokes_are_drawn_with_the_pen_of_the_call():
    path = [Stroke(np.array([[140.0, 50.0], [140.0, 220.0]]), pen_px=16)]
    (plain,), (broad,) = (
        read_strokes(path, (280, 280), params=params).digits
        for params in (PipelineParams(), replace_parameter(PipelineParams(), "layout.pen.relative_width", 0.3))
    )
    assert broad.box_xywh[2] > 2 * plain.box_xywh[2]


def test_loose_parts_are_joined_by_the_parameters_of_the_call():
    drawing = 255 - write(np.zeros((300, 300), np.uint8), strokes(8), (100, 60), 160, 16)
    drawing[136:146] = 255
    alone = replace_parameter(PipelineParams(), "layout.loose_parts.max_parts", 1)
    assert len(read_image(drawing, Settings.for_drawing()).digits) == 1
    assert len(read_image(drawing, Settings.for_drawing(), params=alone).digits) == 2
