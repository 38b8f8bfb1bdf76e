import numpy as np
import pytest
from PIL import Image

from digitcore import read_image
from synthetic.pages import page
from synthetic.paper import Scene, photograph
from synthetic.samples import ICON_PATH, PAGE_FILE, PAGE_SEED, PREVIEW_PATH, SAMPLES, SAMPLES_DIR, icon, preview


def test_the_same_seed_takes_the_same_photograph():
    first, second, other = (photograph("4", "round", (80, 60), 40, Scene(), seed) for seed in (1, 1, 2))
    assert (first == second).all()
    assert (first != other).any()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_each_sample_is_read_and_is_generated_by_this_package(sample):
    path = SAMPLES_DIR / sample.file
    assert read_image(path.read_bytes()).text == sample.text
    made = photograph(sample.text, sample.hand, (640, 480), 250, sample.scene, 7).astype(int)
    assert np.abs(np.asarray(Image.open(path)) - made).mean() < 8


def test_the_sample_page_is_read_and_is_generated_by_this_package():
    path, made = SAMPLES_DIR / PAGE_FILE, page(PAGE_SEED)
    assert read_image(path.read_bytes()).text == made.text
    assert np.abs(np.asarray(Image.open(path)) - made.picture.astype(int)).mean() < 8


def test_the_icon_is_generated_by_this_package():
    assert np.abs(np.asarray(Image.open(ICON_PATH)).astype(int) - np.asarray(icon())).max() <= 2


def test_the_preview_is_generated_by_this_package():
    made = np.asarray(preview().convert("RGB")).astype(int)
    with Image.open(PREVIEW_PATH) as picture:
        assert np.abs(np.asarray(picture.convert("RGB")) - made).mean() < 1
