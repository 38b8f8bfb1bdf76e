"""Synthetic pages: the same seed gives the same page, all conditions occur, and the text is what is written."""

from collections import Counter

import numpy as np
import pytest

from synthetic.pages import LIGHTS, PAPERS, PENS, page, page_without_digits, picture_glyphs, stroke_glyphs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def some_pages():
    return [page(seed) for seed in range(40)]


def test_the_same_seed_writes_the_same_page(some_pages):
    again, other = page(3), page(4)
    assert again.text == some_pages[3].text
    assert (again.picture == some_pages[3].picture).all()
    assert again.picture.shape != other.picture.shape or (again.picture != other.picture).any()


def test_a_page_is_a_colour_picture_with_digits(some_pages):
    for each in some_pages:
        assert each.picture.dtype == np.uint8
        assert each.picture.ndim == 3
        assert each.text.replace("/", "").isdigit()
        assert each.text == "/".join(each.lines)


def test_all_conditions_occur(some_pages):
    traits = Counter(trait for each in some_pages for trait in each.traits)
    assert {*LIGHTS, *PAPERS, *PENS} <= set(traits)
    assert {"background", "stamp", "jpeg", "tilted", "finger", "specks", "separators"} <= set(traits)
    assert {"sloping", "column", "one digit", "mixed sizes"} <= set(traits)


def test_pages_without_digits_have_no_lines():
    kinds = Counter()
    for seed in range(16):
        empty = page_without_digits(seed)
        assert empty.text == ""
        kinds[empty.traits[-1]] += 1
    assert set(kinds) == {"empty", "words", "scribble", "dust"}


@pytest.mark.parametrize("digit", range(10))
def test_glyphs_are_as_high_as_asked(digit):
    ink = stroke_glyphs(digit, 80, np.random.default_rng(1))
    assert 75 <= ink.shape[0] <= 100
    assert ink.max() == 255


def test_glyphs_from_pictures_are_enlarged_sharply():
    picture = np.zeros((10, 28, 28), np.uint8)
    picture[:, 4:24, 10:18] = 255
    ink = picture_glyphs(picture, np.arange(10))(7, 120, np.random.default_rng(1))
    assert ink.shape[0] == pytest.approx(120, abs=12)
    assert ((ink > 20) & (ink < 235)).mean() < 0.25
