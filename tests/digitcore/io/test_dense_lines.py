import cv2
import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.io.dense_lines import draw_dense_lines
from digitcore.io.strokes import Stroke, draw_strokes
from tests.properties import given
from tests.strategies import SEEDS

SIZES_WH = st.tuples(st.integers(1, 150), st.integers(1, 150))


def random_paths(seed, size_wh, count=3):
    """Make paths of two to six points, a few of them outside of the paper."""
    rng = np.random.default_rng(seed)
    return [rng.uniform(-0.2, 1.2, (rng.integers(2, 7), 2)) * size_wh for _ in range(count)]


def draw_one_by_one(paths, width_px, size_wh):
    return draw_strokes([Stroke(path, width_px) for path in paths], size_wh)


def grown(mask, radius_px):
    return cv2.dilate(mask.astype(np.uint8), np.ones((2 * radius_px + 1, 2 * radius_px + 1), np.uint8)) > 0


@given(SEEDS, st.integers(1, 60), SIZES_WH)
def test_the_edges_are_within_two_pixels_of_those_of_single_lines(seed, width_px, size_wh):
    paths, padded_wh = [path + 50 for path in random_paths(seed, size_wh)], (size_wh[0] + 100, size_wh[1] + 100)
    before = [path.copy() for path in paths]
    dense, single = draw_dense_lines({width_px: paths}, padded_wh), draw_one_by_one(paths, width_px, padded_wh)
    assert dense.dtype == np.uint8
    assert dense.shape == single.shape
    assert not ((dense < 100) & ~grown(single < 155, 2)).any()
    assert not ((single < 100) & ~grown(dense < 155, 2)).any()
    assert all((path == copy).all() for path, copy in zip(paths, before, strict=True))


@given(SEEDS, st.integers(1, 60), SIZES_WH)
def test_a_paper_shows_its_part_of_a_larger_one(seed, width_px, size_wh):
    paths = random_paths(seed, size_wh)
    part = draw_dense_lines({width_px: paths}, size_wh)
    larger = draw_dense_lines({width_px: [path + 70 for path in paths]}, (size_wh[0] + 140, size_wh[1] + 140))
    # OpenCV rounds the lines of one pixel a little differently where it clips them.
    assert not ((part < 100) & ~grown(larger < 155, 1)[70:-70, 70:-70]).any()
    assert not ((larger[70:-70, 70:-70] < 100) & ~grown(part < 155, 1))[1:-1, 1:-1].any()


@pytest.mark.parametrize("width_px", [8, 16, 30, 100])
def test_lines_have_as_much_ink_as_single_lines(width_px):
    paths, size_wh = [np.array([[110.0, 110.0], [260.5, 190.25]])], (400, 300)
    dense, single = (
        (255 - drawn).sum(dtype=float)
        for drawn in (draw_dense_lines({width_px: paths}, size_wh), draw_one_by_one(paths, width_px, size_wh))
    )
    assert dense == pytest.approx(single, rel=0.03)


@given(SEEDS, st.integers(1, 40), st.integers(1, 40))
def test_the_order_of_paths_and_widths_does_not_matter(seed, width_px, other_px):
    paths, others = random_paths(seed, (90, 70)), random_paths(seed + 1, (90, 70))
    drawn = draw_dense_lines({width_px: paths, 40 + other_px: others}, (90, 70))
    assert (draw_dense_lines({40 + other_px: others[::-1], width_px: paths[::-1]}, (90, 70)) == drawn).all()
    apart = [draw_dense_lines({width: [path]}, (90, 70)) for width, each in ((width_px, paths), (40 + other_px, others)) for path in each]
    assert (np.minimum.reduce(apart) == drawn).all()


@given(SEEDS, st.integers(1, 30), st.integers(0, 40), st.integers(0, 40))
def test_moved_paths_are_the_same_drawing_moved(seed, width_px, right_px, down_px):
    paths = [np.round(path * 16) / 16 for path in random_paths(seed, (90, 70))]
    here = draw_dense_lines({width_px: [path + 60 for path in paths]}, (250, 250))
    offset_xy = np.array([60 + right_px, 60 + down_px])
    there = draw_dense_lines({width_px: [path + offset_xy for path in paths]}, (250, 250))
    assert (there[down_px:, right_px:] == here[: 250 - down_px, : 250 - right_px]).all()


def test_a_path_beside_the_paper_darkens_what_its_pen_reaches():
    paper = draw_dense_lines({20: [np.array([[-6.0, -50.0], [-6.0, 80.0]])]}, (40, 30))
    assert paper.tolist() == [[0] * 5 + [255] * 35] * 30


@pytest.mark.parametrize("x", [-1e5, -11.0, 51.0, 1e5])
def test_a_path_that_its_pen_can_not_reach_the_paper_from_leaves_it_white(x):
    assert (draw_dense_lines({20: [np.array([[x, 10.0], [x, 20.0]])]}, (40, 30)) == 255).all()
    assert (draw_dense_lines({20: [np.array([[10.0, x], [20.0, x]])]}, (40, 40)) == 255).all()


@pytest.mark.parametrize("width_px", [1_000, 32_767])
def test_a_pen_wider_than_the_paper_blackens_it(width_px):
    assert (draw_dense_lines({width_px: [np.array([[-300.0, -200.0], [50.0, 20.0]])]}, (64, 48)) == 0).all()


def test_large_paper_is_drawn_at_a_lower_resolution():
    paths, size_wh = [np.array([[500.0, 700.0], [3500.0, 1800.0], [900.0, 2500.0]])], (4000, 3000)
    dense, single = draw_dense_lines({300: paths}, size_wh), draw_one_by_one(paths, 300, size_wh)
    assert dense.shape == single.shape
    assert not ((dense < 128) & ~grown(single < 128, 4)).any()
    assert not ((single < 128) & ~grown(dense < 128, 4)).any()
