from pathlib import Path

import cv2
import numpy as np
import pytest

from digitcore import read_image
from digitcore.io.thumbnails import marked_thumbnail, resize


@pytest.mark.parametrize(
    ("shape", "longer"), [((9, 30, 3), 360), ((1600, 1), 360), ((1200, 40, 3), 360), ((28, 28), 336), ((200, 250), 250)]
)
def test_pictures_are_reduced_smoothly_and_enlarged_by_whole_factors(shape, longer):
    assert max(resize(np.zeros(shape, np.uint8), 360).shape) == longer


def test_a_thumbnail_is_a_jpeg_of_the_wanted_size_with_marks():
    reading = read_image(Path("samples/page.jpg").read_bytes())
    small = cv2.imdecode(np.frombuffer(marked_thumbnail(reading.stages[0].image, reading, 240), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert max(small.shape) == 240
    assert np.abs(small.astype(int) - resize(reading.stages[0].image, 240)).max() > 50
