import cv2
import numpy as np
import pytest

from digitcore.layout.components import ComponentContours
from digitcore.layout.frames import without_frames
from digitcore.layout.lines import find_lines

MIN_SIDE_PX = 10


def boxes_left(ink):
    """Return the sizes of the components that are no frames, in increasing order."""
    contours = ComponentContours.of_ink(ink)
    return sorted(each.box[2:] for each in without_frames(contours.components(), contours, MIN_SIDE_PX))


def page_with(size_wh, corner_xy):
    """Draw an outline of 300 × 200 px and in it a bar of this size."""
    ink = cv2.rectangle(np.zeros((300, 400), np.uint8), (50, 50), (349, 249), 255, 3)
    x, y = corner_xy
    ink[y : y + size_wh[1], x : x + size_wh[0]] = 255
    return ink


def test_a_frame_around_a_mark_is_left_out():
    assert boxes_left(page_with((10, 60), (200, 100))) == [(10, 60)]


@pytest.mark.parametrize(
    ("size_wh", "corner_xy"),
    [
        pytest.param((10, 60), (380, 100), id="a mark beside it"),
        pytest.param((2, 8), (200, 100), id="dust in it"),
        pytest.param((20, 20), (200, 100), id="a dot in it"),
    ],
)
def test_an_outline_without_a_legible_mark_in_it_is_no_frame(size_wh, corner_xy):
    assert len(boxes_left(page_with(size_wh, corner_xy))) == 2


@pytest.mark.parametrize("angle_deg", [0, 7, 20])
def test_a_frame_may_be_turned_and_seen_from_the_side(angle_deg):
    corners = np.array([(60, 60), (340, 80), (330, 220), (70, 250)])
    ink = cv2.polylines(np.zeros((300, 400), np.uint8), [corners], True, 255, 3)
    ink[100:160, 200:210] = 255
    turned = cv2.warpAffine(ink, cv2.getRotationMatrix2D((200, 150), angle_deg, 1), (400, 300))
    assert len(boxes_left(turned)) == 1


def test_a_zero_around_a_loose_slash_is_no_frame():
    ink = cv2.ellipse(np.zeros((300, 300), np.uint8), (150, 150), (80, 120), 0, 0, 360, 255, 8)
    cv2.line(ink, (120, 200), (180, 100), 255, 8)
    assert len(boxes_left(ink)) == 2


def test_lines_are_found_in_a_table(paper):
    digits = ((2, 100, 80, 40), (0, 160, 80, 40), (2, 220, 80, 40), (6, 280, 80, 40))
    expected = [mark.box for mark in find_lines(paper(*digits))[0][0].components]
    table = cv2.rectangle(paper(*digits), (60, 60), (420, 150), 255, 3)
    (line,), _ = find_lines(table)
    assert [mark.box for mark in line.components] == expected


def test_a_page_without_ink_has_no_frames():
    assert boxes_left(np.zeros((50, 50), np.uint8)) == []
