"""Hypothesis strategies for tests of properties: pictures, damaged files, drawings and JSON, whatever a caller may pass in.

Pictures are made from a seed, which is much faster than drawing every pixel, and shrinks to a small picture of the same kind.
"""

import io
import math

import cv2
import numpy as np
from hypothesis import strategies as st
from PIL import Image

from digitcore import Settings, Stroke
from digitcore.settings import Choices, Interval, NumberList, allowed_values, setting_names
from synthetic.hands import HANDS, strokes, write

SEEDS = st.integers(0, 2**32 - 1)

PICTURE_KINDS = ("constant", "noise", "two levels", "gradient", "strokes", "blots", "digits")
MEMORY_LAYOUTS = ("contiguous", "reversed", "strided", "transposed", "read-only")


def make_picture(kind, height, width, channels, layout, seed):
    """Make a picture, uint8 `(H, W)` for one channel, else `(H, W, channels)`, in a memory layout of `MEMORY_LAYOUTS`."""
    rng = np.random.default_rng(seed)
    plane = _grey_plane(kind, height, width, rng)
    if channels > 1:
        tint = rng.uniform(0.3, 1, channels) if rng.random() < 0.5 else np.ones(channels)
        plane = (plane[..., np.newaxis] * tint).astype(np.uint8)
    if channels == 4:
        plane[..., 3] = rng.choice([0, 255], (height, width)) if rng.random() < 0.5 else rng.integers(0, 256)
    return _laid_out(plane, layout)


def _grey_plane(kind, height, width, rng):
    if kind == "noise":
        return rng.integers(0, 256, (height, width), np.uint8)
    if kind == "two levels":
        return rng.choice(rng.integers(0, 256, 2, np.uint8), (height, width))
    if kind == "gradient":
        return np.tile(np.linspace(*rng.integers(0, 256, 2), width), (height, 1)).astype(np.uint8)
    plane = np.full((height, width), rng.integers(0, 256), np.uint8)
    if kind == "strokes":
        for _ in range(rng.integers(1, 8)):
            start, end = rng.integers(-5, max(height, width) + 5, (2, 2)).tolist()
            cv2.line(plane, start, end, int(rng.integers(0, 256)), int(rng.integers(1, 8)), cv2.LINE_AA)
    elif kind == "blots":
        for _ in range(rng.integers(1, 8)):
            cv2.circle(plane, rng.integers(0, (width, height)).tolist(), int(rng.integers(1, 12)), int(rng.integers(0, 256)), -1)
    elif kind == "digits":
        plane = _written(plane, rng)
    return plane


def _written(plane, rng):
    height, side_px = plane.shape[0], max(min(plane.shape) * rng.uniform(0.3, 0.9), 6)
    ink, hand = np.zeros_like(plane), str(rng.choice(list(HANDS)))
    for x in np.arange(0.1 * side_px, plane.shape[1] - 0.6 * side_px, 0.9 * side_px):
        corner_xy = (float(x), float(rng.uniform(0, max(height - side_px, 1))))
        ink = write(ink, strokes(int(rng.integers(0, 10)), hand), corner_xy, side_px, max(side_px * rng.uniform(0.03, 0.2), 1))
    pen_level = float(rng.integers(0, 256))
    return (plane + (pen_level - plane) * (ink / 255)).astype(np.uint8)


def _laid_out(picture, layout):
    if layout == "reversed":
        return picture[::-1, ::-1].copy()[::-1, ::-1]
    if layout == "strided":
        return picture.repeat(2, axis=0).repeat(3, axis=1)[::2, ::3]
    if layout == "transposed":
        return np.ascontiguousarray(picture.swapaxes(0, 1)).swapaxes(0, 1)
    picture.setflags(write=layout != "read-only")
    return picture


def pictures(min_side_px=8, max_side_px=64, channels=(1, 3, 4), kinds=PICTURE_KINDS):
    """Pictures that may be read: uint8 grey, RGB or RGBA of odd shapes, in any memory layout."""
    sides = st.integers(min_side_px, max_side_px)
    return st.builds(make_picture, st.sampled_from(kinds), sides, sides, st.sampled_from(channels), st.sampled_from(MEMORY_LAYOUTS), SEEDS)


def grey_pictures(min_side_px=1, max_side_px=64, kinds=PICTURE_KINDS):
    """Pictures of one channel, uint8 `(H, W)`."""
    return pictures(min_side_px, max_side_px, (1,), kinds)


def masks(min_side_px=1, max_side_px=64):
    """Contiguous masks, bool `(H, W)`."""
    return grey_pictures(min_side_px, max_side_px).map(lambda picture: np.ascontiguousarray(picture > picture.mean()))


def inks(min_side_px=1, max_side_px=64):
    """White ink on black, uint8 `(H, W)`, with at least one white pixel."""

    def with_ink(picture, seed):
        ink = np.where(picture > np.median(picture), picture, 0).astype(np.uint8)
        ink[tuple(np.random.default_rng(seed).integers(0, ink.shape))] = 255
        return ink

    return st.builds(with_ink, grey_pictures(min_side_px, max_side_px), SEEDS)


WRONG_DTYPES = ("bool", "int8", "uint16", "int64", "float32", "float64", "complex64", "object", "U1", "S1", "M8[s]")


@st.composite
def wrong_arrays(draw, max_side_px=1_000):
    """Arrays that are no pictures: of another type, another number of axes or channels, as large as is expected or larger."""
    side = st.integers(1, max_side_px)
    wrong_shape = st.one_of(
        st.just(()),
        st.tuples(side),
        st.tuples(side, st.integers(1, 3), st.sampled_from([0, 1, 2, 5, 600])),
        st.tuples(side, st.integers(1, 3), st.just(3), st.integers(1, 2)),
    )
    right_shape = st.tuples(side, st.integers(1, 20)) | st.tuples(side, st.integers(1, 20), st.sampled_from([3, 4]))
    if draw(st.booleans()):
        return np.zeros(draw(wrong_shape), draw(st.sampled_from(("uint8", *WRONG_DTYPES))))
    return np.zeros(draw(right_shape), draw(st.sampled_from(WRONG_DTYPES)))


wrong_sources = st.one_of(
    wrong_arrays(), st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers(0, 255), max_size=3)
)
"""Values that are neither bytes nor pictures."""


def allowed_by(allowed):
    """Values that a setting may have."""
    if isinstance(allowed, Choices):
        return st.sampled_from(allowed.names)
    if isinstance(allowed, NumberList):
        return st.lists(st.text("0123456789", min_size=1, max_size=allowed.max_digits), max_size=min(allowed.max_count, 5)).map(tuple)
    if isinstance(allowed, Interval):
        bounds = st.tuples(*[st.integers(allowed.low, allowed.high)] * 2).map(sorted)
        return st.just("") | bounds.map(lambda pair: f"{pair[0]}-{pair[1]}") | bounds.map(lambda pair: str(pair[0]))
    return (st.integers if allowed.is_integer else st.floats)(allowed.low, allowed.high)


valid_settings = st.builds(Settings, **{name: allowed_by(allowed_values(name)) for name in setting_names()})
"""Settings of all fields, each with any of its allowed values."""


def encoded(image, file_format, **options):
    """Encode a picture of Pillow's as a file."""
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def picture_files():
    """Make a small file of each format and colour model that is read, by name."""
    rgb = Image.fromarray(make_picture("digits", 24, 40, 3, "contiguous", 1))
    deep = Image.fromarray((np.arange(24 * 40, dtype=np.uint16) * 64).reshape(24, 40))
    orientation = Image.Exif()
    orientation[0x0112] = 6
    return {
        "JPEG": encoded(rgb, "JPEG"),
        "turned JPEG": encoded(rgb, "JPEG", exif=orientation),
        "progressive JPEG": encoded(rgb, "JPEG", progressive=True),
        "CMYK JPEG": encoded(rgb.convert("CMYK"), "JPEG"),
        "PNG": encoded(rgb, "PNG"),
        "transparent PNG": encoded(rgb.convert("RGBA"), "PNG"),
        "PNG with a palette": encoded(rgb.convert("P"), "PNG", transparency=3),
        "deep PNG": encoded(deep, "PNG"),
        "BMP": encoded(rgb, "BMP"),
        "WebP": encoded(rgb, "WEBP"),
        "lossless WebP": encoded(rgb, "WEBP", lossless=True),
        "TIFF": encoded(rgb, "TIFF"),
        "packed TIFF": encoded(rgb, "TIFF", compression="tiff_lzw"),
        "floating-point TIFF": encoded(Image.fromarray(np.asarray(deep, np.float32)), "TIFF"),
        "GIF": encoded(rgb.convert("P"), "GIF"),
        "animated GIF": encoded(rgb.convert("P"), "GIF", save_all=True, append_images=[rgb.rotate(90).convert("P")]),
    }


@st.composite
def damaged(draw, files):
    """Files with a few bytes changed, removed, repeated or inserted, or cut off."""
    content = bytearray(draw(st.sampled_from(files)))
    for _ in range(draw(st.integers(1, 4))):
        near_the_start = st.integers(0, min(len(content), 64))
        position = draw(near_the_start | st.integers(0, len(content)))
        length = draw(st.integers(1, 8))
        match draw(st.sampled_from(["change", "remove", "repeat", "insert", "cut"])):
            case "change":
                content[position : position + length] = draw(st.binary(min_size=length, max_size=length))
            case "remove":
                del content[position : position + length]
            case "repeat":
                content[position:position] = content[position : position + length]
            case "insert":
                content[position:position] = draw(st.binary(min_size=1, max_size=8))
            case "cut":
                del content[position:]
    return bytes(content)


def drawings(limit_px=100.0, max_strokes=6):
    """Strokes whose points are within a distance of the origin, a few of them or thousands."""
    coordinates = st.floats(-limit_px, limit_px)
    few = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8).map(lambda points: np.array(points, np.float64))
    many = st.builds(
        lambda seed, count: np.random.default_rng(seed).normal(limit_px / 2, limit_px / 4, (count, 2)).clip(-limit_px, limit_px),
        SEEDS,
        st.integers(1_000, 3_000),
    )
    pens = st.floats(0.1, 60)
    return st.lists(st.builds(Stroke, few | many, pens), max_size=max_strokes)


numbers = st.one_of(
    st.integers(-500, 500),
    st.floats(-500, 500),
    st.sampled_from([math.nan, math.inf, -math.inf, 1e9, -1e300, 10**30, 10**400]),
)
"""Numbers as JSON may hold them, Python's NaN and infinity included."""

json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=10,
)
"""Any JSON, nested a little."""

_commands = st.one_of(
    st.tuples(st.sampled_from(["M", "L"]), numbers, numbers),
    st.tuples(st.just("Q"), numbers, numbers, numbers, numbers),
    st.tuples(st.sampled_from(["M", "L", "Q", "C", "Z", ""]), json_values),
    st.lists(json_values, max_size=4),
    json_values,
).map(lambda command: list(command) if isinstance(command, tuple) else command)

canvas_objects = st.lists(
    st.fixed_dictionaries({}, optional={"path": st.lists(_commands, max_size=4) | json_values, "strokeWidth": numbers | json_values})
    | json_values,
    max_size=4,
)
"""The `objects` of a canvas's JSON as a browser may send them, mistyped in places."""


def nested_json(depth, opening="[", closing="]"):
    """Nest arrays, or objects by `{"a":` and `}`, to a depth."""
    return opening * depth + ("" if opening == "[" else "1") + closing * depth
