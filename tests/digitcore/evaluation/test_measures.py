import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein
from sklearn import metrics

from digitcore.evaluation.measures import confusion_matrix, edit_distance, expected_calibration_error, reliability_bins


@pytest.mark.parametrize(("first", "second"), [("", ""), ("12", ""), ("", "12"), ("kitten", "sitting"), ("1234", "2341"), ("7/17", "717")])
def test_the_edit_distance_is_that_of_rapidfuzz(first, second):
    assert edit_distance(first, second) == Levenshtein.distance(first, second)


def test_the_confusion_matrix_is_that_of_scikit_learn():
    written, read = "0123456789117", "0123456789771"
    expected = metrics.confusion_matrix(list(written), list(read))
    assert confusion_matrix([(written[:5], read[:5]), (written[5:], read[5:])]) == expected.tolist()


def test_texts_of_different_lengths_have_no_confusion_matrix():
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        confusion_matrix([("12", "1")])


def test_certainty_falls_into_the_last_bin_and_empty_bins_are_left_out():
    bins = reliability_bins(np.array([1.0, 0.05]), np.array([True, True]))
    assert [each["count"] for each in bins] == [1, 1]
    assert expected_calibration_error(bins) == pytest.approx(0.475)
