from dataclasses import replace

import numpy as np
import pytest

from digitcore import Stroke, read_strokes
from synthetic.allographs import CATALOGUE, allographs
from synthetic.signs import SIGNS
from synthetic.writers import HABIT, lognormal_trajectory, make_writer

SEEDS = range(40)

PLAIN_WRITER = 33
"""The seed of a precise writer whose shapes are the usual ones."""


def length(path):
    return np.linalg.norm(np.diff(path, axis=0), axis=1).sum()


@pytest.mark.parametrize("shape", CATALOGUE, ids=lambda shape: f"{shape.digit} {shape.name}")
def test_a_shape_is_about_as_high_as_a_digit(shape):
    for seed in SEEDS:
        paths = shape.make(np.random.default_rng(seed))
        points = np.concatenate(paths)
        assert all(path.ndim == 2 and path.shape[1] == 2 for path in paths)
        assert (0.4 if shape.name == "small" else 0.8) <= np.ptp(points[:, 1]) <= 1.45
        assert np.ptp(points[:, 0]) <= 1.55


@pytest.mark.parametrize("digit", range(10))
def test_each_digit_has_shapes_of_different_names(digit):
    names = [shape.name for shape in allographs(digit)]
    assert len(names) == len(set(names)) >= 3
    assert all(shape.digit == digit and shape.weight > 0 for shape in allographs(digit))


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_has_strokes(sign):
    paths = SIGNS[sign](np.random.default_rng(1))
    assert paths
    assert all(np.isfinite(path).all() and path.shape[1] == 2 for path in paths)


def test_no_sign_is_written_like_a_digit_by_some_people():
    assert not set("/\\|lI!^OoQDZzSsbGBgqy1234567890") & set(SIGNS)


def test_the_same_seeds_give_the_same_writing():
    first, again = (make_writer(7).write(4, np.random.default_rng(3))[0] for _ in range(2))
    assert all((one == other).all() for one, other in zip(first, again, strict=True))


def test_a_hook_lengthens_a_stroke_at_both_ends():
    stem = [np.array([[0.3, 0.0], [0.3, 1.0]])]
    plain, hooked = (
        replace(make_writer(PLAIN_WRITER), hook=hook, grid=0.0).write_paths(stem, np.random.default_rng(1))[0] for hook in (0.0, 1.0)
    )
    assert (hooked[1:-1] == plain[1:-1]).all()
    for end in (0, -1):
        assert (plain[end] == plain[1 if end == 0 else -2]).all()
        assert 0.02 < np.linalg.norm(hooked[end] - plain[end]) < 0.2


def test_a_coarse_device_moves_points_by_at_most_half_of_its_grid():
    zero = allographs(0)[0].make(np.random.default_rng(2))
    fine, coarse = (
        replace(make_writer(PLAIN_WRITER), slant=0.0, width=1.0, grid=grid).write_paths(zero, np.random.default_rng(1))[0]
        for grid in (0.0, 0.1)
    )
    assert np.abs(fine - coarse).max() <= 0.05 + 1e-9
    assert np.allclose(coarse * 10, np.round(coarse * 10))


def test_a_writer_mostly_keeps_to_one_shape_of_a_digit():
    writer = make_writer(11)
    shapes = [writer.write(0, np.random.default_rng(seed))[1] for seed in range(400)]
    assert np.mean([shape is writer.shapes[0] for shape in shapes]) > HABIT - 0.05
    assert len({shape.name for shape in shapes}) > 1


def test_writers_differ_in_shapes_slant_and_pen():
    writers = [make_writer(seed) for seed in SEEDS]
    assert len({writer.shapes[7].name for writer in writers}) >= 4
    assert np.std([writer.slant for writer in writers]) > 0.1
    assert max(writer.pen for writer in writers) > 2 * min(writer.pen for writer in writers)


def test_a_precise_writer_arrives_where_the_path_ends():
    corners = np.array([[0.0, 0.0], [0.5, 0.0], [0.5, 1.0]])
    traced = lognormal_trajectory(corners, haste=0.0, imprecision=0.0, rng=np.random.default_rng(0))
    assert traced[0] == pytest.approx(corners[0], abs=1e-6)
    assert traced[-1] == pytest.approx(corners[-1], abs=0.01)


def test_haste_rounds_corners():
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    careful, hasty = (lognormal_trajectory(corners, haste, 0.0, np.random.default_rng(0)) for haste in (0.0, 0.9))
    assert length(hasty) < length(careful) - 0.1
    assert length(careful) == pytest.approx(2, abs=0.02)


def test_imprecision_moves_the_end():
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    ends = [lognormal_trajectory(corners, 0.0, 0.1, np.random.default_rng(seed))[-1] for seed in range(200)]
    assert 0.05 < np.std(ends, axis=0).mean() < 0.2


def rows_of_digits(rng, lines, height_px, gap_px):
    """Write lines of digits below each other, by a writer whose digits the network reads."""
    writer, strokes = make_writer(PLAIN_WRITER), []
    for row, line in enumerate(lines):
        x = 30.0
        for digit in line:
            paths, _ = writer.write(int(digit), rng)
            left, right = (pick(path[:, 0] for path in map(np.asarray, paths)) for pick in (_least, _greatest))
            strokes += [Stroke((path - (left, 0)) * height_px + (x, 10 + row * (height_px + gap_px)), pen_px=16) for path in paths]
            x += (right - left) * height_px + 0.35 * height_px
    return strokes


def _least(columns):
    return min(each.min() for each in columns)


def _greatest(columns):
    return max(each.max() for each in columns)


@pytest.mark.parametrize(("lines", "height_px"), [(["1234", "9876"], 100), (["315", "42", "7"], 70), (["36", "75", "91", "82"], 50)])
def test_rows_on_a_canvas_are_read_line_by_line(lines, height_px):
    strokes = rows_of_digits(np.random.default_rng(5), lines, height_px, 0.45 * height_px)
    assert read_strokes(strokes, (560, 370)).lines == lines
