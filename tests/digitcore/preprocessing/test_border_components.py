import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import ndimage
from skimage.segmentation import clear_border

from digitcore.preprocessing.border_artifacts import border_components
from tests.properties import given

NO_SHEET = np.zeros((200, 300), np.bool_)
SQUARE = np.ones((3, 3))


def mask_of(rows, columns):
    """Draw a rectangle: uint8 `(200, 300)`, 0 or 1."""
    mask = np.zeros(NO_SHEET.shape, np.uint8)
    mask[rows, columns] = 1
    return mask


def drawn(*lines):
    """Read a mask from lines of text in which `#` is set: uint8 `(H, W)`, 0 or 1."""
    return np.array([[character == "#" for character in line] for line in lines]).view(np.uint8)


def nowhere(mask):
    """Return a mask of the same size with nothing set."""
    return np.zeros(mask.shape, np.bool_)


def slow_border_components(mask, outside_sheet):
    """Select thumbs, strips, frames and what touches the surroundings of a sheet, component by component."""
    labels, count = ndimage.label(mask, SQUARE)
    sides = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    border_px = sum(int((side > 0).sum()) for side in sides)
    selected = outside_sheet.copy()
    for label in range(1, count + 1):
        component = labels == label
        extents_px = [int(component.any(axis=axis).sum()) for axis in (0, 0, 1, 1)]
        contacts_px = [int((side == label).sum()) for side in sides]
        lies_along = any(contact > extent / 2 for contact, extent in zip(contacts_px, extents_px, strict=True))
        is_thumb = lies_along and sum(contact > 0 for contact in contacts_px) == 1
        is_strip = any(
            contact > 0.92 * len(side) and opposite == 0
            for contact, opposite, side in zip(contacts_px, [contacts_px[i] for i in (1, 0, 3, 2)], sides, strict=True)
        )
        is_frame = lies_along and border_px > 0.5 * 2 * sum(mask.shape)
        if is_thumb or is_strip or is_frame or (component & outside_sheet).any():
            selected |= component
    return selected


@st.composite
def masks(draw):
    """Draw a few rectangles, many of them along a border: uint8 `(H, W)`, 0 or 1."""
    height, width = draw(st.integers(4, 24)), draw(st.integers(4, 24))
    mask = np.zeros((height, width), np.uint8)
    for _ in range(draw(st.integers(1, 6))):
        top, left = draw(st.sampled_from([0, 0, draw(st.integers(0, height - 1))])), draw(st.integers(0, width - 1))
        bottom = draw(st.sampled_from([height, top + 1, draw(st.integers(top + 1, height))]))
        mask[top:bottom, left : draw(st.sampled_from([width, left + 2, left + 5]))] = 1
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


@given(masks())
def test_border_components_agree_with_a_slow_selection(mask):
    assert (border_components(mask, nowhere(mask)) == slow_border_components(mask, nowhere(mask))).all()


@given(masks(), masks(), st.integers(0, 5))
def test_border_components_agree_with_a_slow_selection_around_a_sheet(mask, other, margin_px):
    outside_sheet = nowhere(mask)
    outside_sheet[: min(margin_px, len(mask))] = True
    outside_sheet[-1, -1] = other[0, 0] > 0
    for joined in (mask, mask | outside_sheet.view(np.uint8)):
        assert (border_components(joined, outside_sheet) == slow_border_components(joined, outside_sheet)).all()


@given(masks())
def test_border_components_turn_and_mirror_with_the_mask(mask):
    selected = border_components(mask, nowhere(mask))
    for change in (np.transpose, np.flipud, np.fliplr, np.rot90):
        changed = np.ascontiguousarray(change(mask))
        assert (border_components(changed, nowhere(changed)) == change(selected)).all()


@given(masks())
def test_border_components_are_among_those_that_touch_the_border(mask):
    selected, before = border_components(mask, nowhere(mask)), mask.copy()
    touching = (mask > 0) & (clear_border(ndimage.label(mask, SQUARE)[0]) == 0)
    assert selected.dtype == np.bool_
    assert not (selected & ~touching).any()
    assert (mask == before).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (3, 3)])
def test_an_empty_mask_has_no_border_components(shape):
    mask = np.zeros(shape, np.uint8)
    assert not border_components(mask, nowhere(mask)).any()


def test_a_full_mask_is_a_frame():
    mask = np.ones((6, 9), np.uint8)
    assert border_components(mask, nowhere(mask)).all()


@pytest.mark.parametrize(
    ("last_row", "is_artifact"),
    [("..##....", False), ("..###...", True), ("..####..", True), ("...#.#..", False), ("..#.##..", True)],
)
def test_a_thumb_touches_a_side_with_more_than_half_its_length(last_row, is_artifact):
    mask = drawn("........", "........", "..####..", "..####..", last_row)
    assert border_components(mask, nowhere(mask)).any() == is_artifact


@pytest.mark.parametrize(("contact_px", "is_artifact"), [(9, False), (10, False), (11, True), (12, True)])
def test_half_of_a_length_of_20_pixels_is_10(contact_px, is_artifact):
    mask = np.zeros((30, 40), np.uint8)
    mask[20:29, 10:30] = mask[29, 12 : 12 + contact_px] = 1
    assert border_components(mask, nowhere(mask)).any() == is_artifact


def test_a_corner_that_touches_two_sides_is_no_thumb():
    mask = drawn("###......", "###......", ".........", ".........", ".........")
    assert not border_components(mask, nowhere(mask)).any()


@pytest.mark.parametrize(("length_px", "is_artifact"), [(17, False), (18, False), (19, True), (20, True)])
@pytest.mark.parametrize("corner", ["first", "last"])
def test_a_strip_covers_more_than_nine_tenths_of_a_side(length_px, is_artifact, corner):
    strip = np.zeros((20, 20), np.uint8)
    strip[:2, :length_px] = 1
    if corner == "last":
        strip = strip[:, ::-1]
    for mask in (strip, strip[::-1], strip.T, strip.T[:, ::-1]):
        copied = np.ascontiguousarray(mask)
        assert (border_components(copied, nowhere(copied)) == (copied > 0) * is_artifact).all()


def test_a_strip_that_reaches_the_opposite_side_is_none():
    mask = np.zeros((20, 20), np.uint8)
    mask[0] = mask[:, 5] = 1
    assert not border_components(mask, nowhere(mask)).any()
    mask[-1, 5] = 0
    assert (border_components(mask, nowhere(mask)) == (mask > 0)).all()


@pytest.mark.parametrize(("right_px", "is_artifact"), [(5, False), (6, False), (7, True), (8, True)])
def test_a_frame_needs_a_border_that_is_dark_in_large_part(right_px, is_artifact):
    """A strip with 22 pixels along the border and a band with 12 on its left lie in an image whose border counts 80, 40 being the limit."""
    mask = np.zeros((20, 20), np.uint8)
    mask[0] = 1
    mask[5:17, :10] = mask[5 : 5 + right_px, 10:] = 1
    selected = border_components(mask, nowhere(mask))
    assert selected[0].all()
    assert (selected[1:] == (mask[1:] > 0) * is_artifact).all()


def test_what_only_crosses_a_dark_border_is_no_part_of_the_frame():
    mask = np.zeros((20, 20), np.uint8)
    mask[0] = mask[-1] = 1
    mask[5:15, 8:12] = mask[9, :] = 1
    selected = border_components(mask, nowhere(mask))
    assert (selected == (mask > 0) & ~np.isin(np.arange(20), range(5, 15))[:, np.newaxis]).all()


def test_neighbours_at_a_corner_are_connected():
    mask = drawn("........", "...#....", "..#.....", "..###...")
    assert (border_components(mask, nowhere(mask)) == (mask > 0)).all()


def test_what_is_outside_of_a_sheet_is_selected_even_where_the_mask_is_not_set():
    outside_sheet = mask_of(slice(0, 10), slice(0, 300)) > 0
    assert (border_components(mask_of(slice(50, 60), slice(50, 60)), outside_sheet) == outside_sheet).all()


def test_a_component_beside_the_surroundings_of_a_sheet_is_no_artifact_unless_both_are_in_the_mask():
    outside_sheet = mask_of(slice(0, 10), slice(0, 300)) > 0
    below = mask_of(slice(10, 60), slice(50, 60))
    assert (border_components(below, outside_sheet) == outside_sheet).all()
    assert (border_components(below | outside_sheet, outside_sheet) == (outside_sheet | (below > 0))).all()


def thumb_at(shape, rows, columns):
    """Draw a thumb on the lower border, and writing in the middle: both bool `(H, W)`."""
    thumb, writing = np.zeros((2, *shape), np.bool_)
    thumb[shape[0] - rows :, columns[0] : columns[1]] = True
    writing[shape[0] // 3 : shape[0] // 3 + 21, shape[1] // 3 : shape[1] // 3 + 101] = True
    return thumb, writing


REDUCED = [(480, 640), (481, 643), (720, 960), (722, 961), (960, 1280), (1203, 1205)]


@pytest.mark.parametrize("shape", [(479, 640), *REDUCED])
def test_a_thumb_in_a_large_image_is_selected_up_to_its_rim(shape):
    """The mask of a large image is reduced, by a stride of up to 4."""
    thumb, writing = thumb_at(shape, 100, (200, 280))
    selected = border_components((thumb | writing).view(np.uint8), nowhere(thumb))
    rim = thumb & ~ndimage.binary_erosion(thumb, np.ones((9, 9)), border_value=1)
    assert not (selected & ~thumb).any()
    assert (selected | rim)[thumb].all()


@pytest.mark.parametrize("offset_px", range(4))
@pytest.mark.parametrize("shape", [(479, 640), (400, 1000)])
def test_a_thumb_leaves_no_sliver(shape, offset_px):
    thumb, writing = thumb_at(shape, 100 + offset_px, (200 + offset_px, 280 + offset_px))
    assert (border_components((thumb | writing).view(np.uint8), nowhere(thumb)) == thumb).all()


@pytest.mark.parametrize("shape", REDUCED)
def test_a_thumb_in_a_large_image_leaves_no_sliver(shape):
    for offset_px in range(4):
        thumb, writing = thumb_at(shape, 100 + offset_px, (200 + offset_px, 280 + offset_px))
        assert (border_components((thumb | writing).view(np.uint8), nowhere(thumb)) == thumb).all()


@pytest.mark.parametrize(("shape", "side"), [((480, 640), np.s_[-1]), ((480, 640), np.s_[:, -1]), ((960, 1280), np.s_[-1:, 60:900])])
def test_a_fine_strip_along_the_last_row_or_column_of_a_large_image_is_an_artifact(shape, side):
    strip = np.zeros(shape, np.bool_)
    strip[side] = True
    assert (border_components(strip.view(np.uint8), nowhere(strip)) == strip).all()


@pytest.mark.parametrize("side", [np.s_[0], np.s_[:, 0], np.s_[:1, 60:900]])
def test_a_fine_strip_along_the_first_row_or_column_of_a_large_image_is_an_artifact(side):
    strip = np.zeros((960, 1280), np.bool_)
    strip[side] = True
    assert (border_components(strip.view(np.uint8), nowhere(strip)) == strip).all()


@pytest.mark.parametrize(("shape", "rows"), [((721, 900), slice(420, 600)), ((1201, 1300), slice(800, 1100))])
def test_a_thumb_in_a_large_image_that_no_stride_divides_leaves_no_sliver(shape, rows):
    thumb = np.zeros(shape, np.bool_)
    thumb[rows, :60] = True
    assert (border_components(thumb.view(np.uint8), nowhere(thumb)) == thumb).all()


def test_what_touches_the_surroundings_of_a_sheet_in_a_large_image_leaves_no_sliver():
    outside_sheet, attached = np.zeros((2, 720, 960), np.bool_)
    outside_sheet[:, :31] = attached[50:61, 31:61] = True
    assert (border_components((outside_sheet | attached).view(np.uint8), outside_sheet) == outside_sheet | attached).all()


def test_marks_in_a_large_image_are_apart_where_two_reduced_pixels_lie_between_them():
    """The stride is 4, and no more than that in larger images."""
    for shape in ((960, 1280), (1200, 1210)):
        for offset_px in range(5):
            thumb, writing = thumb_at(shape, 100 + offset_px, (200, 280))
            writing[shape[0] - 112 - offset_px : shape[0] - 108 - offset_px, 200:280] = True
            assert not (border_components((thumb | writing).view(np.uint8), nowhere(thumb)) & writing).any()
