"""Draw marks that are no digits from scratch: scribbles, figures, signs, letters of many scripts, dots, blobs and textures.

Each function takes a random generator and returns a new mark, uint8 `(H, H)`, white ink on black.
"""

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.types import Float64Array, UInt8Array
from model.handwritten import HELD_OUT_WRITERS, draw
from synthetic.signs import SIGNS
from synthetic.writers import Writer, make_writer

CANVAS_PX: Final = 96
"""Side of the canvas on which a mark is drawn."""

LATIN: Final = "ACEFHJKMNPRTUVWXYadefhkmnprtuvwx&%#@+=*"
"""Letters and signs, without those that some people write like a digit (O, I, l, S, Z, B, b, G, g, q, y, D, Q…)."""

SCRIPTS: Final = (
    "ΓΔΛΞΠΣΨΩαγηλμνξπτχψω",
    "БДЖИЙЛПЦШЩЫЮЯвджийкмнптцшщыюяЂЉЊЋѢѬ",
    "אבגהחטמנעפצקשתםץ",
    "بتثجخسشصضطظغفقكني",
    "あいえおかきけこさしすせたとなにぬねのはふほまみむめもやゆよれわをん",
    "アイウエオカキケコサシスセソチツナニヌネハヒホマミムメモヤユヨリルヲン",
)
"""Alphabets of other scripts, without the letters that resemble a handwritten digit (Э, ד, フ, つ, Θ…)."""

HANGUL: Final = (0xAC00, 0xD7A4)
"""First code point of the Hangul syllables, and the one after their last."""

IDEOGRAPHS: Final = (0x4E00, 0x9FA6)
"""First code point of the CJK ideographs, and the one after their last."""

OUTLINE_FONTS: Final = tuple(cv2.FontFace(name) for name in ("sans", "italic", "uni"))
"""The TrueType fonts built into OpenCV; characters that the first two lack are taken from the third."""

BITTEN_SHARE: Final = 0.5
"""The share of blocks that are shaded squares with a round gap."""

MAX_SIGN_PEN: Final = 0.18
"""The broadest pen of a sign, in its heights, a little broader than that of the canvas."""

LOOPED_SIGNS: Final = "%&@$€£"
"""Signs whose loops a broad pen fills, so that they are blots that resemble an 8."""

MAX_LOOPED_SIGN_PEN: Final = 0.15
"""The broadest pen of `LOOPED_SIGNS`."""

STROKE_FONTS: Final = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)
"""Hershey fonts, whose letters are strokes of any width."""


def scribble(rng: np.random.Generator) -> UInt8Array:
    """Draw one to five random strokes, smooth or angular, that cross each other."""
    canvas = _canvas()
    pen_px = int(rng.integers(3, 13))
    for _ in range(rng.integers(1, 6)):
        corners = rng.uniform(12, CANVAS_PX - 12, (rng.integers(2, 8) if rng.random() < 0.7 else rng.integers(8, 30), 2))
        smooth = rng.random() < 0.6
        points = cv2.resize(corners, (2, 8 * len(corners)), interpolation=cv2.INTER_CUBIC) if smooth else corners
        _lines(canvas, points, pen_px, closed=rng.random() < 0.1)
    return canvas


def figure(rng: np.random.Generator) -> UInt8Array:
    """Draw a cross, grid, arrow, triangle, diamond, star, spiral, bracket or a row of parallel strokes, at any angle."""
    canvas = _canvas()
    pen_px = int(rng.integers(5, 12))
    angle = rng.uniform(0, 2 * np.pi)
    kind = rng.integers(5)
    if kind == 0:  # spokes of a cross or a star
        for step in range(rng.integers(2, 6)):
            _lines(canvas, _polar(np.array([angle + step, angle + step + np.pi]), np.full(2, 36.0)), pen_px)
    elif kind == 1:  # polygon
        corners = rng.integers(3, 5)
        start = angle if corners == 3 else rng.normal(0, 0.15)  # a diamond: a square on its side resembles some people's 0
        _lines(canvas, _polar(start + 2 * np.pi * np.arange(corners) / corners, np.full(corners, 36.0)), pen_px, closed=True)
    elif kind == 2:  # spiral
        turns = np.linspace(0, rng.uniform(3, 6) * np.pi, 60)
        _lines(canvas, _polar(angle + turns, np.linspace(4, 38, 60)), pen_px)
    elif kind == 3:  # parallel strokes, crossed or not
        for offset in np.linspace(-30, 30, rng.integers(2, 5)):
            _lines(canvas, _rotated(np.array([[offset, -34], [offset, 34]]), angle), pen_px)
            if rng.random() < 0.4:
                _lines(canvas, _rotated(np.array([[-34, offset], [34, offset]]), angle), pen_px)
    else:  # an arc with a nearly horizontal bar across
        sweep = rng.uniform(0.05, 1.2) * np.pi
        _lines(canvas, _polar(angle + np.linspace(0, sweep, 30), np.full(30, 34.0)), pen_px)
        _lines(canvas, _rotated(np.array([[-36, 0], [36, 0]]), rng.uniform(-0.6, 0.6)), pen_px)
    return canvas


def latin(rng: np.random.Generator) -> UInt8Array:
    """Draw a Latin letter or a sign in one of `STROKE_FONTS`."""
    canvas = _canvas()
    character = LATIN[rng.integers(len(LATIN))]
    font, pen_px = STROKE_FONTS[rng.integers(len(STROKE_FONTS))], int(rng.integers(4, 10))
    scale = 2.4
    (width, height), _ = cv2.getTextSize(character, font, scale, pen_px)
    origin = (CANVAS_PX - width) // 2, (CANVAS_PX + height) // 2
    cv2.putText(canvas, character, origin, font, scale, 255, pen_px, cv2.LINE_AA)
    return canvas


def other_script(rng: np.random.Generator) -> UInt8Array:
    """Draw a character of another script in one of `OUTLINE_FONTS`, of weight 100 to 900, slightly deformed."""
    kind = rng.integers(len(SCRIPTS) + 2)
    if kind < len(SCRIPTS):
        character = SCRIPTS[kind][rng.integers(len(SCRIPTS[kind]))]
    else:
        character = chr(rng.integers(*(HANGUL, IDEOGRAPHS)[kind - len(SCRIPTS)]))
    canvas = _canvas()
    font = OUTLINE_FONTS[rng.integers(len(OUTLINE_FONTS))]
    cv2.putText(canvas, character, (16, 72), (255,), font, 60, int(rng.integers(100, 901)))
    displacement = cv2.resize(rng.normal(0, 3, (4, 4, 2)).astype(np.float32), canvas.shape, interpolation=cv2.INTER_CUBIC)
    source = _GRID + np.asarray(displacement, np.float32)
    return np.asarray(cv2.remap(canvas, source[..., 0], source[..., 1], cv2.INTER_LINEAR), np.uint8)


def glyph(rng: np.random.Generator) -> UInt8Array:
    """Draw an artificial letter of two to four straight or curved strokes between points near a coarse grid."""
    canvas = _canvas()
    pen_px = int(rng.integers(4, 11))
    start = rng.uniform((24, 14), (72, 82))
    for _ in range(rng.integers(2, 5)):
        end = rng.choice(np.array([18, 48, 78]), 2) + rng.normal(0, 4, 2)
        position = np.linspace(0, 1, 16)[:, None]
        curvature = np.array([[start[1] - end[1], end[0] - start[0]]]) * rng.choice(np.array([0, 0, 0.5, -0.5, 1, -1]))
        _lines(canvas, start + position * (end - start) + np.sin(np.pi * position) * curvature, pen_px)
        start = end if rng.random() < 0.6 else rng.choice(np.array([18, 48, 78]), 2)
    return canvas


def dots(rng: np.random.Generator) -> UInt8Array:
    """Draw one to six circular or elliptical dots."""
    canvas = _canvas()
    for _ in range(rng.choice(np.array([1, 1, 2, 3, 4, 6]))):
        centre = tuple(int(value) for value in rng.integers(20, CANVAS_PX - 20, 2))
        axes = tuple(int(value) for value in rng.integers(4, 16) * rng.uniform(0.7, 1.3, 2))
        cv2.ellipse(canvas, centre, axes, rng.uniform(0, 180), 0, 360, 255, -1, cv2.LINE_AA)
    return canvas


def block(rng: np.random.Generator) -> UInt8Array:
    """Draw one or two filled rectangles that are too broad for a 1, upright or at any angle, or a shaded square with a round gap."""
    canvas = _canvas()
    if rng.random() < BITTEN_SHARE:
        return _bitten_square(rng)
    for _ in range(rng.integers(1, 3)):
        long_px = rng.uniform(20, 70)
        size = (long_px * rng.uniform(0.55, 1), long_px)
        corners = cv2.boxPoints((tuple(rng.uniform(36, 60, 2)), size, rng.uniform(0, 180) * (rng.random() < 0.5)))
        cv2.fillPoly(canvas, [np.round(corners).astype(np.int32)], 255, cv2.LINE_AA)
    return canvas


def _bitten_square(rng: np.random.Generator) -> UInt8Array:
    """Draw a square with rough edges, darker towards a round gap: what thresholding leaves of a gradient or of noise."""
    square = np.full((CANVAS_PX, CANVAS_PX), 255.0)
    y, x = np.mgrid[0:CANVAS_PX, 0:CANVAS_PX] / CANVAS_PX
    if rng.random() < 0.6:
        centre = np.array([rng.choice((0.0, 1.0)) + rng.normal(0, 0.08), rng.uniform(0, 1)])[rng.permutation(2)]  # not a hole: that is a 0
        distance = np.hypot(x - centre[0], y - centre[1])
        gap = rng.uniform(0.2, 0.5)
        square = np.clip(255 * (rng.uniform(0.2, 1) + (distance - gap) * rng.uniform(0, 1.5)), 0, 255) * (distance > gap)
    side = int(rng.integers(14, 29))
    rough = cv2.resize((rng.random((side, side)) < rng.uniform(0.8, 1)).astype(np.float64), square.shape, interpolation=cv2.INTER_NEAREST)
    return np.pad(np.asarray(square * np.maximum(rough, rng.random() < 0.5), np.uint8)[8:-8, 8:-8], 8)


def blob(rng: np.random.Generator) -> UInt8Array:
    """Draw a filled irregular polygon, possibly symmetric, shaded, and with holes; it resembles clothes, leaves or stains."""
    corners = rng.integers(4, 14)
    angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
    outline = _polar(angles, rng.uniform(10, 44, corners)) * (1, rng.uniform(0.4, 1)) + (0, rng.uniform(0, 20))
    canvas = _canvas()
    cv2.fillPoly(canvas, [np.round(outline).astype(np.int32)], 255, cv2.LINE_AA)
    if rng.random() < 0.5:
        canvas = np.maximum(canvas, canvas[:, ::-1])
    if rng.random() < 0.6:
        shade = cv2.resize(rng.uniform(0.2, 1, (rng.integers(2, 9), rng.integers(2, 9))), canvas.shape, interpolation=cv2.INTER_CUBIC)
        canvas = np.clip(canvas * shade, 0, 255).astype(np.uint8)
    for _ in range(rng.integers(0, 3)):
        centre = tuple(int(value) for value in rng.integers(20, CANVAS_PX - 20, 2))
        cv2.circle(canvas, centre, int(rng.integers(4, 14)), 0, -1)
    return canvas


def texture(rng: np.random.Generator) -> UInt8Array:
    """Fill the canvas with fine or coarse noise, waves, a checkerboard, a linear or radial gradient, or sparse specks."""
    y, x = np.mgrid[0:CANVAS_PX, 0:CANVAS_PX] / CANVAS_PX
    kind = rng.integers(6)
    if kind == 0:
        cells = rng.integers(3, 40)
        values = cv2.resize(rng.uniform(rng.uniform(-2, 0), 1, (cells, cells)), x.shape, interpolation=int(rng.integers(3)))
    elif kind == 1:
        values = np.sin(rng.uniform(6, 40) * (x * np.cos(rng.uniform(0, 3)) + y) + rng.uniform(0, 6))
    elif kind == 2:
        values = np.sign(np.sin(rng.uniform(6, 30) * x) * np.sin(rng.uniform(6, 30) * y))
    elif kind == 3:
        values = np.clip(rng.uniform(1, 8) * (x * rng.normal() + y * rng.normal() + rng.normal(0, 0.3)), 0, 1)
    elif kind == 4:
        centre_x, centre_y = rng.uniform(0, 1, 2)
        values = rng.normal() + rng.normal(0, 3) * np.hypot(x - centre_x, y - centre_y)
    else:
        specks = rng.random((MODEL_SIDE_PX, MODEL_SIDE_PX)) < rng.uniform(0.005, 0.5)
        values = cv2.resize(specks * rng.uniform(0.3, 1, specks.shape), x.shape, interpolation=cv2.INTER_NEAREST)
    return np.asarray(np.clip(255 * values, 0, 255), np.uint8)


def sign(rng: np.random.Generator) -> UInt8Array:
    """Draw one of the signs that people write with digits, in the hand of a synthetic writer."""
    writer = make_writer(int(rng.integers(HELD_OUT_WRITERS)))
    return write_sign(list(SIGNS)[rng.integers(len(SIGNS))], writer, rng)


def write_sign(character: str, writer: Writer, rng: np.random.Generator) -> UInt8Array:
    """Draw a sign, one of `SIGNS`, in a writer's hand."""
    max_pen = MAX_LOOPED_SIGN_PEN if character in LOOPED_SIGNS else MAX_SIGN_PEN
    return draw(writer.write_paths(SIGNS[character](rng), rng), min(writer.pen, max_pen))


DRAWN: Final = (
    *(scribble, scribble, figure, glyph, glyph, blob, texture, texture, dots, dots, block, block, block, block),
    *(latin, latin, latin, other_script, other_script, other_script, other_script, other_script, other_script),
    *(sign, sign, sign, sign, sign, sign, sign, sign),
)
"""The functions that draw a mark from scratch; one that occurs twice is chosen twice as often."""

_GRID: Final = np.stack(np.meshgrid(np.arange(CANVAS_PX), np.arange(CANVAS_PX)), axis=-1).astype(np.float32)
"""float32 `(H, W, 2)`: the coordinates x, y of each pixel of the canvas."""


def _canvas() -> UInt8Array:
    """Make a black canvas."""
    return np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)


def _lines(canvas: UInt8Array, points: npt.NDArray[Any], pen_px: int, *, closed: bool = False) -> None:
    """Draw lines between consecutive points, float `(N, 2)`, onto the canvas, which is changed."""
    cv2.polylines(canvas, [np.round(points).astype(np.int32)], closed, 255, pen_px, cv2.LINE_AA)


def _polar(angles: Float64Array, radii: Float64Array) -> Float64Array:
    """Convert polar coordinates about the centre of the canvas, in radians and pixels, to points x, y."""
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1) + CANVAS_PX / 2


def _rotated(points: npt.NDArray[np.floating], angle: float) -> Float64Array:
    """Rotate points by an angle in radians about the origin, then move the origin to the centre of the canvas."""
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(points @ rotation.T + CANVAS_PX / 2, np.float64)
