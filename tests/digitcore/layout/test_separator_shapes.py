import pytest

from digitcore.layout.parameters import LayoutParams, SeparatorShapeParams
from digitcore.layout.separator_parts import Part
from digitcore.layout.separator_shapes import match_colon, match_dot, match_shape, match_slash
from digitcore.parameters import iterate_parameters, replace_parameter
from digitcore.types import Box


def part(length, width, lean, top, bottom, center_x=0.0, ink_level=1.0):
    norm = (lean**2 + 1) ** 0.5
    direction = (1.0, 0.0) if lean == float("inf") else (lean / norm, 1 / norm)
    return Part(Box(0, 0, 5, 5), length, width, direction, top, bottom, center_x, ink_level)


POINT = part(0.1, 0.08, 0.0, 0.88, 0.98)
COMMA = part(0.34, 0.11, 0.3, 0.82, 1.15)
DASH = part(0.42, 0.09, float("inf"), 0.46, 0.55)
MARKER_COMMA = part(0.31, 0.165, 0.27, 0.74, 1.08)


@pytest.mark.parametrize(("mark", "kind"), [(POINT, "."), (COMMA, ","), (DASH, "-"), (MARKER_COMMA, ",")])
def test_typical_separators_are_recognized(mark, kind):
    shape = match_shape(mark)
    assert shape.kind == kind
    assert shape.probability > 0.9


@pytest.mark.parametrize(
    "mark",
    [
        POINT._replace(top=0.4, bottom=0.5),
        POINT._replace(top=1.3, bottom=1.4),
        POINT._replace(ink_level=0.5),
        POINT._replace(length=0.5, width=0.4),
        COMMA._replace(top=0.1, bottom=0.45),
        COMMA._replace(ink_level=0.5),
        DASH._replace(top=0.02, bottom=0.12),
        DASH._replace(top=0.95, bottom=1.05),
        DASH._replace(length=1.5),
        DASH._replace(direction=(0.5**0.5, 0.5**0.5)),
    ],
)
def test_marks_of_another_place_size_or_ink_are_none(mark):
    assert match_shape(mark).probability < 0.1


def test_between_point_and_comma_neither_is_sure():
    between = part(0.24, 0.137, 0.0, 0.8, 1.04)
    assert 0.3 < match_shape(between).probability < 0.7


def test_two_dots_above_each_other_are_a_colon():
    upper = POINT._replace(top=0.3, bottom=0.4)
    assert match_colon(upper, POINT, 0.0) > 0.9
    assert match_colon(POINT, upper, 0.0) < 0.01
    assert match_colon(upper._replace(ink_level=0.5), POINT, 0.0) < 0.01
    assert match_colon(upper._replace(center_x=0.6), POINT, 0.0) < 0.01


@pytest.mark.parametrize("shift", [0.0, 0.15, 0.29])
def test_a_colon_may_lean_like_the_line_or_stand_upright(shift):
    upper = POINT._replace(top=0.3, bottom=0.4, center_x=shift)
    assert match_colon(upper, POINT, 0.5) > 0.9
    assert match_colon(upper._replace(center_x=-shift), POINT, -0.5) > 0.9


def test_a_slash_leans_further_than_the_line_or_is_higher_than_its_digits():
    slash = part(1.3, 0.18, 0.5, -0.1, 1.1)
    one = part(1.0, 0.16, 0.05, 0.0, 1.0)
    assert match_slash(slash, 0.0) > 0.9
    assert match_slash(one, 0.0) < 0.1
    assert match_slash(slash, 0.0) > match_slash(slash, 0.3)
    assert match_slash(slash._replace(width=0.5), 0.0) < 0.01  # a 1 with a flag
    assert match_slash(one._replace(bottom=1.2), 0.0) > match_slash(one, 0.0)


@pytest.mark.parametrize(("height", "probability"), [(1.04, 0.269), (1.06, 0.5), (1.08, 0.731), (1.1, 0.881)])
def test_the_odds_are_e_to_one_at_the_softness_from_a_limit(height, probability):
    params = LayoutParams(separator_shapes=SeparatorShapeParams(slash_slant_and_height=1.06, softness=0.02))
    stroke = part(1.0, 0.1, 0.0, 0.0, height)
    assert match_slash(stroke, 0.0, params=params) == pytest.approx(probability, abs=1e-3)


def test_measures_far_from_their_limits_do_not_overflow():
    assert match_dot(POINT._replace(length=1e9)) == pytest.approx(0)
    assert match_shape(COMMA._replace(bottom=1e9)).probability == pytest.approx(1, abs=0.01)
    assert match_slash(part(1e9, 0.18, 0.5, -1e9, 1e9), 0.0) == pytest.approx(1)
    assert match_slash(part(1.3, 0.18, 0.5, 1e9, -1e9), 0.0) == pytest.approx(0)


@pytest.mark.parametrize("name", [name for name, *_ in iterate_parameters(SeparatorShapeParams())])
def test_every_parameter_decides_something(name):
    """Move one number to the ends of its range: some mark changes."""
    marks = [POINT, COMMA, DASH, MARKER_COMMA, part(0.24, 0.137, 0.0, 0.8, 1.04), part(1.0, 0.16, 0.1, 0.0, 1.05)]
    upper = POINT._replace(top=0.3, bottom=0.4)

    def measure(params):
        return [
            *(match_shape(mark, params) for mark in marks),
            *(match_dot(mark, params) for mark in marks),
            match_colon(upper, POINT, 0.0, params),
            *(match_slash(mark, 0.0, 1.0, params) for mark in marks),
        ]

    ends = {each: (known.low, known.high) for each, _, known in iterate_parameters(SeparatorShapeParams())}[name]
    before = measure(LayoutParams())
    assert any(measure(replace_parameter(LayoutParams(), f"separator_shapes.{name}", end)) != before for end in ends)
