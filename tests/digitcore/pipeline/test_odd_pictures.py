"""Pictures that show no digits, something else beside them, or far too much: an answer in time, few false digits, never an exception."""

import io
from functools import cache
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image

from digitcore import read_image
from digitcore.layout.lines import MAX_COMPONENTS
from digitcore.pipeline.marks import MAX_CLASSIFICATIONS
from synthetic.paper import Scene, photograph
from tests.properties import given, settings

WORDS = ["the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "while", "reading", "pages", "of", "text", "in", "books"]


def printed_page(font, scale, step_px):
    page, rng = np.full((1200, 900), 245, np.uint8), np.random.default_rng(0)
    for y in range(60, 1160, step_px):
        line = " ".join(rng.choice(WORDS, 12))
        cv2.putText(page, line, (40, y), font, scale, 30, 2, cv2.LINE_AA)
    return page


def face():
    picture = np.full((600, 500, 3), (120, 150, 180), np.uint8)
    cv2.ellipse(picture, (250, 300), (150, 200), 0, 0, 360, (224, 180, 150), -1)
    cv2.ellipse(picture, (250, 180), (160, 110), 0, 180, 360, (60, 40, 20), -1)
    for x in (190, 310):
        cv2.ellipse(picture, (x, 250), (30, 15), 0, 0, 360, (255, 255, 255), -1)
        cv2.circle(picture, (x, 250), 10, (60, 40, 20), -1)
    cv2.ellipse(picture, (250, 390), (60, 25), 0, 0, 180, (180, 60, 60), 6)
    return cv2.GaussianBlur(picture, (0, 0), 2)


def landscape():
    y, x = np.mgrid[:800, :1200].astype(np.float32)
    picture = np.stack([150 - 80 * y / 800, 180 - 60 * y / 800, 230 - 100 * y / 800], -1)
    for ridge in range(5):
        picture[y > 300 + 80 * ridge + 40 * np.sin(x / (90 + 40 * ridge) + ridge)] = (60 + 20 * ridge, 110 - 10 * ridge, 50)
    return np.clip(picture + np.random.default_rng(1).normal(0, 12, picture.shape), 0, 255).astype(np.uint8)


def checkerboard(side_px):
    y, x = np.mgrid[:480, :640] // side_px
    return ((x + y) % 2 * 255).astype(np.uint8)


def specks(count):
    picture, rng = np.full((1200, 1600), 245, np.uint8), np.random.default_rng(2)
    for x, y in rng.integers((0, 0), (1600, 1200), (count, 2)):
        cv2.circle(picture, (int(x), int(y)), 2, 20, -1)
    return picture


ODD = {
    "print": lambda: printed_page(cv2.FONT_HERSHEY_COMPLEX, 0.8, 36),
    "small print": lambda: printed_page(cv2.FONT_HERSHEY_SIMPLEX, 0.5, 22),
    "large print": lambda: printed_page(cv2.FONT_HERSHEY_SIMPLEX, 1.6, 80),
    "face": face,
    "landscape": landscape,
    "small squares": lambda: checkerboard(4),
    "large squares": lambda: checkerboard(40),
    "noise": lambda: np.random.default_rng(3).integers(0, 256, (480, 640), np.uint8),
    "coloured noise": lambda: np.random.default_rng(3).integers(0, 256, (1500, 2000, 3), np.uint8),
    "20,000 specks": lambda: specks(20_000),
    "a sliver": lambda: np.random.default_rng(4).integers(0, 256, (8, 3000), np.uint8),
}


@pytest.fixture(scope="module")
def read_odd():
    """Return a function that reads a picture of `ODD`, each once."""
    return cache(lambda kind: read_image(ODD[kind]()))


@pytest.mark.parametrize("kind", ODD)
def test_few_or_no_digits_are_seen(read_odd, kind):
    reading = read_odd(kind)
    assert len(reading.text.replace("/", "")) <= 2
    assert len(reading.digits) <= MAX_COMPONENTS + MAX_CLASSIFICATIONS


@pytest.mark.parametrize("kind", ["20,000 specks", "a sliver"])
def test_too_much_to_look_at_is_said_in_a_note(read_odd, kind):
    reading = read_odd(kind)
    assert reading.notes
    assert all(note.endswith(".") for note in reading.notes)
    assert reading.to_dict()["notes"] == list(reading.notes)


def test_an_ordinary_picture_needs_no_note():
    assert read_image(photograph("507", "round", (640, 480), 120, Scene(), 1)).notes == ()


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1), st.sampled_from(["lines", "dots", "blobs", "text"]), st.integers(20, 700), st.integers(20, 700))
@settings(max_examples=40, deadline=None)
def test_any_scene_gives_an_answer(seed, kind, width, height):
    rng = np.random.default_rng(seed)
    picture = np.full((height, width, 3), rng.integers(0, 256, 3), np.uint8)
    for _ in range(rng.integers(1, 30)):
        ends = rng.integers((0, 0), (width, height), (2, 2))
        colour, thick = [int(c) for c in rng.integers(0, 256, 3)], int(rng.integers(1, 12))
        (x, y), end = (tuple(int(v) for v in point) for point in ends)
        if kind == "lines":
            cv2.line(picture, (x, y), end, colour, thick)
        elif kind == "dots":
            cv2.circle(picture, (x, y), thick, colour, -1)
        elif kind == "blobs":
            cv2.ellipse(picture, (x, y), (5 * thick, 3 * thick), int(rng.integers(0, 180)), 0, 360, colour, -1)
        else:
            cv2.putText(picture, str(rng.integers(0, 10**6)), (x, y), cv2.FONT_HERSHEY_SIMPLEX, thick / 4, colour, 2)
    reading = read_image(picture)
    assert reading.status in ("ok", "blank", "no_digit")
    for digit in reading.digits:
        x, y, box_width, box_height = digit.box_xywh
        assert 0 <= x < x + box_width <= width
        assert 0 <= y < y + box_height <= height


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_on_its_side_is_read_upright(orientation):
    upright = Image.fromarray(photograph("35", "round", (640, 480), 160, Scene(), 5))
    stored = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    stored.save(buffer, "JPEG", quality=95, exif=exif)
    reading = read_image(buffer.getvalue())
    assert reading.text == "35"
    assert reading.size_wh == (640, 480)
    first, second = (digit for digit in reading.digits if digit.accepted)
    assert first.box_xywh[0] < second.box_xywh[0] < 640
    assert 130 < first.box_xywh[3] < 200


@pytest.mark.parametrize(("shape", "most_classified"), [((400, 800), 600), ((800, 300), 1000)])
def test_hatching_is_answered_without_reading_all_runs_of_its_lines(shape, most_classified, classifier):
    """The boxes of all lines overlap, so that whatever compares pairs, or reads runs of neighbours, has far too many."""
    hatching = ((np.add.outer(*map(np.arange, shape)) // 3 % 2) * 255).astype(np.uint8)
    classified = []
    counting = SimpleNamespace(
        logits=lambda images: classified.append(len(images)) or classifier.logits(images),  # type: ignore[func-returns-value]
        digit_scores_from_logits=classifier.digit_scores_from_logits,
        reject_below=classifier.reject_below,
        temperature=classifier.temperature,
        classes=classifier.classes,
    )
    reading = read_image(hatching, classifier=counting)
    assert len(reading.digits) <= MAX_COMPONENTS
    assert sum(classified) <= most_classified


@pytest.mark.parametrize("width_px", [18, 40])
def test_a_table_along_one_side_of_the_picture_is_not_read(width_px):
    page = np.full((480, 640), 215, np.uint8)
    cv2.putText(page, "374", (150, 280), cv2.FONT_HERSHEY_SIMPLEX, 4, 60, 8)
    page[:, :width_px] = 50
    reading = read_image(cv2.blur(page, (3, 3)))
    assert (reading.text, len(reading.digits)) == ("374", 3)


@pytest.mark.parametrize("radius_px", [24, 32, 40])
def test_a_round_blot_in_a_number_is_a_hole(radius_px):
    page = np.full((240, 640), 210, np.uint8)
    for index, digit in ((0, "3"), (2, "7"), (3, "4")):
        cv2.putText(page, digit, (60 + 135 * index, 170), cv2.FONT_HERSHEY_SIMPLEX, 4, 50, 9, cv2.LINE_AA)
    cv2.circle(page, (235, 125), radius_px, 50, -1, cv2.LINE_AA)
    assert [number.text for line in read_image(page).numbers for number in line] == ["3?74"]


def test_an_animated_picture_is_read_by_its_first_frame_with_a_note():
    first, second = (Image.fromarray(photograph(text, "round", (320, 240), 100, Scene(), 1)) for text in ("5", "7"))
    buffer = io.BytesIO()
    first.save(buffer, "WEBP", save_all=True, append_images=[second])
    reading = read_image(buffer.getvalue())
    assert (reading.text, reading.notes) == ("5", ("Animated picture: only its first frame was read.",))
