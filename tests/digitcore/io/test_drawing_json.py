import json
import re

import pytest

from digitcore import DrawingError
from digitcore.errors import ImageTooLargeError
from digitcore.io.drawing_json import parse_drawing
from digitcore.io.strokes import MAX_POINTS, MAX_STROKES

LINE = {"points": [[1, 2.5], [3, 4]], "pen_px": 10}


def drawing(**members):
    return json.dumps({"width": 280, "height": 140, "strokes": [LINE], **members})


def test_strokes_keep_their_order_points_and_pens():
    parsed = parse_drawing(drawing(strokes=[LINE, {"points": [[-5, 300]]}], profile="{}").encode())
    assert [stroke.points.tolist() for stroke in parsed.strokes] == [[[1.0, 2.5], [3.0, 4.0]], [[-5.0, 300.0]]]
    assert [stroke.pen_px for stroke in parsed.strokes] == [10, 1.0]
    assert (parsed.size_wh, parsed.profile) == ((280, 140), "{}")


def test_nothing_need_be_drawn():
    assert parse_drawing(drawing(strokes=[])).strokes == []


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 100_000, '{"width": ' + "9" * 5_000 + "}"])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(DrawingError, match=r"^This drawing can't be read: it is no JSON\.$"):
        parse_drawing(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[]", "expected an object, received []."),
        ('{"width": 1, "height": 1}', "expected `strokes`, received none."),
        (drawing(stroke=1), "expected `width`, `height`, `strokes`, `profile`, received 'stroke'."),
        (drawing(strokes={}), "expected a list of strokes, received {}."),
        (drawing(strokes=[[[1, 2]]]), "expected a stroke with `points`, received [[1, 2]]."),
        *(
            (drawing(strokes=[{"points": points}]), "expected `points` as a list of [x, y], at least one, received ")
            for points in (None, [], [1, 2], [[1]], [[1, 2, 3]], {"x": 1})
        ),
        (drawing(strokes=[{"points": [[1, "2"]]}]), "expected numbers as coordinates, received str."),
        (drawing(strokes=[{"points": [[1, True]]}]), "expected numbers as coordinates, received bool."),
        (drawing(strokes=[{"points": [[1, float("nan")]]}]), "expected finite coordinates, received NaN or infinity."),
        (drawing(strokes=[{"points": [[1, 100_001]]}]), "expected coordinates of at most 100,000 px, received 100,001."),
        *((drawing(strokes=[{**LINE, "pen_px": pen}]), "expected a pen of 0 to 32,767 px, received ") for pen in (-1, 40_000, "8", None)),
        *(
            (drawing(**{name: side}), "expected `width` and `height` as whole pixels, 1 to 100,000, received ")
            for name in ("width", "height")
            for side in (0, -3, 280.5, "280", True, None, 100_001)
        ),
        (drawing(profile={}), "expected `profile` as a text, received {}."),
    ],
)
def test_the_fault_is_named(text, fault):
    with pytest.raises(DrawingError, match=f"^This drawing can't be read: {re.escape(fault)}"):
        parse_drawing(text)


@pytest.mark.parametrize("strokes", [[{"points": [[1, 2]]}] * (MAX_STROKES + 1), [{"points": [[1, 2]] * (MAX_POINTS // 2 + 1)}] * 2])
def test_too_many_strokes_or_points_are_refused(strokes):
    with pytest.raises(DrawingError, match="There is too much to read"):
        parse_drawing(drawing(strokes=strokes))


def test_a_canvas_with_too_many_pixels_is_refused():
    with pytest.raises(ImageTooLargeError):
        parse_drawing(drawing(width=10_000, height=10_000))
