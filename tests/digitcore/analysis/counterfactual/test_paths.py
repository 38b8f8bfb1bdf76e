import numpy as np

from digitcore.analysis.counterfactual.paths import direction_at_end, distances, path_length, resample

CORNER = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0]])


def test_points_are_placed_at_equal_distances_along_a_path():
    placed = resample(CORNER, 0.5)
    assert len(placed) == 15
    np.testing.assert_allclose(np.linalg.norm(np.diff(placed, axis=0), axis=1), 0.5)
    np.testing.assert_array_equal(placed[[0, 6, -1]], CORNER)


def test_a_point_stays_a_point():
    point = np.array([[2.0, 5.0]])
    np.testing.assert_array_equal(resample(point, 0.1), point)
    np.testing.assert_array_equal(resample(np.repeat(point, 3, axis=0), 0.1), point)
    assert path_length(point) == 0


def test_a_path_goes_on_in_the_direction_of_its_last_points():
    assert path_length(CORNER) == 7
    np.testing.assert_allclose(direction_at_end(CORNER, 1), (0, 1))
    np.testing.assert_allclose(direction_at_end(CORNER, 9), (0.6, 0.8))


def test_distances_are_those_to_the_nearest_point():
    np.testing.assert_allclose(distances(np.array([[0.0, 1.0], [3.0, 6.0]]), [CORNER]), (1, 2))
    assert np.isinf(distances(CORNER, [])).all()
