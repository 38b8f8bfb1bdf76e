import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.io.canvas_path import flatten_path
from tests.properties import given

coordinates = st.floats(-1000, 1000)
commands = st.lists(
    st.one_of(
        st.builds(lambda name, *numbers: [name, *numbers], st.sampled_from(["M", "L", "C"]), coordinates, coordinates),
        st.builds(lambda *numbers: ["L", *numbers], *[coordinates] * 6),
        st.builds(lambda *numbers: ["Q", *numbers], *[coordinates] * 4),
        st.sampled_from([["Z"], ["M"], ["z"]]),
    ),
    max_size=12,
)


def slow_points(path):
    """Flatten a path command by command, and each curve point by point."""
    points, x, y = [], 0.0, 0.0
    for name, *numbers in path:
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if name in ("M", "L"):
            points += pairs
        elif name == "Q":
            (control_x, control_y), (end_x, end_y) = pairs
            for step in range(1, 8):
                t = step / 7
                start_weight, control_weight, end_weight = (1 - t) ** 2, 2 * t * (1 - t), t**2
                points.append(
                    (
                        start_weight * x + control_weight * control_x + end_weight * end_x,
                        start_weight * y + control_weight * control_y + end_weight * end_y,
                    )
                )
        x, y = pairs[-1] if pairs else (x, y)
    return points


@given(commands)
def test_a_path_is_flattened_as_a_slow_reference_does(path):
    before = json.dumps(path)
    points = flatten_path(path)
    assert points.dtype == np.float64
    assert points.shape == (len(points), 2)
    assert points == pytest.approx(np.array(slow_points(path)).reshape(-1, 2), abs=1e-9)
    assert json.dumps(path) == before


def test_a_curve_starts_where_the_pen_is_and_ends_exactly_at_its_end():
    assert flatten_path([["Q", 0, 0, 7, 14]])[[0, -1]].tolist() == [[1 / 7, 2 / 7], [7, 14]]
    after_a_move = flatten_path([["C", 1, 1, 70, 70], ["Z"], ["Q", 70, 70, 0, 0]])
    assert len(after_a_move) == 7
    assert after_a_move[0].tolist() == pytest.approx([70 * 48 / 49] * 2)


@pytest.mark.parametrize("number", [3, 3.0, np.float32(3), np.int64(3)])
def test_any_real_number_is_a_coordinate(number):
    assert flatten_path((("M", number, 1), ("L", 1, number))).tolist() == [[3, 1], [1, 3]]


WRONG_COMMANDS = [[], "M", {"M": 1}, 5, None, [1, 2], [None], ["M", 1], ["L", 1, 2, 3], ["Q", 1, 2], ["Q", 1, 2, 3, 4, 5, 6], ["Q"]]


@pytest.mark.parametrize("command", WRONG_COMMANDS, ids=repr)
def test_another_structure_is_a_value_error(command):
    with pytest.raises(ValueError, match=r"^expected .*, received .*\.$"):
        flatten_path([["M", 1, 2], command])


WRONG_NUMBERS = [None, True, "1", [1], {}, 1j, Fraction(1, 2), np.nan, -np.inf, 10**400, -(10**5000)]


@pytest.mark.parametrize("number", WRONG_NUMBERS, ids=lambda number: type(number).__name__)
@pytest.mark.parametrize("name", ["M", "C"])
def test_what_is_no_finite_number_is_a_value_error(name, number):
    with pytest.raises(ValueError, match=r"^expected .*, received .{1,80}\.$"):
        flatten_path([[name, 1, number]])


def test_a_message_is_short_however_large_the_command_is():
    with pytest.raises(ValueError, match="expected") as raised:
        flatten_path([["M", *range(100_001)]])
    assert len(str(raised.value)) < 200
