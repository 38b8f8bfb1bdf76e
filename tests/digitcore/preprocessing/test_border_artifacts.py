import numpy as np
import pytest
from scipy import ndimage

from digitcore.preprocessing.border_artifacts import find_border_artifacts, remove_border_artifacts

NO_SHEET = np.zeros((200, 300), np.bool_)


def mask_of(rows, columns):
    """Draw a rectangle: uint8 `(200, 300)`, 0 or 1."""
    mask = np.zeros(NO_SHEET.shape, np.uint8)
    mask[rows, columns] = 1
    return mask


def test_a_thumb_is_found_in_a_darkness_image_with_its_blurred_edge():
    thumb = mask_of(slice(150, 200), slice(100, 140))
    dark = 20 + 100 * (thumb | mask_of(slice(90, 95), slice(100, 200)))
    artifacts = find_border_artifacts(dark, NO_SHEET)
    assert artifacts[150:, 100:140].all()
    assert artifacts[148:, 98:142].all()
    assert not artifacts[:140].any()


@pytest.mark.parametrize(
    ("shape", "edge_px"),
    [pytest.param((200, 300), 2, id="least edge"), pytest.param((300, 1000), 2, id="long"), pytest.param((520, 600), 3, id="large")],
)
def test_an_artifact_is_widened_by_its_blurred_edge(shape, edge_px):
    thumb = np.zeros(shape, np.bool_)
    thumb[-48:, 96:144] = True
    artifacts = find_border_artifacts(np.where(thumb, 120, 20).astype(np.uint8), np.zeros(shape, np.bool_))
    expected = np.zeros(shape, np.bool_)
    expected[-48 - edge_px :, 96 - edge_px : 144 + edge_px] = True
    assert artifacts.dtype == np.bool_
    assert (artifacts == expected).all()


@pytest.mark.parametrize(("paper", "is_found"), [(0, False), (11, False), (12, True), (100, True)])
def test_what_is_not_as_dark_as_ink_is_no_artifact(paper, is_found):
    """Of two grey levels, Otsu's threshold is the lower."""
    thumb = mask_of(slice(150, 200), slice(100, 140)) > 0
    dark = np.where(thumb, 140, paper).astype(np.uint8)
    artifacts = find_border_artifacts(dark, NO_SHEET)
    assert artifacts.any() == is_found
    assert (artifacts is NO_SHEET) == (not is_found)


def test_the_surroundings_of_a_sheet_are_returned_where_nothing_is_dark():
    outside_sheet = mask_of(slice(0, 30), slice(0, 300)) > 0
    assert find_border_artifacts(np.zeros((200, 300), np.uint8), outside_sheet) is outside_sheet


def test_the_surroundings_of_a_sheet_are_widened_with_what_touches_them():
    outside_sheet = mask_of(slice(0, 30), slice(0, 300)) > 0
    finger, writing = mask_of(slice(30, 60), slice(50, 80)), mask_of(slice(90, 110), slice(100, 200))
    artifacts = find_border_artifacts(20 + 100 * (finger | writing), outside_sheet)
    assert (artifacts == ndimage.binary_dilation(outside_sheet | (finger > 0), np.ones((5, 5)))).all()


@pytest.mark.parametrize(("width_px", "is_found"), [(3, False), (4, False), (6, True), (40, True)])
def test_what_is_no_broader_than_a_line_is_no_artifact(width_px, is_found):
    dark = 20 + 100 * mask_of(slice(198, 200), slice(100, 100 + width_px)) | mask_of(slice(150, 200), slice(100, 100 + width_px)) * 100
    assert find_border_artifacts(dark, NO_SHEET).any() == is_found


def test_writing_that_touches_no_border_makes_no_artifact():
    dark = 20 + 100 * mask_of(slice(90, 110), slice(100, 200))
    assert find_border_artifacts(dark, NO_SHEET) is NO_SHEET


def test_fine_strokes_that_run_out_of_the_image_make_no_artifact():
    dark = 20 + 100 * mask_of(slice(100, 200), slice(100, 103))
    artifacts = find_border_artifacts(dark, NO_SHEET)
    assert artifacts.shape == NO_SHEET.shape
    assert not artifacts.any()


def test_ink_that_is_all_there_is_stays_even_along_a_border():
    ink = mask_of(slice(150, 200), slice(100, 140)) > 0
    assert (remove_border_artifacts(ink, NO_SHEET, NO_SHEET) == ink).all()
    writing = mask_of(slice(90, 110), slice(100, 200)) > 0
    assert (remove_border_artifacts(ink | writing, NO_SHEET, NO_SHEET) == writing).all()


def test_ink_without_artifacts_is_returned_itself():
    ink = mask_of(slice(90, 110), slice(100, 200)) > 0
    assert remove_border_artifacts(ink, NO_SHEET, NO_SHEET) is ink
    assert remove_border_artifacts(NO_SHEET, NO_SHEET, NO_SHEET) is NO_SHEET


def test_ink_that_touches_the_surroundings_of_a_sheet_is_removed():
    outside_sheet = mask_of(slice(0, 30), slice(0, 300)) > 0
    touching, writing = mask_of(slice(30, 60), slice(50, 56)) > 0, mask_of(slice(90, 110), slice(100, 200)) > 0
    ink = touching | writing | outside_sheet
    before = ink.copy()
    assert (remove_border_artifacts(ink, outside_sheet, NO_SHEET) == writing).all()
    assert (ink == before).all()


def test_ink_that_touches_what_reaches_in_from_the_surroundings_is_removed():
    outside_sheet = mask_of(slice(0, 30), slice(0, 300)) > 0
    finger = mask_of(slice(0, 50), slice(50, 80)) > 0
    beside, writing = mask_of(slice(40, 45), slice(80, 120)) > 0, mask_of(slice(90, 110), slice(100, 200)) > 0
    assert (remove_border_artifacts(beside | writing, outside_sheet, finger | outside_sheet) == writing).all()
    assert (remove_border_artifacts(beside | writing, outside_sheet, outside_sheet) == (beside | writing)).all()


def test_where_all_ink_touches_the_surroundings_the_ink_of_the_sheet_is_kept():
    outside_sheet = mask_of(slice(0, 30), slice(0, 300)) > 0
    ink = mask_of(slice(10, 60), slice(50, 56)) > 0
    assert (remove_border_artifacts(ink, outside_sheet, NO_SHEET) == (ink & ~outside_sheet)).all()


@pytest.mark.parametrize(("near_px", "is_rim"), [(2, False), (5, False), (6, True), (10, True)])
@pytest.mark.parametrize("has_writing", [True, False])
def test_a_rim_has_more_than_half_of_its_pixels_close_to_an_artifact(near_px, is_rim, has_writing):
    """The bar of 10 pixels ends in the 2 pixels around the artifact that are close to it, or above."""
    artifact = mask_of(slice(150, 200), slice(100, 140)) > 0
    bar = mask_of(slice(148 - 10 + near_px, 148 + near_px), slice(120, 121)) > 0
    artifact &= ~bar
    writing = mask_of(slice(90, 110), slice(100, 200)) > 0 if has_writing else NO_SHEET
    kept = remove_border_artifacts(bar | writing, NO_SHEET, artifact)
    assert (kept == (writing if is_rim and has_writing else bar | writing)).all()


@pytest.mark.parametrize(("shape", "reach_px"), [((200, 300), 2), ((240, 300), 2), ((255, 300), 3), ((800, 300), 3)])
@pytest.mark.parametrize("beyond_px", [0, 1])
def test_how_close_a_rim_is_grows_with_the_image(shape, reach_px, beyond_px):
    artifact, rim, writing = np.zeros((3, *shape), np.bool_)
    artifact[-50:, 100:140] = True
    rim[-50 - reach_px - beyond_px, 100:140] = writing[90:110, 100:200] = True
    kept = remove_border_artifacts(rim | writing, np.zeros(shape, np.bool_), artifact)
    assert (kept == (rim | writing if beyond_px else writing)).all()


@pytest.mark.parametrize(("near_px", "is_rim"), [(49, False), (50, False), (51, True), (54, True)])
@pytest.mark.parametrize("is_upside_down", [False, True])
def test_of_a_rim_of_100_pixels_more_than_50_are_close(near_px, is_rim, is_upside_down):
    """The part that is close lies along the artifact, and the rest is a bar that leads away from it."""
    artifact, rim, writing = np.zeros((3, 200, 300), np.bool_)
    artifact[150:, 100:160] = True
    rim[148, 100 : 100 + near_px] = rim[48 + near_px : 148, 100] = True
    writing[90:110, 150:200] = True
    assert rim.sum() == 100
    if is_upside_down:
        artifact, rim, writing = artifact[::-1].copy(), rim[::-1].copy(), writing[::-1].copy()
    assert (remove_border_artifacts(rim | writing, NO_SHEET, artifact) == (writing if is_rim else rim | writing)).all()


def test_around_a_sheet_rims_are_kept_unless_they_touch():
    outside_sheet = mask_of(slice(0, 30), slice(0, 300)) > 0
    rim, writing = mask_of(slice(31, 32), slice(50, 90)) > 0, mask_of(slice(90, 110), slice(100, 200)) > 0
    assert remove_border_artifacts(rim | writing, outside_sheet, outside_sheet)[rim].all()
