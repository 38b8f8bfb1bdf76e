import cv2
import numpy as np
import pytest

from digitcore.io.encode import encode_image


@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 3)])
def test_png_is_lossless_for_grey_and_rgb(shape):
    image = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    stored = cv2.imdecode(np.frombuffer(encode_image(image, "png"), np.uint8), cv2.IMREAD_UNCHANGED)
    assert (stored == (image if image.ndim == 2 else image[..., ::-1])).all()


def test_jpeg_is_a_jpeg_file():
    assert encode_image(np.zeros((20, 30), np.uint8), "jpeg").startswith(b"\xff\xd8\xff")
