import numpy as np
import pytest

from model.handwritten import many_handwritten
from model.touching import many_touching

pytestmark = pytest.mark.slow

COUNT = 300


@pytest.fixture(scope="module")
def pieces(mnist_test):
    return many_touching(mnist_test, COUNT, np.random.default_rng(2))


@pytest.fixture(scope="module")
def cut(pieces):
    return pieces.digits


def test_cut_digits_are_shaped_like_every_mark(cut):
    assert cut.images.shape == (COUNT, 28, 28)
    assert cut.images.dtype == np.uint8
    assert (cut.images.max(axis=(1, 2)) == 255).all()
    assert len(set(cut.labels.tolist())) == 10


def test_cut_digits_are_still_what_they_are_labelled(classifier, cut):
    assert (classifier.logits(cut.images).argmax(axis=1) == cut.labels).mean() > 0.9


def test_the_same_seed_cuts_the_same_digits(mnist_test):
    first, again, other = (many_touching(mnist_test, 20, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (first.digits.images == again.digits.images).all()
    assert (first.merged == again.merged).all()
    assert (first.digits.images != other.digits.images).any()


def test_pieces_of_several_digits_are_mostly_rejected_by_the_network(classifier, pieces):
    assert pieces.merged.shape[1:] == (28, 28)
    assert len(pieces.merged) > COUNT / 4
    assert (classifier.digit_scores(pieces.merged) < classifier.reject_below).mean() > 0.8


def test_flags_and_bars_of_any_length_tell_ones_from_sevens(classifier):
    written = many_handwritten(600, np.random.default_rng(3))
    chosen = (written.labels == 1) | (written.labels == 7)
    read = classifier.logits(written.images[chosen]).argmax(axis=1)
    assert chosen.sum() > 100
    assert (read == written.labels[chosen]).mean() > 0.93
