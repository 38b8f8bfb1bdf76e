"""Thinning against scikit-image's, and tracing on digits whose strokes are known."""

import cv2
import numpy as np
import pytest
from skimage.measure import euler_number
from skimage.morphology import skeletonize

from digitcore.analysis.counterfactual.skeleton import thin, trace_strokes
from synthetic.hands import HANDS, strokes, write

PEN_PX = 12


def digit_mask(digit, hand="round"):
    return write(np.zeros((140, 110), np.uint8), strokes(digit, hand), (20, 20), 100, PEN_PX) > 127


@pytest.mark.parametrize("digit", range(10))
def test_lines_are_those_of_scikit_image(digit):
    lines, expected = thin(digit_mask(digit)), skeletonize(digit_mask(digit))
    distance_px = cv2.distanceTransform((~expected).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    assert distance_px[lines].max() <= 3
    assert euler_number(lines, connectivity=2) == euler_number(digit_mask(digit), connectivity=2)


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("digit", range(10))
def test_traced_strokes_cover_the_paths_that_were_written_and_nothing_else(digit, hand):
    traced = np.concatenate(trace_strokes(digit_mask(digit, hand), PEN_PX / 2))
    written = np.concatenate([path * 100 + 20 for path in strokes(digit, hand)])
    apart_px = np.linalg.norm(traced[:, None] - written, axis=2)
    assert apart_px.min(axis=1).max() <= PEN_PX  # a trace may cut the corner between two strokes
    assert apart_px.min(axis=0).max() <= 1.5 * PEN_PX  # thinning shortens an end by half of the pen


def test_a_closed_line_is_one_stroke_that_ends_where_it_starts():
    ring = np.zeros((60, 60), np.uint8)
    cv2.circle(ring, (30, 30), 20, 255, 8)
    (loop,) = trace_strokes(ring > 0, 4)
    assert np.linalg.norm(loop[0] - loop[-1]) <= 2


def test_a_cross_has_four_branches():
    cross = np.zeros((61, 61), bool)
    cross[28:33, 5:56] = cross[5:56, 28:33] = True
    assert len(trace_strokes(cross, 3)) == 4


def test_nothing_has_no_strokes():
    assert trace_strokes(np.zeros((5, 5), bool), 2) == []
