"""Marks that are no digits, made from nothing and from torn digits, so that the network learns to have no opinion of them.

Each is drawn large and then goes the way of every mark (`normalize_digit`): cropped, fitted, centred.
"""

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.recognition.normalization import crop_to_ink, normalize_digit
from digitcore.types import Float64Array, UInt8Array
from model.data import LabelledDigits

CANVAS_PX: Final = 96
LATIN: Final = "ACEFHJKMNPRTUVWXYadefhkmnprtuvwx&%#@+=*"
"""Letters and signs, without those that some hand writes like a digit (O, I, l, S, Z, B, b, G, g, q, y, D, Q…)."""

SCRIPTS: Final = (
    "ΓΔΛΞΠΣΨΩαγηλμνξπτχψω",
    "БДЖИЙЛПЦШЩЫЮЯвджийкмнптцшщыюяЂЉЊЋѢѬ",
    "אבגהחטמנעפצקשתםץ",
    "بتثجخسشصضطظغفقكني",
    "あいえおかきけこさしすせたとなにぬねのはふほまみむめもやゆよれわをん",
    "アイウエオカキケコサシスセソチツナニヌネハヒホマミムメモヤユヨリルヲン",
)
"""Alphabets of other scripts, without the letters that some hand's digit looks like (Э, ד, フ, つ, Θ…)."""

HANGUL: Final = (0xAC00, 0xD7A4)
IDEOGRAPHS: Final = (0x4E00, 0x9FA6)
"""Ranges of code points, from and up to, of scripts with too many signs to list."""

OUTLINE_FONTS: Final = tuple(cv2.FontFace(name) for name in ("sans", "italic", "uni"))
"""The outlines that OpenCV carries; whatever the first two lack is taken from the third."""

STROKE_FONTS: Final = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)


def negative(digits: LabelledDigits, rng: np.random.Generator) -> UInt8Array:
    """Draw one mark that is no digit, uint8 `(28, 28)`; `digits` serve as material for torn ones."""
    if rng.random() < UNSHAPED_SHARE:
        whole = DRAWN[rng.integers(len(DRAWN))](rng) if rng.random() < 0.5 else texture(rng)
        return cv2.resize(whole, (MODEL_SIDE_PX, MODEL_SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    drawn = torn(digits, rng) if rng.random() < TORN_SHARE else DRAWN[rng.integers(len(DRAWN))](rng)
    if not drawn.any():
        return np.zeros((MODEL_SIDE_PX, MODEL_SIDE_PX), np.uint8)
    return negative(digits, rng) if is_bar(drawn) else normalize_digit(drawn).model_input


def torn(digits: LabelledDigits, rng: np.random.Generator) -> UInt8Array:
    """Tear one digit or mix two; digits of which parts are still digits (1, 0, 8) are left out."""
    kind = TORN[rng.integers(len(TORN))]
    first, second = rng.integers(len(digits.labels), size=2)
    labels = {int(digits.labels[first]), int(digits.labels[second])}
    if (kind is not pair and 1 in labels) or (kind is turned and {0, 8} & labels):
        return torn(digits, rng)
    return kind(digits.images[[first, second]], rng)


def is_bar(ink: UInt8Array) -> bool:
    """Decide whether a mark is one straight, upright or leaning stroke: a plain 1."""
    strokes = (ink > 96).astype(np.uint8)
    if not strokes.any():
        return False
    points = cv2.findNonZero(strokes)
    (_, _), (width, height), angle = cv2.minAreaRect(points)
    long_px, short_px = max(width, height), max(min(width, height), 1.0)
    from_upright = abs((angle if height >= width else angle + 90) % 180)
    leaning = min(from_upright, 180 - from_upright) <= BAR_LEANS_DEG
    return leaning and long_px >= BAR_ASPECT * short_px and len(points) >= BAR_FILLED * long_px * short_px


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
        start = angle if corners == 3 else rng.normal(0, 0.15)  # a square that stands on its side is somebody's 0
        _lines(canvas, _polar(start + 2 * np.pi * np.arange(corners) / corners, np.full(corners, 36.0)), pen_px, closed=True)
    elif kind == 2:  # spiral
        turns = np.linspace(0, rng.uniform(3, 6) * np.pi, 60)
        _lines(canvas, _polar(angle + turns, np.linspace(4, 38, 60)), pen_px)
    elif kind == 3:  # parallel strokes, crossed or not
        for offset in np.linspace(-30, 30, rng.integers(2, 5)):
            _lines(canvas, _turned(np.array([[offset, -34], [offset, 34]]), angle), pen_px)
            if rng.random() < 0.4:
                _lines(canvas, _turned(np.array([[-34, offset], [34, offset]]), angle), pen_px)
    else:  # a single bar that lies or leans far from upright, or an arc
        sweep = rng.uniform(0.05, 1.2) * np.pi
        _lines(canvas, _polar(angle + np.linspace(0, sweep, 30), np.full(30, 34.0)), pen_px)
        _lines(canvas, _turned(np.array([[-36, 0], [36, 0]]), rng.uniform(-0.6, 0.6)), pen_px)
    return canvas


def latin(rng: np.random.Generator) -> UInt8Array:
    """Draw a letter or a sign in one of OpenCV's stroke fonts."""
    canvas = _canvas()
    sign = LATIN[rng.integers(len(LATIN))]
    font, pen_px = STROKE_FONTS[rng.integers(len(STROKE_FONTS))], int(rng.integers(4, 10))
    scale = 2.4
    (width, height), _ = cv2.getTextSize(sign, font, scale, pen_px)
    origin = (CANVAS_PX - width) // 2, (CANVAS_PX + height) // 2
    cv2.putText(canvas, sign, origin, font, scale, 255, pen_px, cv2.LINE_AA)
    return canvas


def other_script(rng: np.random.Generator) -> UInt8Array:
    """Draw a character of another script from a font's outlines, light to black."""
    kind = rng.integers(len(SCRIPTS) + 2)
    if kind < len(SCRIPTS):
        sign = SCRIPTS[kind][rng.integers(len(SCRIPTS[kind]))]
    else:
        sign = chr(rng.integers(*(HANGUL, IDEOGRAPHS)[kind - len(SCRIPTS)]))
    canvas = _canvas()
    font = OUTLINE_FONTS[rng.integers(len(OUTLINE_FONTS))]
    cv2.putText(canvas, sign, (16, 72), (255,), font, 60, int(rng.integers(100, 901)))
    wobble = cv2.resize(rng.normal(0, 3, (4, 4, 2)).astype(np.float32), canvas.shape, interpolation=cv2.INTER_CUBIC)
    source = _GRID + np.asarray(wobble, np.float32)
    return np.asarray(cv2.remap(canvas, source[..., 0], source[..., 1], cv2.INTER_LINEAR), np.uint8)


def glyph(rng: np.random.Generator) -> UInt8Array:
    """Draw a made-up letter: two to four arcs, hooks and straight strokes that meet at the knots of a coarse lattice."""
    canvas = _canvas()
    pen_px = int(rng.integers(4, 11))
    knot = rng.uniform((24, 14), (72, 82))
    for _ in range(rng.integers(2, 5)):
        goal = rng.choice(np.array([18, 48, 78]), 2) + rng.normal(0, 4, 2)
        way = np.linspace(0, 1, 16)[:, None]
        bow = np.array([[knot[1] - goal[1], goal[0] - knot[0]]]) * rng.choice(np.array([0, 0, 0.5, -0.5, 1, -1]))
        _lines(canvas, knot + way * (goal - knot) + np.sin(np.pi * way) * bow, pen_px)
        knot = goal if rng.random() < 0.6 else rng.choice(np.array([18, 48, 78]), 2)
    return canvas


def dots(rng: np.random.Generator) -> UInt8Array:
    """Draw one to six round or oval dots."""
    canvas = _canvas()
    for _ in range(rng.choice(np.array([1, 1, 2, 3, 4, 6]))):
        centre = tuple(int(value) for value in rng.integers(20, CANVAS_PX - 20, 2))
        axes = tuple(int(value) for value in rng.integers(4, 16) * rng.uniform(0.7, 1.3, 2))
        cv2.ellipse(canvas, centre, axes, rng.uniform(0, 180), 0, 360, 255, -1, cv2.LINE_AA)
    return canvas


def block(rng: np.random.Generator) -> UInt8Array:
    """Draw a filled rectangle that is too broad for a 1, at any angle, sometimes with a second one."""
    canvas = _canvas()
    for _ in range(rng.integers(1, 3)):
        long_px = rng.uniform(20, 70)
        size = (long_px * rng.uniform(0.55, 1), long_px)
        corners = cv2.boxPoints((tuple(rng.uniform(36, 60, 2)), size, rng.uniform(0, 180) * (rng.random() < 0.5)))
        cv2.fillPoly(canvas, [np.round(corners).astype(np.int32)], 255, cv2.LINE_AA)
    return canvas


def blob(rng: np.random.Generator) -> UInt8Array:
    """Draw a filled shape with lumps and holes, plain or shaded: clothes, leaves, stains, solid blocks."""
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
    """Noise fine and coarse, sparse specks, waves, checks and gradients that fill the picture."""
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


def pair(two: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Put two digits side by side, near or touching, as when a split was missed."""
    one, other = (crop_to_ink(each) for each in two)
    height = max(len(one), len(other))
    sunk = [np.pad(each, ((height - len(each), 0), (0, 0))) for each in (one, other)]
    air = np.zeros((height, int(rng.integers(0, 4))), np.uint8)
    return np.hstack([sunk[0], air, sunk[1]])


def overlay(two: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Put two digits across each other, the second rotated."""
    one, other = two
    return np.asarray(np.maximum(one, np.rot90(other, int(rng.integers(1, 4)))), np.uint8)


def turned(two: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Lay a digit on its side, or put two above each other."""
    one, other = two
    if rng.random() < 0.5:
        return np.ascontiguousarray(np.rot90(one, 1 + 2 * int(rng.integers(2))))
    return np.vstack([one[4:24], other[4:24]])


def fragments(two: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Erase two bands across and two down, so that no stroke of a digit stays whole."""
    rubbed: UInt8Array = two[0].copy()
    for start in (*rng.integers(5, 11, 2), *rng.integers(14, 20, 2)):
        band = slice(start, start + rng.integers(3, 6))
        rubbed[band] = 0
        rubbed = np.ascontiguousarray(rubbed.T)
    return rubbed


DRAWN: Final = (scribble, scribble, figure, glyph, glyph, latin, other_script, other_script, other_script, blob, texture, dots, block)
TORN: Final = (pair, pair, overlay, turned, fragments)
TORN_SHARE: Final = 0.25
BAR_LEANS_DEG: Final = 45
BAR_ASPECT: Final = 2.0
BAR_FILLED: Final = 0.7
"""A plain 1 leans by no more than this, is at least so much longer than wide, and fills this share of its tightest rectangle."""

UNSHAPED_SHARE: Final = 0.1
"""Put into the model's input as they are, neither cropped nor centred."""

_GRID: Final = np.stack(np.meshgrid(np.arange(CANVAS_PX), np.arange(CANVAS_PX)), axis=-1).astype(np.float32)


def _canvas() -> UInt8Array:
    return np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)


def _lines(canvas: UInt8Array, points: npt.NDArray[Any], pen_px: int, *, closed: bool = False) -> None:
    cv2.polylines(canvas, [np.round(points).astype(np.int32)], closed, 255, pen_px, cv2.LINE_AA)


def _polar(angles: Float64Array, radii: Float64Array) -> Float64Array:
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1) + CANVAS_PX / 2


def _turned(points: npt.NDArray[np.floating], angle: float) -> Float64Array:
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(points @ rotation.T + CANVAS_PX / 2, np.float64)
