"""The tuned numbers of preprocessing are passed from the pipeline to each stage, and may have any value of their ranges."""

import ast
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

import digitcore
from digitcore import read_image
from digitcore.parameters import iterate_parameters, replace_parameter
from digitcore.pipeline_params import PipelineParams
from synthetic.hands import strokes, write

CORE = Path(digitcore.__file__).parent
STAGES = sorted((CORE / "preprocessing").glob("*.py"))
NUMBERS = {name: known for name, _, known in iterate_parameters(PipelineParams()) if name.startswith("preprocessing.")}


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
    paths = [*STAGES, CORE / "pipeline.py"]
    found = {path.name: list(calls_without_parameters(path.read_text(encoding="utf-8"), functions)) for path in paths}
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


@pytest.mark.parametrize("name", NUMBERS)
def test_a_picture_is_read_with_each_number_at_either_end_of_its_range(classifier, name):
    default = PipelineParams()
    for end in (NUMBERS[name].low, NUMBERS[name].high):
        reading = read_image(ruled_sheet(), classifier=classifier, params=replace_parameter(default, name, end))
        assert reading.stages[-1].image.dtype == np.uint8


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("preprocessing.resampling.min_side_px", 200),
        ("preprocessing.enhancement.kernel_radius", 1.0),
        ("preprocessing.sheet.min_area", 0.9),
        ("preprocessing.stroke_width.min_residue_share", 0.0),
        ("preprocessing.background.min_stroke_widths", 10.0),
        ("preprocessing.thresholding.min_ink_darkness", 200),
        ("preprocessing.line_detection.band_reach_px", 20),
        ("preprocessing.skew.fine_step_deg", 5.0),
        ("preprocessing.ruled_lines.min_thin_length", 1.0),
        ("preprocessing.ink_extraction.min_relative_darkness", 0.0),
    ],
)
def test_another_number_changes_the_stages_of_a_picture(classifier, name, value):
    default, changed = (
        read_image(ruled_sheet(), classifier=classifier, params=params)
        for params in (PipelineParams(), replace_parameter(PipelineParams(), name, value))
    )
    assert any(not np.array_equal(one.image, other.image) for one, other in zip(default.stages, changed.stages, strict=False))
