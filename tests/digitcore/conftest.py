import cv2
import numpy as np
import pytest

from synthetic.hands import strokes, write


@pytest.fixture
def page():
    """Paper of grey 200 with a bar of ink of grey 80, 40 px long and 6 px thick."""
    grey = np.full((120, 160), 200, np.uint8)
    grey[50:56, 60:100] = 80
    return grey


@pytest.fixture
def shaded(page):
    """The same page in light that decreases to a quarter from left to right: its paper at the right is darker than its ink at the left."""
    return (page * np.linspace(1, 0.25, page.shape[1])).astype(np.uint8)


@pytest.fixture
def bar(page):
    """The mask of the ink of `page` and `shaded`, bool `(120, 160)`."""
    return page == 80


@pytest.fixture
def written_on():
    """Return a function that writes three digits on paper; it returns the picture and the mask of the ink."""

    def write_on(paper, contrast=100):
        drawn = np.zeros(paper.shape, np.uint8)
        for index, digit in enumerate((2, 5, 8)):
            drawn = write(drawn, strokes(digit), (90 + 120 * index, 90), 100, 10)
        return np.clip(paper - contrast * (drawn / 255.0), 0, 255).astype(np.uint8), drawn > 128

    return write_on


@pytest.fixture
def squared():
    """Return a function that makes squared paper, uint8 `(300, 500)`, rotated by an angle in degrees."""

    def paper(tilt_deg=0):
        squares = np.full((400, 600), 220, np.uint8)
        squares[::24], squares[:, ::24] = 165, 165
        rotation = cv2.getRotationMatrix2D((300, 200), tilt_deg, 1)
        return cv2.warpAffine(squares, rotation, (600, 400), borderMode=cv2.BORDER_CONSTANT, borderValue=220)[50:350, 50:550]

    return paper
