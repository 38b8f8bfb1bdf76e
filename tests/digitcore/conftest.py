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
    """The same page under light that falls to a quarter from left to right: its paper ends darker than its ink began."""
    return (page * np.linspace(1, 0.25, page.shape[1])).astype(np.uint8)


@pytest.fixture
def bar(page):
    """Where the ink of both is."""
    return page == 80


@pytest.fixture
def written_on():
    """Writes three digits on some paper; and says where their ink is."""

    def written(paper, contrast=100):
        drawn = np.zeros(paper.shape, np.uint8)
        for place, digit in enumerate((2, 5, 8)):
            drawn = write(drawn, strokes(digit), (90 + 120 * place, 90), 100, 10)
        return np.clip(paper - contrast * (drawn / 255.0), 0, 255).astype(np.uint8), drawn > 128

    return written


@pytest.fixture
def squared():
    """Makes squared paper, 300×500, turned by some degrees."""

    def paper(tilt_deg=0):
        squares = np.full((400, 600), 220, np.uint8)
        squares[::24], squares[:, ::24] = 165, 165
        turn = cv2.getRotationMatrix2D((300, 200), tilt_deg, 1)
        return cv2.warpAffine(squares, turn, (600, 400), borderMode=cv2.BORDER_CONSTANT, borderValue=220)[50:350, 50:550]

    return paper
