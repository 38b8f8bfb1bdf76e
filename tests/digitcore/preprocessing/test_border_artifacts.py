import numpy as np
import pytest

from digitcore.preprocessing.border_artifacts import border_components, find_border_artifacts, remove_border_artifacts

NO_SHEET = np.zeros((200, 300), np.bool_)


def mask_of(rows, columns):
    """Draw a rectangle: uint8 `(200, 300)`, 0 or 1."""
    mask = np.zeros(NO_SHEET.shape, np.uint8)
    mask[rows, columns] = 1
    return mask


@pytest.mark.parametrize(
    "artifact",
    [
        pytest.param(mask_of(slice(150, 200), slice(100, 140)), id="thumb"),
        pytest.param(mask_of(slice(0, 200), slice(0, 20)), id="strip"),
        pytest.param(1 - mask_of(slice(20, 180), slice(20, 280)), id="frame"),
    ],
)
def test_what_lies_along_the_borders_is_an_artifact_and_writing_is_none(artifact):
    writing = mask_of(slice(90, 110), slice(100, 200))
    assert (border_components(artifact | writing, NO_SHEET) == (artifact > 0)).all()


def test_a_stroke_that_runs_out_of_the_image_is_no_artifact():
    stroke = mask_of(slice(100, 200), slice(100, 108)) | mask_of(slice(100, 108), slice(80, 140))
    assert not border_components(stroke, NO_SHEET).any()


def test_what_touches_the_surface_around_a_sheet_is_an_artifact():
    outside_sheet = mask_of(slice(0, 200), slice(0, 30)) > 0
    attached, apart = mask_of(slice(50, 60), slice(30, 60)), mask_of(slice(90, 110), slice(100, 200))
    assert (border_components(attached | apart | outside_sheet, outside_sheet) == (outside_sheet | (attached > 0))).all()


def test_a_thumb_is_found_in_a_darkness_image_with_its_blurred_edge():
    thumb = mask_of(slice(150, 200), slice(100, 140))
    dark = 20 + 100 * (thumb | mask_of(slice(90, 95), slice(100, 200)))
    artifacts = find_border_artifacts(dark, NO_SHEET)
    assert artifacts[150:, 100:140].all()
    assert artifacts[148:, 98:142].all()
    assert not artifacts[:140].any()


def test_ink_that_is_all_there_is_stays_even_along_a_border():
    ink = mask_of(slice(150, 200), slice(100, 140)) > 0
    assert (remove_border_artifacts(ink, NO_SHEET, NO_SHEET) == ink).all()
    writing = mask_of(slice(90, 110), slice(100, 200)) > 0
    assert (remove_border_artifacts(ink | writing, NO_SHEET, NO_SHEET) == writing).all()
