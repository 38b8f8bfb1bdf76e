import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore import read_image
from digitcore.preprocessing import margin
from digitcore.preprocessing.margin import crop_margin, extend_paper
from digitcore.preprocessing.resampling import make_overview, overview_factor
from synthetic.hands import HANDS, strokes, write
from tests.properties import given


def digit_on_paper(digit, margin_px, hand="round", pen_px=14, paper=215, ink=40):
    """Write a digit 160 px high, with a margin of so many pixels around its ink."""
    drawn = write(np.zeros((300, 300), np.uint8), strokes(digit, hand), (70, 60), 160, pen_px)
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    cropped = np.pad(drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], margin_px)
    return np.rint(paper + (ink - paper) * (cropped / 255.0)).astype(np.uint8)


def missing_margin(picture):
    return margin.missing_margin(make_overview(picture), picture.shape)


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("digit", range(10))
def test_a_digit_that_was_cropped_tightly_is_read(digit, hand):
    for margin_px in (6, 12, 20):
        for picture in (digit_on_paper(digit, margin_px, hand), 255 - digit_on_paper(digit, margin_px, hand)):
            assert read_image(picture).text == str(digit), margin_px


def test_its_stages_and_its_box_are_those_of_the_picture_without_the_added_margin():
    picture = digit_on_paper(7, 6)
    reading = read_image(picture)
    stages = {stage.name: stage for stage in reading.stages}
    for name in ("polarity", "paper", "darkness", "threshold", "writing", "ink"):
        assert stages[name].image.shape == picture.shape
    assert "around the picture" in str(stages["paper"].note)
    left, top, width, height = reading.digits[0].box_xywh
    assert (left, top) == pytest.approx((6, 6), abs=3)
    assert (width, height) == pytest.approx((picture.shape[1] - 12, picture.shape[0] - 12), abs=6)


@pytest.mark.parametrize("digit", [0, 1, 7])
def test_the_missing_margin_is_in_proportion_to_the_digit(digit):
    picture = digit_on_paper(digit, 10)
    height = picture.shape[0] - 20
    assert missing_margin(picture) == pytest.approx(0.3 * height, rel=0.1)
    assert missing_margin(255 - picture) == missing_margin(picture)


def test_writing_with_a_margin_of_its_own_needs_none():
    assert missing_margin(digit_on_paper(5, 60)) == 0
    assert missing_margin(np.full((90, 70), 200, np.uint8)) == 0
    assert missing_margin(np.zeros((1, 1), np.uint8)) == 0


def test_a_line_of_digits_that_is_longer_than_high_needs_none():
    line = np.hstack([digit_on_paper(digit, 10)[:180] for digit in (4, 0, 7)])
    assert missing_margin(line) == 0


def test_a_strip_along_the_picture_is_no_digit():
    page = np.full((300, 240), 215, np.uint8)
    page[:, 200:220] = 30
    assert missing_margin(page) == 0


def test_a_sheet_is_no_digit_though_it_fills_the_picture():
    scene = np.full((300, 240), 60, np.uint8)
    scene[20:280, 20:220] = 220
    assert missing_margin(scene) == 0


def test_a_border_that_is_half_dark_tells_nothing_of_the_paper():
    picture = digit_on_paper(3, 10)
    picture[:8] = picture[:, :8] = 40
    assert missing_margin(picture) == 0


@given(st.integers(1, 24), st.integers(1, 24), st.integers(0, 60), st.integers(0, 2**32))
def test_the_image_itself_is_kept_within_its_margin(height, width, margin_px, seed):
    grey = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    before = grey.copy()
    extended = extend_paper(grey, margin_px)
    assert extended.shape == (height + 2 * margin_px, width + 2 * margin_px)
    assert extended.dtype == np.uint8
    assert (crop_margin(extended, margin_px) == grey).all()
    assert (grey == before).all()


def test_the_margin_has_no_ink_and_the_noise_and_shading_of_the_paper():
    rng = np.random.default_rng(5)
    light = np.linspace(225, 165, 240)
    picture = digit_on_paper(8, 20).astype(float)
    picture *= (light[: picture.shape[1]] / 215)[np.newaxis]
    picture = np.clip(np.rint(picture + rng.normal(0, 4, picture.shape)), 0, 255).astype(np.uint8)
    margin_px = 50
    extended = extend_paper(picture, margin_px).astype(float)
    outside = np.ones(extended.shape, bool)
    crop_margin(outside, margin_px)[:] = False
    assert extended[outside].min() > 130
    for beside, border in ((extended[:, 45:50], picture[:, :5]), (extended[:, -50:-45], picture[:, -5:])):
        assert abs(float(beside.mean()) - float(border.mean())) < 4
    assert 2.5 < float(np.diff(extended[:40], axis=0).std() / np.sqrt(2)) < 5.5


def test_an_image_of_ink_alone_gets_a_margin_of_one_brightness():
    assert np.unique(extend_paper(np.full((4, 4), 90, np.uint8), 3)).tolist() == [90]


def test_the_margin_is_as_wide_in_the_image_as_in_its_overview():
    large = np.kron(digit_on_paper(6, 10), np.ones((6, 6), np.uint8))
    assert overview_factor(large.shape) > 1
    assert missing_margin(large) == pytest.approx(6 * missing_margin(digit_on_paper(6, 10)), rel=0.1)
