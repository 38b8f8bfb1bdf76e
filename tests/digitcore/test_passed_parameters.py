"""The tuned numbers are passed from the pipeline to each stage, and may have any value of their ranges."""

import ast
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

import digitcore
from digitcore import Settings, Stroke, WriterProfile, read_image, read_strokes
from digitcore.parameters import iterate_parameters, replace_parameter
from digitcore.pipeline_params import PipelineParams
from synthetic.hands import strokes, write

CORE = Path(digitcore.__file__).parent
STAGES = sorted(path for package in ("preprocessing", "layout", "recognition") for path in (CORE / package).glob("*.py"))
NUMBERS = {name: known for name, _, known in iterate_parameters(PipelineParams())}


def parameter_positions(source):
    """Find the functions that take parameters: their names, with the name and position of each argument that is a group of parameters."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            arguments = {each.arg: ast.unparse(each.annotation) for each in function.args.args if each.annotation}
            taken = {name: index for index, name in enumerate(arguments) if re.fullmatch(r"\w+Params", arguments[name])}
            if taken and "self" not in {each.arg for each in function.args.args}:
                yield function.name, taken


def calls_without_parameters(source, functions):
    """Find the calls of functions, `{name: {argument: position}}`, that leave parameters to the default."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in functions:
            passed = {keyword.arg for keyword in call.keywords}
            is_unpacked = any(isinstance(each, ast.Starred) for each in call.args)
            for name, index in functions[call.func.id].items():
                if not is_unpacked and index >= len(call.args) and name not in passed:
                    yield f"{call.func.id}, line {call.lineno}: {name}"


def test_no_call_of_the_pipeline_or_between_stages_falls_back_to_default_parameters():
    functions = {name: taken for path in STAGES for name, taken in parameter_positions(path.read_text(encoding="utf-8"))}
    paths = {path.relative_to(CORE).as_posix(): path for path in [*STAGES, *sorted((CORE / "pipeline").glob("*.py"))]}
    found = {name: list(calls_without_parameters(path.read_text(encoding="utf-8"), functions)) for name, path in paths.items()}
    assert len(functions) > len(STAGES)
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_a_call_that_falls_back_to_a_default_would_be_found():
    source = "def f(a: int, params: AParams = AParams(), other: BParams = BParams()):\n    f(1, params)\n    f(1, other=x)\n    f(*all)\n"
    functions = dict(parameter_positions(source))
    assert functions == {"f": {"params": 1, "other": 2}}
    assert list(calls_without_parameters(source, functions)) == ["f, line 2: other", "f, line 3: params"]


def ruled_sheet():
    """Draw a 5 on a ruled sheet on a table, a thumb in front of it: uint8 `(150, 200)`."""
    scene = np.full((150, 200), 70, np.uint8)
    scene[12:140, 15:185] = 215
    scene[30:140:25, 15:185] = 150
    cv2.circle(scene, (100, 149), 18, 110, -1)
    ink = write(np.zeros_like(scene), strokes(5), (80, 40), 60, 6)
    return np.where(ink > 0, 40, scene).astype(np.uint8)


@pytest.mark.parametrize("name", [name for name in NUMBERS if name.startswith("preprocessing.")])
def test_a_picture_is_read_with_each_number_at_either_end_of_its_range(classifier, name):
    default = PipelineParams()
    for end in (NUMBERS[name].low, NUMBERS[name].high):
        reading = read_image(ruled_sheet(), classifier=classifier, params=replace_parameter(default, name, end))
        assert reading.stages[-1].image.dtype == np.uint8


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("preprocessing.resampling.min_side_px", 200),
        ("preprocessing.sheet.min_area", 0.9),
        ("preprocessing.stroke_width.min_residue_share", 0.0),
        ("preprocessing.background.min_stroke_widths", 10.0),
        ("preprocessing.thresholding.min_ink_darkness", 200),
        ("preprocessing.line_detection.band_reach_px", 20),
        ("preprocessing.skew.step_deg", 5.0),
        ("preprocessing.ruled_lines.min_visible_length", 1.0),
        ("preprocessing.ink_extraction.min_relative_darkness", 0.0),
    ],
)
def test_another_number_changes_the_stages_of_a_picture(classifier, name, value):
    default, changed = (
        read_image(ruled_sheet(), classifier=classifier, params=params)
        for params in (PipelineParams(), replace_parameter(PipelineParams(), name, value))
    )
    assert any(not np.array_equal(one.image, other.image) for one, other in zip(default.stages, changed.stages, strict=False))


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


@pytest.mark.parametrize("name", [name for name in NUMBERS if not name.startswith("preprocessing.")])
def test_a_drawing_is_read_with_each_number_at_either_end_of_its_range(drawing, name):
    for end in (NUMBERS[name].low, NUMBERS[name].high):
        reading = read_image(drawing, Settings.for_drawing(), params=replace_parameter(PipelineParams(), name, end))
        assert reading.stages[0].image.shape == (420, 900, 3)


def summary(reading):
    return reading.text, reading.numbers, [(digit.to_dict(), digit.model_input.tobytes()) for digit in reading.digits]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("layout.components.min_mark_height", 0.0),
        ("layout.lines.min_legible_side_px", 100),
        ("layout.baseline.max_slope", 0.0),
        ("layout.segmentation.min_confidence", 1.0),
        ("layout.line_components.max_small_height", 0.0),
        ("layout.separators.min_confidence", 1.0),
        ("layout.separator_shapes.min_point_bottom", 3.0),
        ("recognition.normalization.min_measured_side_px", 1000),
        ("recognition.consistency.usual_shape_share", 1.0),
        ("recognition.consistency.bar.min_fill", 1.0),
        ("recognition.acceptance.digit_prior_log_odds", -5.0),
        ("layout.separators.min_likely", 1.0),
        ("recognition.numbers.min_space", 10.0),
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
    alone = replace_parameter(PipelineParams(), "layout.segmentation.min_confidence", 1.0)
    assert len(read_image(drawing, Settings.for_drawing()).digits) == 1
    assert len(read_image(drawing, Settings.for_drawing(), params=alone).digits) == 2
