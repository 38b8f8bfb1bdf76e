"""Hard pages: the same seed gives the same bytes, and the ground truth fits the picture."""

import cv2
import numpy as np
import pytest

from synthetic.hard_pages import EFFECTS, hard_page, hard_page_without_digits, random_effects
from synthetic.hard_pages.effects import GROUPS, OF_PICTURES, OF_SHEETS, OF_WRITING
from synthetic.hard_pages.without_digits import KINDS
from synthetic.pages import picture_glyphs

pytestmark = pytest.mark.slow

SEEDS = range(16)


@pytest.fixture(scope="module")
def some_pages():
    return [hard_page(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def pictures_without_digits():
    return [hard_page_without_digits(seed) for seed in SEEDS]


def crop(mask, box):
    return mask[box.y : box.y + box.height, box.x : box.x + box.width]


def is_inside(points, corners):
    """Whether points, `(N, 2)`, lie within a convex quadrilateral whose corners follow one another clockwise, or half a pixel beside it."""
    sides = np.roll(corners, -1, axis=0) - corners
    normals = np.stack([-sides[:, 1], sides[:, 0]], axis=1) / np.linalg.norm(sides, axis=1)[:, None]
    return (np.einsum("sk,spk->sp", normals, points - corners[:, None]) >= -0.5).all(axis=0)


def test_the_same_seed_gives_the_same_bytes(some_pages, pictures_without_digits):
    for seed in (0, 7, 13):
        for again, first in ((hard_page(seed), some_pages[seed]), (hard_page_without_digits(seed), pictures_without_digits[seed])):
            assert again.picture.tobytes() == first.picture.tobytes()
            assert again.truth.ink_mask.tobytes() == first.truth.ink_mask.tobytes()
            assert (again.lines, again.traits, again.truth.digits) == (first.lines, first.traits, first.truth.digits)
    assert len({page.picture.tobytes() for page in some_pages}) == len(SEEDS)


def test_pictures_and_masks_have_one_size(some_pages, pictures_without_digits):
    for page in (*some_pages, *pictures_without_digits):
        height, width = page.picture.shape[:2]
        assert page.picture.shape == (height, width, 3)
        for array in (page.picture, page.truth.ink_mask, page.truth.ruling_mask):
            assert array.dtype == np.uint8
            assert array.shape[:2] == (height, width)
        for mask in (page.truth.ink_mask, page.truth.ruling_mask):
            assert set(np.unique(mask)) <= {0, 255}


def test_the_lines_are_those_of_the_digits(some_pages):
    for page in some_pages:
        assert page.text.replace("/", "").isdigit()
        lines = sorted({digit.line for digit in page.truth.digits})
        assert list(page.lines) == ["".join(digit.text for digit in page.truth.digits if digit.line == line) for line in lines]


def test_lines_follow_from_top_to_bottom_and_digits_from_left_to_right(some_pages):
    for page in some_pages:
        middles = {}
        for digit in page.truth.digits:
            middles.setdefault(digit.line, []).append((digit.box.center_x, digit.box.center_y))
        heights = [np.mean([y for _, y in middles[line]]) for line in sorted(middles)]
        assert (np.diff(heights) > 0).all()
        for line in middles.values():
            assert (np.diff([x for x, _ in line]) > 0).all()


def test_boxes_hold_the_ink(some_pages):
    for page in some_pages:
        height, width = page.picture.shape[:2]
        covered = np.zeros((height, width), bool)
        for mark in (*page.truth.digits, *page.truth.other_marks):
            assert mark.box.x >= 0
            assert mark.box.y >= 0
            assert mark.box.x + mark.box.width <= width
            assert mark.box.y + mark.box.height <= height
            assert crop(page.truth.ink_mask, mark.box).any()
            crop(covered, mark.box)[:] = True
        assert covered[page.truth.ink_mask > 0].all()


def test_a_box_is_no_larger_than_the_ink_of_its_mark():
    for seed in range(5):
        page = hard_page(seed, effects={"large digits": 0.5})
        for digit in page.truth.digits:
            ink = crop(page.truth.ink_mask, digit.box) > 0
            for axis, side in ((0, digit.box.width), (1, digit.box.height)):
                touched = np.flatnonzero(ink.any(axis=axis))
                assert touched[0] <= 4
                assert touched[-1] >= side - 5


def test_the_ink_mask_covers_what_is_dark():
    for seed in range(5):
        page = hard_page(seed, effects={"felt pen": 0.5})
        grey = page.picture.mean(axis=2)
        ink, paper = page.truth.ink_mask > 0, np.median(grey)
        assert np.median(grey[ink]) < paper - 40
        blurred_edge = cv2.dilate(page.truth.ink_mask, np.ones((7, 7), np.uint8)) > 0
        assert (grey[~blurred_edge] > paper - 75).all()


def test_chalk_is_lighter_than_its_board():
    for seed in range(3):
        board, paper = hard_page(seed, effects={"blackboard": 0.3}), hard_page(seed, effects={})
        assert board.truth.is_light_ink
        assert not paper.truth.is_light_ink
        for page, sign in ((board, 1), (paper, -1)):
            grey, ink = page.picture.mean(axis=2), page.truth.ink_mask > 0
            assert sign * (np.median(grey[ink]) - np.median(grey[~ink])) > 20


def test_the_corners_lie_around_the_ink(some_pages):
    for page in some_pages:
        pixels = np.flip(np.argwhere(page.truth.ink_mask), axis=1) + 0.5
        assert is_inside(pixels, page.truth.sheet_corners).all() or "bent" in page.traits


def test_a_sheet_on_a_surface_ends_at_its_corners():
    for seed in range(5):
        page = hard_page(seed, effects={"sheet on background": 0.8})
        height, width = page.picture.shape[:2]
        assert (page.truth.sheet_corners > 0).all()
        assert (page.truth.sheet_corners < (width, height)).all()


def test_ruled_lines_are_in_their_mask():
    for name in ("squared", "ruled", "table", "form"):
        page, plain = hard_page(5, effects={name: 1.0}), hard_page(5, effects={})
        on_lines = (page.truth.ruling_mask > 0) & (page.truth.ink_mask == 0)
        assert on_lines.any()
        assert not plain.truth.ruling_mask.any()
        grey, before = page.picture.mean(axis=2), plain.picture.mean(axis=2)
        assert np.median((before - grey)[on_lines]) > 10


def test_a_page_can_have_digits_from_images():
    bar = np.zeros((10, 28, 28), np.uint8)
    bar[:, 4:24, 12:15] = 255
    page = hard_page(2, picture_glyphs(bar, np.arange(10)), effects={})
    for digit in page.truth.digits:
        assert digit.box.height > 3 * digit.box.width


@pytest.fixture(scope="module")
def plain_page():
    return hard_page(3, effects={})


@pytest.mark.parametrize("name", EFFECTS)
def test_every_effect_changes_the_picture(name, plain_page):
    weak, strong = (hard_page(3, effects={name: severity}) for severity in (0.2, 1.0))
    assert strong.traits == (name,)
    assert strong.picture.tobytes() != plain_page.picture.tobytes()
    if name != "large digits":
        assert strong.picture.tobytes() != weak.picture.tobytes()


@pytest.mark.parametrize("name", sorted(OF_SHEETS | OF_PICTURES))
def test_the_number_is_the_same_under_any_effect_that_is_not_of_writing(name, plain_page):
    assert hard_page(3, effects={name: 0.5}).text == plain_page.text


def test_signs_letters_and_crossed_out_digits_are_no_digits():
    for name, kinds in (("signs", set("+-x÷=")), ("brackets", set("()[]+-x÷=")), ("crossed out", {"crossed out"})):
        marks = [mark.text for seed in range(3) for mark in hard_page(seed, effects={name: 0.5}).truth.other_marks]
        assert marks
        assert set(marks) <= kinds
    assert len(hard_page(1, effects={"letters": 1.0}).truth.other_marks) == 6


def test_severities_are_between_0_and_1_and_groups_exclude():
    counts = dict.fromkeys(EFFECTS, 0)
    for seed in range(1_000):
        chosen = random_effects(seed)
        assert all(0 <= severity <= 1 for severity in chosen.values())
        assert all(sum(name in chosen for name in group) <= 1 for group in GROUPS)
        for name in chosen:
            counts[name] += 1
    for name, probability in (pair for group in GROUPS for pair in group.items()):
        assert counts[name] / 1_000 == pytest.approx(probability, abs=0.05)
        assert counts[name] > 0


def test_each_effect_is_of_writing_of_sheets_or_of_pictures():
    assert set(EFFECTS) == OF_WRITING | OF_SHEETS | OF_PICTURES
    assert len(EFFECTS) == len(set(EFFECTS)) == len(OF_WRITING) + len(OF_SHEETS) + len(OF_PICTURES)


@pytest.mark.parametrize("generate", [hard_page, hard_page_without_digits])
def test_an_unknown_effect_and_an_impossible_severity_are_named(generate):
    with pytest.raises(ValueError, match="glitter"):
        generate(1, effects={"glitter": 0.5})
    with pytest.raises(ValueError, match="lamp"):
        generate(1, effects={"lamp": 1.5})


def test_pages_without_digits_have_no_label(pictures_without_digits):
    for page in pictures_without_digits:
        assert page.text == ""
        assert page.lines == ()
        assert page.truth.digits == ()
        assert not any(mark.text.isdigit() for mark in page.truth.other_marks)
        assert page.truth.ink_mask.any() == bool(page.truth.other_marks)
    assert {page.traits[-1] for page in pictures_without_digits} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_picture_without_digits_can_be_chosen(kind):
    picture = hard_page_without_digits(7, effects={}, kind=kind)
    assert picture.traits == (kind,)
    assert picture.picture.std() > 0.5


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="clouds"):
        hard_page_without_digits(7, kind="clouds")
