import statistics

import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from scipy import ndimage

from digitcore.layout.components import Component, ComponentContours, ReferenceScale, median_stroke_width, reject_by_geometry
from digitcore.layout.lines import find_lines
from digitcore.rejections import RejectionReason
from digitcore.types import Box
from tests.properties import example, given

NEIGHBOURS = np.ones((3, 3), int)
PAGES = st_np.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.sampled_from([0, 60, 96, 97, 255, 255]))
FRAME = np.pad(np.pad(np.full((1, 1), 255, np.uint8), 1), 1, constant_values=255)
"""A pixel within a frame of 5 by 5."""


def marks_in(ink):
    return [mark for line in find_lines(ink)[0] for mark in line.components]


def test_a_mark_holds_its_own_ink_alone(paper):
    ink = paper((0, 100, 50, 150))
    ink[120:126, 146:152] = 255  # a speck inside the 0
    mark = marks_in(ink)[0]
    assert mark.ink.shape[0] >= 150
    assert mark.ink[70 - 2 : 76 + 4, 46 : 52 + 6].max() == 0


@pytest.mark.parametrize("radius", [2, 3, 5, 8, 20, 60])
def test_a_dot_is_rejected(radius):
    ink = np.zeros((200, 200), np.uint8)
    cv2.circle(ink, (100, 100), radius, 255, -1, cv2.LINE_AA)
    assert marks_in(ink)[0].rejection is RejectionReason.DOT


def test_a_bar_may_be_a_one():
    ink = np.zeros((200, 200), np.uint8)
    cv2.line(ink, (100, 40), (100, 160), 255, 14)
    assert marks_in(ink)[0].rejection is None


def test_a_comma_is_too_small_among_digits(paper):
    ink = paper((3, 100, 50, 150), (4, 300, 50, 150))
    cv2.line(ink, (250, 195), (245, 220), 255, 10)
    rejections = [mark.rejection for mark in marks_in(ink)]
    assert rejections == [None, RejectionReason.RELATIVELY_SMALL, None]


def test_a_small_ring_among_digits_with_long_tails_may_be_a_zero(paper):
    ink = paper((7, 100, 50, 150), (9, 300, 50, 150))
    cv2.circle(ink, (250, 120), 18, 255, 8)
    assert [mark.rejection for mark in marks_in(ink)] == [None, None, None]
    cv2.circle(ink, (250, 120), 18, 255, -1)
    assert [mark.rejection for mark in marks_in(ink)] == [None, RejectionReason.RELATIVELY_SMALL, None]


def test_a_mark_too_small_to_be_read_is_rejected():
    ink = np.zeros((100, 100), np.uint8)
    ink[50:57, 50:52] = 255
    assert [mark.rejection for mark in marks_in(ink)] == [RejectionReason.TOO_SMALL]


def test_a_digit_within_a_ring_is_a_mark_of_its_own(paper):
    ink = paper((5, 160, 110, 60))
    cv2.circle(ink, (180, 140), 80, 255, 6)
    assert len(marks_in(ink)) == 2


def test_a_ring_has_the_stroke_width_and_area_of_its_pen():
    ink = cv2.circle(np.zeros((200, 200), np.uint8), (100, 100), 60, 255, 10)
    (ring,) = ComponentContours.of_ink(ink).components()
    assert ring.stroke_width_px == pytest.approx(10, rel=0.15)
    assert ring.area_px == pytest.approx(np.count_nonzero(ink), rel=0.05)


def test_the_median_stroke_width_is_that_of_most_of_the_ink():
    thin, thick = Component(Box(0, 0, 9, 9), 0, 1.0, 50.0), Component(Box(0, 0, 90, 90), 1, 8.0, 900.0)
    assert median_stroke_width([thin] * 5 + [thick]) == 8.0
    assert median_stroke_width([]) == 0.0


def test_a_stroke_much_thinner_than_the_others_is_rejected():
    ink = np.zeros((300, 400), np.uint8)
    cv2.line(ink, (100, 50), (100, 250), 255, 30)
    cv2.line(ink, (250, 50), (250, 250), 255, 2)
    assert [mark.rejection for mark in marks_in(ink)] == [None, RejectionReason.THIN_STROKE]


def scipy_boxes(ink):
    """The boxes of the 8-connected components by SciPy."""
    labels, _ = ndimage.label(ink > 96, NEIGHBOURS)
    return sorted(Box(x.start, y.start, x.stop - x.start, y.stop - y.start) for y, x in ndimage.find_objects(labels))


def own_mask(ink, contours, component):
    """Where a component is, bool of the page's shape, by SciPy: the label at a point of its contour."""
    labels, _ = ndimage.label(ink > 96, NEIGHBOURS)
    x, y = contours.contours[component.contour_index][0, 0]
    return labels == labels[y, x]


@given(PAGES)
@example(FRAME)
@example(np.pad(np.pad(FRAME, 1), 1, constant_values=255))
def test_components_are_those_of_scipy(ink):
    before = ink.copy()
    components = ComponentContours.of_ink(ink).components()
    assert sorted(component.box for component in components) == scipy_boxes(ink)
    assert (ink == before).all()


@given(PAGES)
@example(FRAME)
def test_a_mark_holds_its_component_and_one_pixel_around_it(ink):
    contours = ComponentContours.of_ink(ink)
    for component in contours.components():
        mark = contours.extract_mark(ink, component, 3, ReferenceScale(1.0, 1.0, 1.0))
        x, y, width, height = component.box
        left, top = max(x - 1, 0), max(y - 1, 0)
        right, bottom = min(x + width + 1, ink.shape[1]), min(y + height + 1, ink.shape[0])
        assert mark.box == Box(left, top, right - left, bottom - top)
        expected = np.where(ndimage.binary_dilation(own_mask(ink, contours, component), NEIGHBOURS), ink, 0)[top:bottom, left:right]
        assert mark.ink.tolist() == expected.tolist()
        assert (mark.line, mark.ink.dtype) == (3, np.uint8)  # type: ignore[comparison-overlap]


@given(PAGES)
def test_marks_of_a_transposed_page_are_transposed(ink):
    def marks(page):
        contours = ComponentContours.of_ink(page)
        scale = ReferenceScale(1.0, 1.0, 1.0)
        return [contours.extract_mark(page, component, 0, scale) for component in contours.components()]

    turned = sorted((mark.box.y, mark.box.x, mark.ink.T.tolist()) for mark in marks(np.ascontiguousarray(ink.T)))
    assert turned == sorted((mark.box.x, mark.box.y, mark.ink.tolist()) for mark in marks(ink))


def test_a_page_without_ink_has_no_components():
    for page in (np.zeros((3, 4), np.uint8), np.full((3, 4), 96, np.uint8), np.zeros((1, 1), np.uint8)):
        assert ComponentContours.of_ink(page).components() == []


def test_a_page_need_not_be_contiguous():
    ink = np.random.default_rng(5).integers(0, 256, (20, 30)).astype(np.uint8)
    boxes = [component.box for component in ComponentContours.of_ink(ink[::2, ::-1]).components()]
    assert sorted(boxes) == scipy_boxes(ink[::2, ::-1])


@pytest.mark.parametrize(
    ("width", "height", "stroke_width_px"), [(1, 1, 1.0), (9, 1, 1.0), (1, 40, 1.0), (3, 11, 1 + 20 / 12), (5, 5, 3.0)]
)
def test_rectangles_have_the_stroke_width_and_the_area_that_are_counted_by_hand(width, height, stroke_width_px):
    ink = np.zeros((50, 20), np.uint8)
    ink[4 : 4 + height, 6 : 6 + width] = 200
    (component,) = ComponentContours.of_ink(ink).components()
    assert component.box == Box(6, 4, width, height)
    assert component.stroke_width_px == pytest.approx(stroke_width_px)
    assert component.area_px == width * height


@pytest.mark.parametrize("density", [0.05, 0.2, 0.5, 0.8, 0.95])
def test_the_area_is_the_number_of_pixels(density):
    ink = (np.random.default_rng(0).random((30, 40)) < density).astype(np.uint8) * 255
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    components = ComponentContours.of_ink(ink).components()
    assert sorted(each.area_px for each in components) == sorted(stats[1:, cv2.CC_STAT_AREA].tolist())


def test_holes_count_for_the_width_and_the_area():
    """Outside 19 by 19 between the middles of the pixels; inside 13 by 13 less four corners, half a pixel each."""
    ink = np.full((20, 20), 255, np.uint8)
    ink[4:16, 4:16] = 0
    (frame,) = ComponentContours.of_ink(ink).components()
    perimeter = 4 * 19 + 4 * 11 + 4 * np.sqrt(2)
    assert frame.stroke_width_px == pytest.approx(2 * (361 - 167) / perimeter + 1)
    assert frame.area_px == np.count_nonzero(ink)
    ink[8:12, 2:18] = 255
    (barred,) = ComponentContours.of_ink(ink).components()  # two holes
    assert barred.area_px == np.count_nonzero(ink)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 30)), min_size=1, max_size=7))
def test_the_median_stroke_width_is_that_of_widths_repeated_as_often_as_their_areas(measures):
    components = [Component(Box(0, 0, 1, 1), 0, float(width), float(area)) for width, area in measures]
    repeated = [width for width, area in measures for _ in range(area)]
    assert median_stroke_width(components) == statistics.median_low(repeated)


PEN_SCALE = ReferenceScale(writing_height=100.0, min_legible_px=10.0, stroke_width_px=10.0)


def rejection(width, height, *, stroke_width_px=10.0, scale=PEN_SCALE):
    return reject_by_geometry(Component(Box(0, 0, width, height), 0, stroke_width_px, 1.0), scale)


@pytest.mark.parametrize(("height", "expected"), [(34, RejectionReason.RELATIVELY_SMALL), (35, None), (36, None)])
def test_marks_lower_than_a_share_of_the_writing_height_are_rejected(height, expected):
    assert rejection(100, height) is expected


@pytest.mark.parametrize(("height", "expected"), [(60, RejectionReason.DOT), (95, RejectionReason.DOT), (101, None)])
@pytest.mark.parametrize("is_level", [False, True])
def test_a_full_rectangle_is_a_dot_up_to_an_aspect_ratio(height, expected, is_level):
    ink = np.zeros((120, 120), np.uint8)
    ink[10 : 10 + height, 30:90] = 255
    (component,) = ComponentContours.of_ink(ink.T if is_level else ink).components()
    assert reject_by_geometry(component, PEN_SCALE) is expected


@pytest.mark.parametrize("radius", [3, 5, 8, 20, 60])
def test_a_ragged_blot_is_a_dot(radius):
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radii = radius * (1 + np.random.default_rng(radius).uniform(-0.2, 0.2, 24))
    edge = 100 + radii[:, np.newaxis] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    ink = np.zeros((200, 200), np.uint8)
    cv2.fillPoly(ink, [np.rint(edge).astype(np.int32)], 255, cv2.LINE_AA)
    assert marks_in(ink)[0].rejection is RejectionReason.DOT


def test_a_bold_zero_is_no_dot():
    ink = np.zeros((200, 200), np.uint8)
    cv2.ellipse(ink, (100, 100), (32, 40), 0, 0, 360, 255, 24, cv2.LINE_AA)  # 88 by 104 pixels, its hole 40 by 56
    assert marks_in(ink)[0].rejection is None


@pytest.mark.parametrize(("side", "expected"), [(9, RejectionReason.TOO_SMALL), (10, None), (11, None)])
def test_marks_must_have_enough_pixels_along_their_longer_side(side, expected):
    low = ReferenceScale(writing_height=1.0, min_legible_px=10.0, stroke_width_px=1.0)
    assert rejection(2, side, stroke_width_px=2.0, scale=low) is expected
    assert rejection(side, 2, stroke_width_px=2.0, scale=low) is expected


@pytest.mark.parametrize(("stroke_width_px", "expected"), [(1.99, RejectionReason.THIN_STROKE), (2.0, None), (2.01, None)])
def test_strokes_must_have_a_share_of_the_width_of_the_pen(stroke_width_px, expected):
    assert rejection(20, 100, stroke_width_px=stroke_width_px) is expected


def test_the_first_reason_counts():
    tall = ReferenceScale(writing_height=100.0, min_legible_px=50.0, stroke_width_px=10.0)
    assert rejection(20, 20, stroke_width_px=1.0, scale=tall) is RejectionReason.RELATIVELY_SMALL
    assert rejection(40, 40, stroke_width_px=20.0, scale=tall) is RejectionReason.DOT
    assert rejection(10, 40, stroke_width_px=1.0, scale=tall) is RejectionReason.TOO_SMALL
    assert rejection(10, 60, stroke_width_px=1.0, scale=tall) is RejectionReason.THIN_STROKE


def test_a_page_without_a_pen_rejects_no_stroke_as_thin():
    assert rejection(10, 60, stroke_width_px=0.0, scale=ReferenceScale(0.0, 0.0, 0.0)) is None


def test_a_mark_at_the_corner_of_the_page_is_judged_by_its_own_contour():
    ink = np.zeros((60, 60), np.uint8)
    ink[:40, :40] = 255
    ink[45:, 45:] = 255
    contours = ComponentContours.of_ink(ink)
    marks = [contours.extract_mark(ink, each, 0, ReferenceScale(40.0, 10.0, 10.0)) for each in contours.components()]
    assert {mark.box: mark.rejection for mark in marks} == {
        Box(0, 0, 41, 41): RejectionReason.DOT,
        Box(44, 44, 16, 16): RejectionReason.DOT,
    }


@pytest.mark.parametrize(
    ("holes", "width_px", "reason"),
    [(4, 120, None), (5, 120, RejectionReason.NOT_A_DIGIT), (9, 120, RejectionReason.NOT_A_DIGIT), (9, 200, None)],
)
def test_a_mark_with_many_holes_is_a_scribble_unless_it_may_be_several_digits(holes, width_px, reason):
    ink = np.zeros((140, 240), np.uint8)
    ink[20:25, 20 : 20 + width_px] = ink[115:120, 20 : 20 + width_px] = 255
    for x in np.linspace(20, 15 + width_px, holes + 1).astype(int):
        ink[20:120, x : x + 5] = 255
    (component,) = (contours := ComponentContours.of_ink(ink)).components()
    assert contours.extract_mark(ink, component, 0, ReferenceScale(100.0, 5.0, 5.0)).rejection is reason


@pytest.mark.parametrize(("side_px", "reason"), [(140, None), (144, RejectionReason.NOT_A_DIGIT)])
def test_what_covers_most_of_the_picture_is_no_digit(side_px, reason):
    ink = np.zeros((200, 100), np.uint8)
    ink[:side_px, :] = 255
    ink[20:120, 20:40] = 0  # a full rectangle would be a dot for its shape
    ink[40:140, 60:80] = 0
    (component,) = (contours := ComponentContours.of_ink(ink)).components()
    assert contours.extract_mark(ink, component, 0, ReferenceScale(100.0, 5.0, 5.0)).rejection is reason


def test_grains_are_no_holes():
    ink = np.zeros((140, 240), np.uint8)
    ink[20:120, 20:100] = 255
    ink[20:50, 20:50] = 0
    ink[60:110:6, 30:90:6] = 0
    (component,) = (contours := ComponentContours.of_ink(ink)).components()
    assert contours.extract_mark(ink, component, 0, ReferenceScale(100.0, 5.0, 5.0)).rejection is None


@pytest.mark.parametrize(("hole_px", "reason"), [(3, RejectionReason.RELATIVELY_SMALL), (16, None)])
def test_a_low_mark_with_a_hole_may_be_a_digit_but_grains_are_no_holes(hole_px, reason):
    ink = np.zeros((140, 240), np.uint8)
    ink[20:50, 20:50] = 255
    ink[30 : 30 + hole_px, 30 : 30 + hole_px] = 0
    (component,) = (contours := ComponentContours.of_ink(ink)).components()
    assert contours.extract_mark(ink, component, 0, ReferenceScale(100.0, 5.0, 5.0)).rejection is reason
