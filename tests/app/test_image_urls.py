import base64

import cv2
import numpy as np
import pytest

from app.image_urls import data_url


def decoded(url):
    head, content = url.split(",")
    return head, cv2.imdecode(np.frombuffer(base64.b64decode(content), np.uint8), cv2.IMREAD_UNCHANGED)


def test_a_grey_picture_keeps_every_pixel():
    image = np.random.default_rng(1).integers(0, 256, (28, 28), np.uint8)
    head, again = decoded(data_url(image))
    assert head == "data:image/png;base64"
    assert (again == image).all()


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_colours_keep_their_order(kind):
    red = np.zeros((16, 16, 3), np.uint8)
    red[..., 0] = 200
    head, again = decoded(data_url(red, kind))
    assert head == f"data:image/{kind};base64"
    assert np.abs(again[8, 8].astype(int) - (0, 0, 200)).max() < 6
