import cv2
import numpy as np
import pytest

from digitcore.preprocessing.resampling import make_overview
from digitcore.preprocessing.sheet import find_sheet, mask_outside_sheet

CORNERS = np.array([(60, 40), (570, 55), (590, 430), (45, 445)], np.int32)


def sheet_on_a_table(light, paper=220, table=70, ink=60):
    """Draw a written sheet on a darker table under some light: uint8 `(480, 640)`."""
    grey = np.full((480, 640), table, np.uint8)
    cv2.fillConvexPoly(grey, CORNERS, paper)
    cv2.putText(grey, "4711", (150, 260), cv2.FONT_HERSHEY_SIMPLEX, 4, ink, 9)
    return (grey * light).astype(np.uint8)


def overlap_with_the_true_sheet(grey):
    """Compute intersection over union of the sheet found and the true one."""
    outline = find_sheet(make_overview(grey), (480, 640))
    true = cv2.fillConvexPoly(np.zeros((480, 640), np.uint8), CORNERS, 1) > 0
    inside = ~mask_outside_sheet(outline, (480, 640))
    return (inside & true).sum() / (inside | true).sum()


@pytest.mark.parametrize("light", ["even", "falling", "half in shadow"])
def test_a_sheet_on_a_table_is_found(light):
    x = np.linspace(0, 1, 640)
    lights = {"even": np.ones(640), "falling": 1 - 0.5 * x, "half in shadow": np.where(x < 0.5, 1, 0.55)}
    assert overlap_with_the_true_sheet(sheet_on_a_table(lights[light])) > 0.9


def test_a_written_board_on_a_bright_wall_is_found():
    assert overlap_with_the_true_sheet(sheet_on_a_table(1.0, paper=60, table=220, ink=230)) > 0.9


@pytest.mark.parametrize("paper", ["bare", "shadow", "digit"])
def test_paper_that_fills_the_image_is_no_sheet(paper, drawing):
    greys = {
        "bare": np.full((240, 320), 200, np.uint8),
        "shadow": np.tile(np.where(np.arange(320) < 160, 220, 100).astype(np.uint8), (240, 1)),
        "digit": 255 - drawing(0, pen_px=40)[..., 0],
    }
    assert find_sheet(make_overview(greys[paper]), greys[paper].shape) is None


def test_nothing_is_outside_where_there_is_no_sheet():
    assert not mask_outside_sheet(None, (20, 30)).any()
