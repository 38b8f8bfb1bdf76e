import numpy as np

from digitcore.preprocessing.morphology import odd_size, open_by_rectangle, square_element


def test_windows_have_a_middle_pixel():
    assert [odd_size(length) for length in (0.3, 1, 2, 3.9, 4)] == [1, 1, 3, 3, 5]
    assert square_element(4.2).shape == (5, 5)


def test_opening_keeps_what_the_rectangle_fits_into():
    mask = np.zeros((6, 9), np.uint8)
    mask[1, 0:5] = 1
    mask[3, 5:9] = 1
    opened = open_by_rectangle(mask, (1, 5))
    assert opened[1, 0:5].all()
    assert opened.sum() == 5
