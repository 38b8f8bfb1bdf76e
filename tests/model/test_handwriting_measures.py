import numpy as np
import pytest

from model import handwriting_measures as measures
from model.fonts import Split, load_font_digits
from synthetic.allographs import CATALOGUE
from synthetic.signs import SIGNS


@pytest.fixture
def few(monkeypatch):
    """Few writers, so that everything is measured in a second."""
    for name in ("SHAPE_WRITERS", "SIGN_WRITERS", "PROFILE_WRITERS"):
        monkeypatch.setattr(measures, name, 3)


def test_a_digit_is_misread_if_it_is_another_one_or_rejected(classifier, mnist_test):
    images = np.concatenate([mnist_test.images[:3], np.zeros((1, 28, 28), np.uint8)])
    labels = np.append(mnist_test.labels[:3], 1)
    labels[1] = (labels[1] + 1) % 10
    assert measures.misread(classifier, images, labels).tolist() == [False, True, False, True]


@pytest.mark.usefixtures("few")
def test_every_shape_has_its_share_of_read_digits(classifier):
    shapes = measures.measure_shapes(classifier)
    assert len(shapes["read_pct"]) == len(CATALOGUE)
    assert set(shapes["read_pct"].values()) <= {0.0, 33.3, 66.7, 100.0}
    assert shapes["lowest_pct"] == min(shapes["read_pct"].values()) <= shapes["mean_pct"]


@pytest.mark.usefixtures("few")
def test_signs_are_written_by_each_writer():
    signs = measures.written_signs()
    assert signs.shape == (3 * len(SIGNS), 28, 28)
    assert len(np.unique(signs, axis=0)) == len(signs)


def test_digits_of_fonts_are_those_that_are_held_out(classifier):
    digits = load_font_digits(Split.HELD_OUT)
    wrong = sum(int(classifier.logits(image[np.newaxis]).argmax() != label) for image, label in zip(*digits, strict=True))
    measured = measures.measure_fonts(classifier)
    assert measured["count"] == len(digits.labels)
    assert measured["read_pct"] <= round(100 - 100 * wrong / len(digits.labels), 2)


@pytest.mark.usefixtures("few")
def test_the_gain_of_profiles_is_measured_on_other_digits_than_those_taught(classifier, monkeypatch):
    read = []

    def misread(classifier, images, labels, original=measures.misread):
        read.append(images)
        return original(classifier, images, labels)

    monkeypatch.setattr(measures, "misread", misread)
    measured = measures.measure_profiles(classifier)
    assert [len(images) for images in read] == [40] * 6
    assert all((plain == personal).all() for plain, personal in zip(read[::2], read[1::2], strict=True))
    taught = [tuple(measures._digits_of_writer(index)[:, : measures.TAUGHT].reshape(-1, 784)) for index in range(3)]
    for images, examples in zip(read[::2], taught, strict=True):
        assert not (images.reshape(len(images), 1, -1) == np.array(examples)).all(axis=2).any()
    assert measured["error_with_profile_pct"] <= measured["error_pct"]
    assert measured["writers_worse"] == 0
