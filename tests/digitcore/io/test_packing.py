"""Packed drawings: what is packed comes back, and any other text is one error."""

import base64
import zlib

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from digitcore import DrawingError, Stroke, read_strokes
from digitcore.io.packing import MAX_PACKED_CHARACTERS, VERSION, pack_strokes, unpack_strokes
from synthetic.hands import strokes as hand_strokes
from tests.properties import given
from tests.strategies import SEEDS

SIZE_WH = (560, 370)
HALF_A_UNIT_PX = 0.125 * 2**0.5
TOLERANCE_PX = 0.25 + HALF_A_UNIT_PX + 1e-3


def random_strokes(seed):
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 60, rng.integers(0, 12))
    return [Stroke(np.cumsum(rng.normal(0, 6, (count, 2)), axis=0) + rng.uniform(0, 370, 2), float(rng.uniform(1, 40))) for count in counts]


def number(text):
    return [Stroke(path * 120 + (40 + 100 * place, 80), 16.0) for place, digit in enumerate(text) for path in hand_strokes(int(digit))]


def dense(points):
    """Return points on a line at steps of at most 0.05 px."""
    steps = np.maximum(np.ceil(np.abs(np.diff(points, axis=0)).max(axis=1) / 0.05), 1).astype(int) if len(points) > 1 else []
    return np.concatenate([points[:1], *(np.linspace(points[i], points[i + 1], count + 1) for i, count in enumerate(steps))])


@given(SEEDS)
def test_what_is_packed_comes_back(seed):
    drawn = random_strokes(seed)
    strokes, size_wh = unpack_strokes(pack_strokes(drawn, SIZE_WH))
    assert size_wh == SIZE_WH
    assert len(strokes) == len(drawn)
    for before, after in zip(drawn, strokes, strict=True):
        assert after.pen_px == pytest.approx(before.pen_px, abs=0.125)
        assert cdist(np.clip(before.points, (-560, -370), (1120, 740)), dense(after.points)).min(axis=1).max() <= TOLERANCE_PX + 0.05


def test_a_packed_number_is_short_and_reads_alike():
    text = pack_strokes(number("4072"), SIZE_WH)
    assert len(text) < 500
    strokes, size_wh = unpack_strokes(text)
    assert read_strokes(strokes, size_wh).text == read_strokes(number("4072"), SIZE_WH).text == "4072"


def test_an_empty_sheet_is_packed():
    assert unpack_strokes(pack_strokes([], SIZE_WH)) == ([], SIZE_WH)


def test_points_far_outside_are_moved_nearer():
    (stroke,), _ = unpack_strokes(pack_strokes([Stroke(np.array([[10.0, 10.0], [90_000.0, -90_000.0]]), 16.0)], SIZE_WH))
    assert stroke.points.tolist() == [[10.0, 10.0], [1120.0, -370.0]]


def test_a_drawing_that_is_too_long_is_an_error():
    rng = np.random.default_rng(1)
    scribble = [Stroke(rng.uniform(0, 370, (50_000, 2)), 16.0)]
    with pytest.raises(DrawingError, match="too long for a link"):
        pack_strokes(scribble, SIZE_WH)
    with pytest.raises(DrawingError, match="too long for a link"):
        pack_strokes(number("4072"), SIZE_WH, max_characters=40)


def test_a_long_drawing_is_simplified():
    rng = np.random.default_rng(2)
    trembling = [Stroke(np.c_[np.linspace(0, 560, 3000), 100 + rng.uniform(-0.9, 0.9, 3000)], 16.0)]
    exact = pack_strokes(trembling, SIZE_WH)
    assert len(pack_strokes(trembling, SIZE_WH, max_characters=len(exact) // 4)) <= len(exact) // 4


@pytest.mark.parametrize("size_wh", [(99, 370), (560, 1001)])
def test_a_paper_of_another_size_is_a_wrong_call(size_wh):
    with pytest.raises(ValueError, match="expected sides of 100"):
        pack_strokes([], size_wh)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()))
def test_any_other_text_is_an_error(text):
    with pytest.raises(DrawingError, match="can't be opened"):
        unpack_strokes(text)


@given(SEEDS, st.data())
def test_a_damaged_text_is_an_error_or_a_drawing_near_its_paper(seed, data):
    content = bytearray(zlib.decompress(base64.urlsafe_b64decode(pack_strokes(random_strokes(seed), SIZE_WH) + "==")[1:]))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        strokes, (width, height) = unpack_strokes(packed(bytes(content)))
    except DrawingError:
        return
    for stroke in strokes:
        assert (np.abs(stroke.points - (width / 2, height / 2)) <= (1.5 * width, 1.5 * height)).all()


def packed(content, version=VERSION):
    return base64.urlsafe_b64encode(bytes([version]) + zlib.compress(content)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A" * (MAX_PACKED_CHARACTERS + 1), "too long"),
        (packed(b"\x30\x02\x72\x01\x00\x00", version=VERSION + 1), "another version"),
        ("", "damaged"),
        ("AQ", "damaged"),
        (packed(b"\x00" * 2_000_000), "damaged"),
        (packed(b"\x30\x02\x72\x01\x01\x00" + b"\x40\x00" + b"\x00" * 4), "damaged"),
        (packed(b"\x30\x02\x72\x01\x01\x00" + b"\x40\x00" + b"\xff" * 4), "damaged"),
        (packed(b"\x30\x02\x72\x01\x01\x00" + b"\x40\x00" + b"\x01\x00\x00\x00" + b"\xff\xff\x7f\x7f"), "damaged"),
        (packed(b"\x01\x00\x72\x01\x00\x00"), "damaged"),
    ],
    ids=["long", "version", "empty", "nothing but the version", "bomb", "no points", "too many points", "far outside", "narrow paper"],
)
def test_a_text_that_no_drawing_has_is_refused_with_its_reason(text, reason):
    with pytest.raises(DrawingError, match=reason):
        unpack_strokes(text)
