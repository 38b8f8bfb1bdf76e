from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitcore import annotate, read_image
from digitcore.io.annotation import ACCEPTED_RGB, REJECTED_RGB, SEPARATOR_RGB, UNSURE_RGB
from digitcore.numbers import Separator
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


def test_a_separator_is_no_rejected_mark(drawing):
    picture = np.hstack([drawing(3), drawing(5)])[..., :3]
    reading = read_image(picture)
    first, second = reading.digits
    separator = replace(second, accepted=False, separator=Separator.COMMA)
    marked = annotate(picture, replace(reading, digits=[first, separator]))
    assert (marked == SEPARATOR_RGB).all(axis=2).any()
    assert not (marked == REJECTED_RGB).all(axis=2).any()


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


def filled(marked, rgb, min_height=8):
    """Return the left, top, right and bottom of the labels of a colour: areas that are wider and higher than a box's line."""
    mask = (marked == rgb).all(axis=2).astype(np.uint8)
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((min_height, min_height), np.uint8))
    stats = cv2.connectedComponentsWithStats(closed)[2][1:]
    return [(x, y, x + width, y + height) for x, y, width, height, _ in stats if height >= min_height]


def test_all_labels_of_a_picture_have_one_height():
    picture = photograph("20261", "round", (640, 300), 90, Scene(), 1)
    labels = filled(annotate(picture, read_image(picture)), ACCEPTED_RGB)
    assert len(labels) == 5
    assert np.ptp([bottom - top for _, top, _, bottom in labels]) <= 1


def test_the_labels_of_a_line_do_not_cover_the_line_above():
    picture = np.vstack([photograph(text, "round", (500, 90), 60, Scene(), 1) for text in ("1234", "5678", "9012")])
    reading = read_image(picture)
    assert len(reading.lines) == 3
    marked = annotate(picture, reading)
    ink = picture.mean(axis=2) < 100
    covered = ink & (marked == ACCEPTED_RGB).all(axis=2)
    assert covered.sum() < 0.02 * ink.sum()


def test_a_label_stays_inside_a_picture_that_its_digit_fills(drawing):
    whole = drawing(3)[..., :3]
    ys, xs = (whole != whole[0, 0]).any(axis=2).nonzero()
    cut = whole[ys.min() - 2 : ys.max() + 3, xs.min() - 2 : xs.max() + 3].copy()
    (label,) = filled(annotate(cut, read_image(cut)), ACCEPTED_RGB)
    assert min(label[:2]) >= 0
    assert label[1] < 4
    assert label[3] < cut.shape[0] / 2


def unsure(reading, confidence=0.83):
    return replace(reading, digits=[replace(digit, reason="unsure", confidence=confidence) for digit in reading.digits])


def test_only_an_unsure_digit_has_its_confidence(drawing):
    picture = drawing(3)[..., :3]
    reading = read_image(picture)
    sure, doubtful = annotate(picture, reading), annotate(picture, unsure(reading))
    assert not (sure == UNSURE_RGB).all(axis=2).any()
    assert not (doubtful == ACCEPTED_RGB).all(axis=2).any()
    widths = [right - left for marked, rgb in ((sure, ACCEPTED_RGB), (doubtful, UNSURE_RGB)) for left, _, right, _ in filled(marked, rgb)]
    assert widths[1] > 2 * widths[0]


def test_a_confidence_is_never_100_percent(drawing):
    picture = drawing(3)[..., :3]
    reading = read_image(picture)
    assert (annotate(picture, unsure(reading, 1.0)) == annotate(picture, unsure(reading, 0.99))).all()
    assert (annotate(picture, unsure(reading, 0.0)) == annotate(picture, unsure(reading, 0.01))).all()
