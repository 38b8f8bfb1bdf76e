import numpy as np

from app.model.mistake_pictures import read_mistakes
from digitcore import default_classifier
from model.data import LabelledDigits
from model.mistakes import write_mistakes


def test_what_is_written_is_what_the_page_reads(tmp_path, mnist_test):
    digits = LabelledDigits(mnist_test.images[:8], mnist_test.labels[:8].copy())
    digits.labels[[2, 5]] = [9, 9]  # so that two are misread
    classifier = default_classifier()
    path = tmp_path / "mistakes.npz"
    assert write_mistakes(classifier, digits, "abc", path) == 2
    mistakes = read_mistakes("abc", path)
    by_confidence = sorted((2, 5), key=lambda index: -float(classifier.probabilities(digits.images[index : index + 1]).max()))
    assert [mistake.label for mistake in mistakes] == [9, 9]
    assert [mistake.predicted for mistake in mistakes] == [int(mnist_test.labels[index]) for index in by_confidence]
    assert all(np.array_equal(mistake.image, digits.images[index]) for mistake, index in zip(mistakes, by_confidence, strict=True))


def test_without_a_mistake_the_file_is_empty(tmp_path, mnist_test):
    digits = LabelledDigits(mnist_test.images[:3], mnist_test.labels[:3])
    path = tmp_path / "mistakes.npz"
    assert write_mistakes(default_classifier(), digits, "abc", path) == 0
    assert read_mistakes("abc", path) == ()
