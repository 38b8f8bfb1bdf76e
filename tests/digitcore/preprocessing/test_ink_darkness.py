import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore.preprocessing import ink_darkness
from digitcore.preprocessing.background import darkness
from digitcore.preprocessing.ink_darkness import _longest_boxes, contrast, main_ink_darkness, scale_to_main_ink
from digitcore.types import Box
from tests.properties import example, given


def marks(*rectangles, shape=(200, 200)):
    """Draw rectangles, each given as top, left, height, width and darkness."""
    dark = np.zeros(shape, np.uint8)
    for top, left, height, width, level in rectangles:
        dark[top : top + height, left : left + width] = level
    return dark


def darkness_of(dark, *, any_size=False):
    return main_ink_darkness(dark, dark > 0, any_size=any_size)


def test_the_main_writing_is_as_dark_as_its_largest_marks():
    dark = np.zeros((100, 200), np.uint8)
    dark[20:80, 20:40], dark[20:80, 60:80], dark[40:50, 120:130] = 150, 150, 60
    assert main_ink_darkness(dark, dark > 0, any_size=False) == pytest.approx(150)


@pytest.mark.parametrize(
    ("faint", "bold", "expected"),
    [
        ((10, 10), (10, 5), 50),  # equally long, the faint one of twice the area: 1.25e8 > 1.08e8
        ((20, 5), (10, 10), 50),  # of equal area, the faint one twice as long: 2.5e8 > 2.16e8
        ((10, 10), (10, 6), 60),
        ((15, 12), (13, 10), 60),  # 180 · 15 · 50³ < 130 · 13 · 60³, though 180 · 15 · 50² > 130 · 13 · 60²
        ((20, 10), (15, 10), 50),  # 200 · 20 · 50³ > 150 · 15 · 60³, though 200 · 20 · 50⁴ < 150 · 15 · 60⁴
    ],
)
def test_a_mark_counts_by_its_area_its_length_and_the_cube_of_its_darkness(faint, bold, expected):
    dark = marks((20, 20, *faint, 50), (100, 100, *bold, 60))
    assert darkness_of(dark) == expected
    assert darkness_of(np.ascontiguousarray(dark.T)) == expected


def test_of_two_halves_of_equal_weight_the_darker_one_is_taken():
    assert darkness_of(marks((20, 20, 20, 20, 50), (100, 100, 10, 10, 100))) == 100


@given(arrays(np.int64, (16, 3), elements=st.integers(5, 18)), arrays(np.uint8, 16, elements=st.integers(1, 255)))
def test_the_darkness_is_a_weighted_median(sizes, levels):
    rectangles = [(5 + 24 * (i // 4), 5 + 24 * (i % 4), h, w, d) for i, ((h, w, _), d) in enumerate(zip(sizes, levels, strict=True))]
    weighted = sorted(((int(d), int(h * w * max(h, w)) * int(d) ** 3) for *_, h, w, d in rectangles), reverse=True)
    reached = np.cumsum([weight for _, weight in weighted]).tolist()
    expected = next(level for (level, _), so_far in zip(weighted, reached, strict=True) if 2 * so_far >= reached[-1])
    assert darkness_of(marks(*rectangles, shape=(110, 110))) == pytest.approx(expected, rel=1e-12)


def test_the_darkness_of_a_mark_is_the_mean_of_its_ink_alone():
    dark = marks((20, 20, 10, 10, 100), (20, 20, 5, 10, 50))
    ink = dark > 0
    dark[24, 30], dark[40:60, 40:60] = 255, 200
    assert main_ink_darkness(dark, ink, any_size=False) == 75


def test_a_mark_as_large_as_the_image_counts_only_where_any_size_does():
    dark = np.full((100, 200), 90, np.uint8)
    assert main_ink_darkness(dark, dark > 0, any_size=False) == 0
    assert main_ink_darkness(dark, dark > 0, any_size=True) == pytest.approx(90)


@pytest.mark.parametrize("any_size", [True, False])
@pytest.mark.parametrize("shape", [(1, 1), (3, 90), (100, 100)])
def test_no_ink_has_no_darkness(any_size, shape):
    assert main_ink_darkness(np.full(shape, 200, np.uint8), np.zeros(shape, np.bool_), any_size=any_size) == 0


def test_one_pixel_is_a_mark_of_any_size():
    pixel = np.full((1, 1), 70, np.uint8)
    assert darkness_of(pixel) == 0
    assert darkness_of(pixel, any_size=True) == 70


@pytest.mark.parametrize(
    ("height", "width", "counts"),
    [(1, 1, False), (1, 2, True), (2, 1, True), (184, 20, True), (185, 20, False), (20, 368, True), (20, 369, False), (10, 190, True)],
)
def test_a_digit_is_neither_a_speck_nor_as_large_as_the_image(height, width, counts):
    dark = marks((6, 6, height, width, 80), shape=(200, 400))
    assert darkness_of(dark) == (80 if counts else 0)
    assert darkness_of(dark, any_size=True) == 80
    assert darkness_of(np.ascontiguousarray(dark.T)) == (80 if counts else 0)


@pytest.mark.parametrize(("length_px", "counts"), [(7, False), (8, True)])
def test_a_digit_is_at_least_as_long_as_the_finest_stroke_is_wide(length_px, counts):
    assert darkness_of(marks((300, 300, 6, length_px, 80), shape=(800, 900))) == (80 if counts else 0)


@pytest.mark.parametrize("any_size", [True, False])
def test_marks_that_could_be_no_digit_do_not_count_beside_one_that_could(any_size):
    assert darkness_of(marks((50, 50, 10, 10, 40), (195, 0, 5, 200, 250)), any_size=any_size) == 40


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize(("contact_px", "counts"), [(0, True), (1, True), (10, True), (11, False), (20, False)])
def test_a_mark_that_touches_a_border_with_more_than_half_its_length_is_no_digit(turns, contact_px, counts):
    dark = marks((1, 50, 30, 20, 80), shape=(200, 260))
    dark[0, 55 : 55 + contact_px] = 80
    dark[:, 0] = 0
    assert darkness_of(np.ascontiguousarray(np.rot90(dark, turns))) == (80 if counts else 0)


@pytest.mark.parametrize("turns", range(4))
def test_a_mark_one_pixel_from_the_border_is_no_border_artifact(turns):
    assert darkness_of(np.rot90(marks((1, 1, 20, 20, 80), shape=(200, 260)), turns).copy()) == 80
    assert darkness_of(np.rot90(marks((0, 1, 20, 20, 80), shape=(200, 260)), turns).copy()) == 0


def test_neither_image_nor_mask_is_modified():
    dark = marks((20, 20, 30, 30, 90), (20, 60, 30, 8, 160))
    ink = dark > 100
    before = dark.copy(), ink.copy()
    assert main_ink_darkness(dark, ink, any_size=False) == 160
    assert main_ink_darkness(np.repeat(dark, 2, axis=1)[:, ::2], np.repeat(ink, 2, axis=1)[:, ::2], any_size=False) == 160
    assert (dark == before[0]).all()
    assert (ink == before[1]).all()


def test_boxes_come_in_the_order_of_their_length_and_those_within_others_are_left_out():
    mask = (marks((10, 10, 40, 40, 1), (60, 10, 3, 50, 1), (100, 30, 45, 2, 1)) > 0).view(np.uint8)
    mask[15:45, 15:45] = 0
    mask[28:32, 28:32] = 1
    assert _longest_boxes(mask) == [Box(10, 60, 50, 3), Box(30, 100, 2, 45), Box(10, 10, 40, 40)]


def test_only_the_longest_components_are_measured(monkeypatch):
    monkeypatch.setattr(ink_darkness, "_MAX_MEASURED_COMPONENTS", 2)
    dark = marks((10, 10, 10, 10, 255), (50, 10, 12, 12, 30), (100, 10, 11, 11, 30))
    assert darkness_of(dark) == 30
    assert len(_longest_boxes((dark > 0).view(np.uint8))) == 2


def test_ink_keeps_its_greys():
    dark = np.zeros((40, 40), np.uint8)
    dark[10:30, 10:20], dark[10:30, 20:30] = 100, 50
    scaled = scale_to_main_ink(dark, dark > 20, 100)
    assert scaled[20, 15] == 255
    assert scaled[20, 25] == pytest.approx(128, abs=2)
    assert scaled[0, 0] == 0


@given(
    arrays(np.uint8, st.tuples(st.just(7), st.just(9))),
    arrays(np.bool_, st.tuples(st.just(7), st.just(9)), elements=st.sampled_from([False] * 9 + [True])),
    st.sampled_from([0.0, 0.5, 1.0, 64.0, 103.0, 255.0]),
)
@example(np.full((7, 9), 3, np.uint8), np.zeros((7, 9), np.bool_), 100.0)
@example(np.full((7, 9), 3, np.uint8), np.ones((7, 9), np.bool_), 100.0)
def test_ink_and_its_edges_are_scaled_pixel_by_pixel(dark, ink, main_darkness):
    before = dark.copy(), ink.copy()
    scaled = scale_to_main_ink(dark, ink, main_darkness)
    assert scaled.dtype == np.uint8
    for (y, x), level in np.ndenumerate(dark):
        is_near_ink = ink[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].any()
        expected = min(255.0, int(level) * 255 / max(main_darkness, 1)) if is_near_ink else 0.0
        assert abs(int(scaled[y, x]) - expected) <= 0.5 + 1e-4  # rounding
    assert (dark == before[0]).all()
    assert (ink == before[1]).all()


def test_a_soft_edge_is_one_pixel_wide():
    dark = np.full((9, 9), 10, np.uint8)
    ink = np.zeros((9, 9), np.bool_)
    ink[4, 4] = True
    scaled = scale_to_main_ink(dark, ink, 255)
    assert np.argwhere(scaled).tolist() == [[y, x] for y in (3, 4, 5) for x in (3, 4, 5)]
    assert (scaled[3:6, 3:6] == 10).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (4, 1)])
def test_the_smallest_images_can_be_scaled(shape):
    assert (scale_to_main_ink(np.full(shape, 50, np.uint8), np.ones(shape, np.bool_), 100) == 128).all()
    assert not scale_to_main_ink(np.full(shape, 50, np.uint8), np.zeros(shape, np.bool_), 100).any()


def test_contrast_is_relative_to_the_brighter_one_of_ink_and_paper():
    bright, dark = np.full((9, 9), 200, np.uint8), np.full((9, 9), 20, np.uint8)
    assert contrast(bright, 0.6 * 255, inverted=False) == pytest.approx(0.6)
    assert contrast(bright, 0.5 * 255, inverted=True) == pytest.approx(100 / 155)  # chalk of 155 on a board of 55
    assert contrast(dark, 0.5 * 255, inverted=True) < 0.05  # noise on white paper


@pytest.mark.parametrize(("bright", "dim"), [(220, 100), (255, 0), (100, 99), (40, 10), (255, 51)])
def test_contrast_is_the_difference_over_the_brighter_one(bright, dim):
    paper = np.full((3, 3), bright, np.uint8)
    ink_darkness_exact = 255 * (bright - dim) / bright
    assert contrast(paper, ink_darkness_exact, inverted=False) == pytest.approx((bright - dim) / bright)
    board = np.full((3, 3), 255 - dim, np.uint8)
    chalk = np.full((3, 3), 255 - bright, np.uint8)
    chalk_darkness = 255 * (bright - dim) / (255 - dim)
    assert contrast(board, chalk_darkness, inverted=True) == pytest.approx((bright - dim) / bright)
    assert contrast(board, float(darkness(chalk, board)[0, 0]), inverted=True) == pytest.approx((bright - dim) / bright, abs=0.02)


@pytest.mark.parametrize(
    ("paper", "main_darkness", "inverted", "expected"),
    [
        (255, 0.0, True, 0.0),
        (255, 10.0, True, 1.0),  # the board is black
        (0, 255.0, True, 0.0),
        (200, 0.0, False, 0.0),
        (200, 0.0, True, 0.0),
        (0, 255.0, False, 1.0),
        (100, 51.0, True, 20 / 175),
    ],
)
def test_contrast_at_its_limits(paper, main_darkness, inverted, expected):
    assert contrast(np.full((2, 2), paper, np.uint8), main_darkness, inverted=inverted) == pytest.approx(expected)


def test_the_contrast_of_light_ink_depends_on_the_papers_median():
    paper = np.array([[100, 100, 255], [0, 100, 255]], np.uint8)
    assert contrast(paper, 51.0, inverted=True) == pytest.approx(20 / 175)
