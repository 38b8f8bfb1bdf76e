import cv2
import numpy as np
import pytest

from digitcore.preprocessing.background import around_sheet, find_sheet, flatten, paper_brightness
from digitcore.preprocessing.resampling import make_overview
from digitcore.preprocessing.stroke_width import find_pen


def test_the_paper_is_the_page_without_its_writing(page, shaded):
    assert (paper_brightness(page, 0.15) == 200).all()
    assert np.abs(paper_brightness(shaded, 0.15).astype(int) - np.linspace(200, 50, 160)).max() < 12


def test_darkness_is_the_share_of_the_paper_s_light_that_is_missing(page, shaded, bar):
    for grey in (page, shaded):
        _, dark = flatten(grey, 0.04, 0.15)
        assert dark[bar] / 255 == pytest.approx(120 / 200, abs=0.08)
        assert dark[~bar].max() < 0.6 * dark[bar].min()


def test_a_broad_pen_is_not_hollowed():
    thick = np.full((120, 120), 220, np.uint8)
    thick[20:100, 40:80] = 30
    _, dark = flatten(thick, find_pen(make_overview(thick)).width, 0.15)
    assert dark[25:95, 45:75].min() > 200


CORNERS = np.array([(60, 40), (570, 55), (590, 430), (45, 445)], np.int32)


def on_a_desk(lit):
    """A sheet of grey 220 on a desk of grey 70, with writing on it, under some light: uint8 `(480, 640)`."""
    grey = np.full((480, 640), 70, np.uint8)
    cv2.fillConvexPoly(grey, CORNERS, 220)
    cv2.putText(grey, "4711", (150, 260), cv2.FONT_HERSHEY_SIMPLEX, 4, 60, 9)
    return (grey * lit).astype(np.uint8)


@pytest.mark.parametrize("light", ["even", "falling", "half in shadow"])
def test_a_sheet_on_a_desk_is_found(light):
    x = np.linspace(0, 1, 640)
    lit = {"even": np.ones(640), "falling": 1 - 0.5 * x, "half in shadow": np.where(x < 0.5, 1, 0.55)}[light]
    sheet = find_sheet(make_overview(on_a_desk(lit)), (480, 640))
    true = cv2.fillConvexPoly(np.zeros((480, 640), np.uint8), CORNERS, 1) > 0
    inside = ~around_sheet(sheet, (480, 640))
    assert (inside & true).sum() / (inside | true).sum() > 0.9


@pytest.mark.parametrize("paper", ["bare", "shadow", "digit"])
def test_paper_that_fills_the_picture_is_no_sheet(paper, drawing):
    greys = {
        "bare": np.full((240, 320), 200, np.uint8),
        "shadow": np.tile(np.where(np.arange(320) < 160, 220, 100).astype(np.uint8), (240, 1)),
        "digit": 255 - drawing(0, pen_px=40)[..., 0],
    }
    assert find_sheet(make_overview(greys[paper]), greys[paper].shape) is None


def test_nothing_lies_around_no_sheet():
    assert not around_sheet(None, (20, 30)).any()
