"""Networks with other classes than digits: here the packaged one, whose classes are called A to J."""

import numpy as np
import pytest

from digitcore import Settings, read_image
from digitcore.class_names import DIGITS
from digitcore.pipeline_params import PipelineParams
from digitcore.recognition.classification import WrappedClassifier
from synthetic.hands import strokes, write

LETTERS = "ABCDEFGHIJ"
AS_LETTERS = str.maketrans(DIGITS, LETTERS)


class LetterClassifier(WrappedClassifier):
    classes = LETTERS

    def logits(self, images):
        return self._wrapped.logits(images)


@pytest.fixture
def letters(classifier):
    return LetterClassifier(classifier)


def number(digits):
    """Write digits, with space for a point in the middle."""
    page = np.zeros((200, 110 * len(digits) + 120), np.uint8)
    for index, digit in enumerate(digits):
        corner_xy = (40 + 110 * index + 60 * (2 * index >= len(digits)), 40)
        page = write(page, strokes(int(digit), "round"), corner_xy, 110, 12)
    return page


@pytest.fixture
def number_with_point():
    page = number("1325")
    page[138:152, 258:272] = 255
    return page


def test_all_texts_of_a_reading_have_the_names_of_the_classes(letters):
    page = number("2038")
    as_digits, as_letters = read_image(page), read_image(page, classifier=letters)
    assert (as_digits.text, as_letters.text) == ("2038", "CADI")
    assert "".join(number.text for number in as_letters.numbers[0]) == "CADI"
    assert {number.value for number in as_letters.numbers[0]} == {None}
    assert [each.text for each in as_letters.alternatives[0]] == [each.text.translate(AS_LETTERS) for each in as_digits.alternatives[0]]
    assert "".join(mark.name for mark in as_letters.digits) == "CADI"
    assert [mark.label for mark in as_letters.digits] == [2, 0, 3, 8]


def test_a_doubt_names_the_classes(letters):
    reading = read_image(number("47"), Settings(unsure_below=1.0), classifier=letters)
    assert [mark.reason[:17] for mark in reading.digits] == ["unsure between E ", "unsure between H "]


def test_the_signs_of_numbers_are_only_known_among_digits(letters, number_with_point):
    assert read_image(number_with_point).written_text == "13.25"
    reading = read_image(number_with_point, classifier=letters)
    assert reading.text == "BDCF"
    assert not any(mark.separator for mark in reading.digits)


def test_given_parameters_are_used_instead_of_those_of_the_classes(letters, number_with_point):
    assert read_image(number_with_point, classifier=letters, params=PipelineParams()).written_text == "BD.CF"


def test_the_parameters_of_digits_are_the_defaults():
    assert PipelineParams.of_classes(DIGITS) == PipelineParams() != PipelineParams.of_classes(LETTERS)
