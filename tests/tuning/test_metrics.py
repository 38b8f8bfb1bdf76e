"""Metrics on arrays and texts small enough to check by eye."""

import numpy as np
import pytest

from digitcore.types import Box
from tuning.metrics import (
    Ratio,
    box_iou,
    covering,
    f1,
    mask_scores,
    match_boxes,
    multiset_f1,
    outline_iou,
    same_line_pairs,
)


def square(x, y, side):
    return np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side)], float)


def test_ratios_add_up_case_by_case():
    assert sum([Ratio(1, 2), Ratio(0, 1), Ratio(3, 3)], Ratio(0, 0)) == Ratio(4, 6)
    assert Ratio(0, 0).value is None


def test_masks_are_compared_by_pixels():
    found = np.array([[1, 1, 1, 0]], bool)
    true = np.array([[0, 1, 1, 1]], bool)
    assert mask_scores(found, true) == (Ratio(2, 4), Ratio(2, 3), Ratio(2, 3))


def test_empty_masks_have_no_cases():
    nothing = np.zeros((2, 2), bool)
    assert [score.value for score in mask_scores(nothing, nothing)] == [None, None, None]


@pytest.mark.parametrize(("outline", "expected"), [(square(0, 0, 4), 1.0), (square(2, 0, 4), 1 / 3), (square(5, 5, 3), 0.0)])
def test_outlines_are_compared_by_area(outline, expected):
    assert outline_iou(outline, square(0, 0, 4), (10, 10)) == pytest.approx(expected)


def test_what_is_outside_of_the_picture_does_not_count():
    assert outline_iou(square(0, 0, 10), square(-5, -5, 30), (10, 10)) == pytest.approx(1)
    assert outline_iou(square(20, 20, 5), square(0, 0, 10), (10, 10)) == 0


def test_boxes_apart_have_no_intersection():
    assert box_iou(Box(0, 0, 2, 2), Box(5, 5, 2, 2)) == 0
    assert box_iou(Box(0, 0, 2, 2), Box(0, 0, 2, 2)) == 1


def test_the_best_match_is_taken_and_each_box_once():
    true = [Box(0, 0, 10, 10)]
    assert match_boxes([Box(0, 0, 10, 8), Box(0, 0, 10, 9)], true) == [(1, 0)]
    assert match_boxes([Box(0, 0, 10, 4)], true) == []


def test_f1_is_the_harmonic_mean_of_precision_and_recall():
    precision, recall = 3 / 4, 3 / 6
    assert f1(3, 4, 6).value == pytest.approx(2 * precision * recall / (precision + recall))


def test_a_merged_mark_covers_two_digits():
    digits = [Box(0, 0, 10, 20), Box(12, 0, 10, 20), Box(40, 0, 10, 20)]
    assert covering([Box(0, 0, 22, 20), Box(40, 0, 10, 20)], digits) == [[0, 1], [2]]


def test_lines_are_compared_by_pairs_whatever_their_numbers():
    assert same_line_pairs([3, 3, 7], [0, 0, 1]) == Ratio(3, 3)
    assert same_line_pairs([0, 1, 1], [0, 0, 1]) == Ratio(1, 3)
    assert same_line_pairs([0], [0]).value is None


def test_collections_of_characters_have_no_order():
    assert multiset_f1(".,", ",.") == Ratio(4, 4)
    assert multiset_f1("..", ".") == Ratio(2, 3)
