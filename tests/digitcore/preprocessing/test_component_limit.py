import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np

from digitcore import read_image
from digitcore.preprocessing.component_limit import MAX_COMPONENTS, limit_components
from tests.properties import given

masks = st_np.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 20)), elements=st.integers(0, 1))


def areas_of(mask, connectivity=8):
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=connectivity)
    return sorted(stats[1:, cv2.CC_STAT_AREA].tolist(), reverse=True)


@given(masks, st.integers(1, 30), st.sampled_from([4, 8]))
def test_the_largest_components_are_kept_whole(mask, max_components, connectivity):
    before = mask.copy()
    kept = limit_components(mask, max_components, connectivity)
    assert areas_of(kept, connectivity) == areas_of(mask, connectivity)[:max_components]
    assert (kept <= mask).all()
    assert (mask == before).all()


@given(masks)
def test_a_mask_with_no_more_components_is_not_copied(mask):
    assert limit_components(mask, max(1, len(areas_of(mask)))) is mask


def checkerboard(square_px, side_px=1_600):
    y, x = np.mgrid[:side_px, :side_px] // square_px
    return ((x + y) % 2 * 255).astype(np.uint8)


def dots(dot_px, side_px=1_600):
    cell = np.pad(np.zeros((dot_px, dot_px), np.uint8), (0, dot_px), constant_values=255)
    return np.tile(cell, (side_px // len(cell), side_px // len(cell)))


@pytest.mark.slow
@pytest.mark.parametrize("picture", [checkerboard(3), dots(2), dots(3)], ids=["checkerboard", "dots of 2 px", "dots of 3 px"])
def test_no_stage_outlines_more_components(picture, monkeypatch):
    outlined, find_contours = [], cv2.findContours

    def count(mask, *arguments):
        outlines = find_contours(mask, *arguments)
        outlined.append(len(outlines[0]))
        return outlines

    monkeypatch.setattr(cv2, "findContours", count)
    assert read_image(picture).text == ""
    assert outlined
    assert max(outlined) <= 2 * MAX_COMPONENTS  # components, and holes in them
