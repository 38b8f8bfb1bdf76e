"""Locked marks aren't classified again, and readings don't change by that."""

from itertools import chain

import cv2
import numpy as np
import pytest

from digitcore.video import LiveReader
from digitcore.video.reuse import MAX_ANSWERS, MAX_DIFFERENCE, MAX_REUSE_S, ReusingClassifier
from synthetic.hands import HANDS
from synthetic.paper import Scene
from synthetic.video import FRAMES_PER_SECOND, STILL, Shake, number_page, shaken

LOCKED_FRAMES = 10
"""Frames after which the digits of a still page are locked."""


class Counting:
    """The shipped network, with the number of images that it was run for."""

    def __init__(self, classifier):
        self._classifier, self.images = classifier, []

    def __getattr__(self, name):
        return getattr(self._classifier, name)

    def logits(self, images):
        self.images += list(images)
        return self._classifier.logits(images)


@pytest.fixture
def network(classifier):
    return Counting(classifier)


@pytest.fixture
def reusing(network):
    return ReusingClassifier(network)


def bar(level=255, left=12):
    image = np.zeros((28, 28), np.uint8)
    image[5:23, left : left + 4] = level
    return image


def read(reader, frames):
    """Return the text, and the label of each visible digit, after each frame."""
    texts = []
    for index, frame in enumerate(frames):
        reader.process(frame, now_s=index / FRAMES_PER_SECOND)
        texts.append((reader.view.reading.text, [digit.label for digit in reader.view.reading.digits]))
    return texts


def without_reuse(classifier, frames, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(ReusingClassifier, "keep", lambda *_args: None)
        return read(LiveReader(classifier=classifier), frames)


def test_a_kept_answer_is_returned_without_the_network(reusing, network):
    images = np.stack([bar(), bar(left=16)])
    first = reusing.logits(images)
    reusing.keep(images, 0.0)
    assert (reusing.logits(images[::-1]) == first[::-1]).all()
    assert len(network.images) == reusing.run_count == 2


def test_only_kept_answers_are_reused(reusing, network):
    images = np.stack([bar(), bar(left=16)])
    reusing.logits(images)
    reusing.keep(images[:1], 0.0)
    reusing.logits(images)
    assert (network.images[-1] == images[1]).all()
    assert len(network.images) == 3


@pytest.mark.parametrize(("change", "runs"), [(MAX_DIFFERENCE, 1), (MAX_DIFFERENCE + 1, 2)])
def test_an_input_is_the_same_up_to_the_largest_difference_of_local_means(reusing, network, change, runs):
    faded = np.zeros((1, 28, 28), np.uint8)
    faded[0, 4:24, 8:20] = 200
    reusing.logits(faded)
    reusing.keep(faded, 0.0)
    reusing.logits(np.where(faded > 0, faded - change, 0).astype(np.uint8))
    assert len(network.images) == runs


def test_slow_changes_add_up_to_another_input(reusing, network):
    for step, level in enumerate(range(255, 155, -4)):
        images = bar(level)[np.newaxis]
        reusing.logits(images)
        reusing.keep(images, step / FRAMES_PER_SECOND)
    assert 4 <= len(network.images) <= 8


def test_an_answer_is_reused_for_a_limited_time(reusing, network):
    images = bar()[np.newaxis]
    for now_s in (0.0, MAX_REUSE_S - 0.1, MAX_REUSE_S, MAX_REUSE_S + 0.1):
        reusing.logits(images)
        reusing.keep(images, now_s)
    assert len(network.images) == 2


def test_the_number_of_answers_is_bounded(reusing, network):
    images = np.random.default_rng(1).integers(0, 2, (MAX_ANSWERS + 1, 7, 7), np.uint8).repeat(4, axis=1).repeat(4, axis=2) * 255
    reusing.logits(images)
    reusing.keep(images, 0.0)
    reusing.logits(images)
    assert len(network.images) == len(images) + 1, "the oldest answer was forgotten"


def test_no_confident_reading_of_a_handwritten_digit_is_near_to_one_of_another(classifier):
    images = np.concatenate(
        [
            [digit.model_input for digit in reader.view.reading.digits]
            for hand in HANDS
            for text in ("01234", "56789")
            for reader in [LiveReader(classifier=classifier)]
            if read(reader, list(shaken(number_page(text, hand), 0.5, STILL, 1)))
        ]
    )
    labels = classifier.probabilities(images).argmax(axis=1)
    means = np.array([cv2.blur(image, (5, 5)) for image in images]).astype(int)
    differences = np.abs(means[:, np.newaxis] - means).max(axis=(2, 3))
    assert differences[labels[:, np.newaxis] != labels].min() > 2 * MAX_DIFFERENCE


def test_the_digits_of_a_still_page_are_classified_only_until_they_are_locked(network):
    frames = list(shaken(number_page("507"), 1, STILL, 1))
    assert read(LiveReader(classifier=network), frames)[-1][0] == "507"
    assert len(network.images) <= 3 * LOCKED_FRAMES


def test_an_uncertain_mark_is_classified_in_every_frame(network):
    page = number_page("")
    cv2.line(page, (300, 200), (340, 280), (40, 40, 40), 8)
    cv2.line(page, (340, 200), (300, 280), (40, 40, 40), 8)
    frames = list(shaken(page, 1, STILL, 1))
    read(LiveReader(classifier=network), frames)
    assert len(network.images) >= len(frames)


def test_after_freezing_all_marks_are_classified_again(network):
    frames = list(shaken(number_page("507"), 1, STILL, 1))
    reader = LiveReader(classifier=network)
    read(reader, frames)
    reader.freeze()
    reader.process(frames[0], now_s=1.0)
    reader.resume()
    runs = len(network.images)
    reader.process(frames[0], now_s=1.1)
    assert len(network.images) == runs + 3


FILMS = {
    "another number": lambda: chain.from_iterable(shaken(number_page(text, seed=3), 1.2, STILL, 1) for text in ("507", "547", "42")),
    "a shaken camera": lambda: chain.from_iterable(shaken(number_page(text, seed=3), 1.2, Shake(), 1) for text in ("3141", "8141", "61")),
    "squared paper": lambda: chain.from_iterable(
        shaken(number_page(text, "hooked", Scene(ruling="squared"), 3), 1.2, Shake(), 1) for text in ("917", "911")
    ),
    "a 3 closed to an 8": lambda: growing_stroke("3", (-25, -25, -25, 25)),
    "a leg drawn on a 0": lambda: growing_stroke("0", (30, 0, 30, 60)),
}


def growing_stroke(digit, stroke_px):
    """Film a page on which a pen adds a stroke to a digit, from a point relative to the digit's centre to another, within a second."""
    page = number_page(digit, seed=1)
    dark = page.max(axis=2) < 120
    y, x = (int(np.median(each)) for each in np.nonzero(dark))
    start, end = np.array([x, y]) + stroke_px[:2], np.array([x, y]) + stroke_px[2:]
    pages = [page] * 16
    for share in np.linspace(0, 1, 20):
        page = page.copy()
        cv2.line(page, tuple(map(int, start)), tuple(map(int, start + share * (end - start))), (40, 40, 40), 9, cv2.LINE_AA)
        pages.append(page)
    for index, each in enumerate([*pages, *[page] * 16]):
        yield next(shaken(each, 1 / FRAMES_PER_SECOND, STILL, index))


@pytest.mark.parametrize("film", FILMS)
def test_texts_change_in_the_same_frames_as_without_reuse(classifier, monkeypatch, film):
    frames = list(FILMS[film]())
    network, asked_always = Counting(classifier), Counting(classifier)
    expected = without_reuse(asked_always, frames, monkeypatch)
    assert read(LiveReader(classifier=network), frames) == expected
    assert len({text for text, _ in expected}) >= 2
    assert len(network.images) < 0.9 * len(asked_always.images)
