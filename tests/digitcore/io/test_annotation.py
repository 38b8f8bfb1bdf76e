from dataclasses import replace

import numpy as np
import pytest

from digitcore import annotate, read_image
from digitcore.io.annotation import ACCEPTED_RGB, REJECTED_RGB
from synthetic.paper import Scene, photograph


def test_the_digit_is_boxed_and_the_picture_unchanged(drawing):
    picture = drawing(3)[..., :3]
    before = picture.copy()
    reading = read_image(picture)
    marked = annotate(picture, reading)
    assert (picture == before).all()
    assert marked.shape == picture.shape
    x, y, width, height = reading.digits[0].box_xywh
    blue = (np.abs(marked.astype(int) - ACCEPTED_RGB).sum(axis=2) < 30).nonzero()
    assert blue[1].min() < x
    assert blue[1].max() > x + width
    assert blue[0].max() > y + height


@pytest.mark.parametrize("background", [0, 128, 255])
def test_marks_are_visible_on_any_background(drawing, background):
    reading = read_image(drawing(3)[..., :3])
    marked = annotate(np.full((280, 280, 3), background, np.uint8), reading)
    assert (marked != background).any(axis=2).sum() > 300


def test_a_rejected_mark_has_another_colour():
    dot = np.full((100, 100, 3), 255, np.uint8)
    dot[40:60, 40:60] = 0
    reading = read_image(dot)
    assert not reading.digits[0].accepted
    marked = annotate(dot, reading)
    assert (marked == REJECTED_RGB).all(axis=2).any()
    assert not (marked == ACCEPTED_RGB).all(axis=2).any()


def test_labels_do_not_cover_the_neighbouring_digits():
    picture = photograph("20261", "round", (640, 300), 90, Scene(), 1)
    reading = read_image(picture)
    marked = annotate(picture, reading)
    for digit in reading.digits:
        x, y, width, height = digit.box_xywh
        untouched = (marked[y : y + height, x : x + width] == picture[y : y + height, x : x + width]).all(axis=2)
        assert untouched.mean() > 0.9  # the outline of the next box may overlap


def test_a_mark_at_the_top_has_its_label_below(drawing):
    picture = drawing(3, corner_xy=(70, 4))[..., :3]
    reading = read_image(picture)
    marked = annotate(picture, reading)
    x, y, _, height = reading.digits[0].box_xywh
    assert (marked[y + height + 8 : y + height + 24, x : x + 20] == ACCEPTED_RGB).all(axis=2).any()


def test_a_reduced_copy_is_annotated_in_its_own_pixels(drawing):
    reading = read_image(drawing(3)[..., :3])
    marked = annotate(np.full((140, 140, 3), 255, np.uint8), reading)
    assert marked.shape == (140, 140, 3)
    assert (marked == ACCEPTED_RGB).all(axis=2).any()


def test_a_number_with_separators_is_written_below_its_box(drawing):
    picture = np.hstack([drawing(3), drawing(5)])[..., :3]
    reading = read_image(picture)
    (number,) = reading.numbers[0]
    x, y, _, height = number.box_xywh
    label = slice(y + height + 6, y + height + 20), slice(x, x + 20)
    plain = annotate(picture, reading)
    written = annotate(picture, replace(reading, numbers=[[replace(number, text="3.5")]]))
    assert not (plain[label] == ACCEPTED_RGB).all(axis=2).any()
    assert (written[label] == ACCEPTED_RGB).all(axis=2).any()
