"""Parse a drawing that a client sends as JSON."""

import json
from itertools import chain
from typing import Any, Final, NamedTuple

from digitcore.errors import DrawingError
from digitcore.io.canvas_path import describe, finite_numbers
from digitcore.io.picture_limits import check_pixel_count
from digitcore.io.strokes import MAX_COORDINATE_PX, MAX_STROKES, Stroke, check_strokes
from digitcore.types import Float64Array

DEFAULT_PEN_PX: Final = 1.0
"""The width of a pen that isn't given. Drawings are read with a pen of their own, so that it changes no answer."""

_REQUIRED: Final = ("width", "height", "strokes")
_KNOWN: Final = (*_REQUIRED, "profile")


class Drawing(NamedTuple):
    """A drawing, and whose hand it is."""

    strokes: list[Stroke]
    """In pixels of the canvas."""

    size_wh: tuple[int, int]
    """Width and height of the canvas in pixels."""

    profile: str | None = None
    """The JSON of the writer's profile, not parsed yet."""


def parse_drawing(text: str | bytes) -> Drawing:
    """Parse a drawing that may come from anybody.

    Args:
        text: a JSON object with `width` and `height` of the canvas in whole pixels, `strokes`, and optionally `profile`, the text of a
            writer's profile. A stroke is an object with `points`, a list of [x, y] in pixels, and optionally `pen_px`, its pen's width.

    Returns:
        The drawing.

    Raises:
        DrawingError: the text is no drawing, or has more strokes or points than are read; the message says what is wrong.
        ImageTooLargeError: the canvas has more pixels than a picture may have.

    Examples:
        >>> drawing = parse_drawing('{"width": 280, "height": 140, "strokes": [{"points": [[20, 50], [80, 50]], "pen_px": 10}]}')
        >>> drawing.size_wh, drawing.strokes[0].points.tolist()
        ((280, 140), [[20.0, 50.0], [80.0, 50.0]])
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DrawingError("This drawing can't be read: it is no JSON.") from error
    try:
        _check_names(content)
        strokes = _parse_strokes(content["strokes"])
        return Drawing(strokes, _parse_size(content["width"], content["height"]), _parse_profile(content.get("profile")))
    except ValueError as error:
        raise DrawingError(f"This drawing can't be read: {error}") from error


def _check_names(content: object) -> None:
    """Raise an error where a value isn't an object with the names of a drawing."""
    if not isinstance(content, dict):
        raise ValueError(f"expected an object, received {describe(content)}.")
    for name in _REQUIRED:
        if name not in content:
            raise ValueError(f"expected `{name}`, received none.")
    for name in content:
        if name not in _KNOWN:
            raise ValueError(f"expected {', '.join(f'`{known}`' for known in _KNOWN)}, received {describe(name)}.")


def _parse_size(*size_wh: Any) -> tuple[int, int]:
    """Check the width and the height of a canvas."""
    for side in size_wh:
        if type(side) is not int or not 1 <= side <= MAX_COORDINATE_PX:
            raise ValueError(f"expected `width` and `height` as whole pixels, 1 to {MAX_COORDINATE_PX:,}, received {describe(side)}.")
    width, height = size_wh
    check_pixel_count(width, height)
    return width, height


def _parse_strokes(strokes: Any) -> list[Stroke]:
    """Parse and check all strokes."""
    if not isinstance(strokes, list):
        raise ValueError(f"expected a list of strokes, received {describe(strokes)}.")
    parsed = [_parse_stroke(stroke) for stroke in strokes[: MAX_STROKES + 1]]
    check_strokes(parsed)
    return parsed


def _parse_stroke(stroke: Any) -> Stroke:
    if not isinstance(stroke, dict):
        raise ValueError(f"expected a stroke with `points`, received {describe(stroke)}.")
    return Stroke(_parse_points(stroke.get("points")), stroke.get("pen_px", DEFAULT_PEN_PX))


def _parse_points(points: Any) -> Float64Array:
    if not isinstance(points, list) or not points or not all(isinstance(point, list) and len(point) == 2 for point in points):
        raise ValueError(f"expected `points` as a list of [x, y], at least one, received {describe(points)}.")
    return finite_numbers(chain.from_iterable(points)).reshape(-1, 2)


def _parse_profile(profile: Any) -> str | None:
    if profile is not None and not isinstance(profile, str):
        raise ValueError(f"expected `profile` as a text, received {describe(profile)}.")
    return profile
