import numpy as np
import pytest
from PIL import Image

from digitcore import read_image
from synthetic.clutter import CLUTTER, clutter
from synthetic.hands import HANDS, strokes, write
from synthetic.pages import page
from synthetic.paper import Scene, photograph
from synthetic.samples import ICON_PATH, PAGE_FILE, PAGE_SEED, SAMPLES, SAMPLES_DIR, icon


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("digit", range(10))
def test_each_digit_is_one_high_and_starts_near_the_origin(digit, hand):
    points = np.concatenate(strokes(digit, hand))
    assert points.min() > -0.05
    assert 0.9 <= points[:, 1].max() <= 1.05
    assert points[:, 0].max() <= 0.75


def test_a_smooth_curve_passes_through_its_points():
    path = strokes(0, "round")[0]
    for x, y in [(0.34, 0.02), (0.05, 0.48), (0.63, 0.50), (0.34, 0.98)]:
        assert np.linalg.norm(path - (x, y), axis=1).min() < 1e-6


def test_an_unknown_hand_is_a_key_error():
    with pytest.raises(KeyError):
        strokes(1, "cursive")


def test_writing_leaves_the_paper_it_was_given():
    blank = np.zeros((50, 50), np.uint8)
    assert write(blank, strokes(1), (10, 5), 40, 4).any()
    assert not blank.any()


def test_the_same_seed_takes_the_same_photograph():
    first, second, other = (photograph("4", "round", (80, 60), 40, Scene(), seed) for seed in (1, 1, 2))
    assert (first == second).all()
    assert (first != other).any()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_each_sample_says_what_it_should_and_is_the_factorys(sample):
    path = SAMPLES_DIR / sample.file
    assert read_image(path.read_bytes()).text == sample.text
    made = photograph(sample.text, sample.hand, (640, 480), 250, sample.scene, 7).astype(int)
    assert np.abs(np.asarray(Image.open(path)) - made).mean() < 8


def test_the_sample_page_is_the_factory_s_and_read():
    path, made = SAMPLES_DIR / PAGE_FILE, page(PAGE_SEED)
    assert read_image(path.read_bytes()).text == made.text
    assert np.abs(np.asarray(Image.open(path)) - made.picture.astype(int)).mean() < 8


def test_the_icon_is_the_factorys():
    assert np.abs(np.asarray(Image.open(ICON_PATH)).astype(int) - np.asarray(icon())).max() <= 2


@pytest.mark.parametrize("kind", CLUTTER)
def test_clutter_is_ink_of_its_seed(kind):
    pictures = clutter(kind, 5, 1)
    assert pictures.shape == (5, 280, 280)
    assert pictures.dtype == np.uint8
    assert all(picture.any() for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == 5
    assert (pictures == clutter(kind, 5, 1)).all()
    assert (pictures != clutter(kind, 5, 2)).any()


def test_unknown_clutter_is_named():
    with pytest.raises(KeyError, match="confetti"):
        clutter("confetti", 1, 1)
