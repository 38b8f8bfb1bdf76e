import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from scipy import ndimage

from digitcore.preprocessing.component_labels import label_components
from tests.properties import given

EIGHT_NEIGHBOURS = np.ones((3, 3))


@given(st_np.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 20)), elements=st.integers(0, 1)))
def test_labels_are_those_of_scipy(mask):
    labels, stats = label_components(mask)
    expected, count = ndimage.label(mask, EIGHT_NEIGHBOURS)
    assert len(stats) == count + 1
    assert (np.bincount(labels.ravel(), minlength=len(stats)) == stats[:, cv2.CC_STAT_AREA]).all()
    pairs = {(int(label), int(other)) for label, other in zip(labels.flat, expected.flat, strict=True)}
    assert len(pairs) == len(set(labels.flat))  # each label has one counterpart
    assert ((labels == 0) == (mask == 0)).all()


@pytest.mark.parametrize("side_px", [508, 512, 700])
def test_as_many_components_as_a_mask_may_have_get_labels_of_their_own(side_px):
    dots = np.zeros((side_px, side_px), np.uint8)
    dots[::2, ::2] = 1
    labels, stats = label_components(dots)
    assert labels.dtype == np.int32
    assert len(stats) == dots.sum() + 1
    assert sorted(labels[dots > 0].tolist()) == list(range(1, len(stats)))
    assert (stats[1:, cv2.CC_STAT_AREA] == 1).all()


@pytest.mark.parametrize("side_px", [508, 512])
def test_components_that_join_late_are_one(side_px):
    comb = np.zeros((side_px, side_px), np.uint8)
    comb[:, ::2] = 1
    comb[-1] = 1
    labels, stats = label_components(comb)
    assert len(stats) == 2
    assert (labels == comb).all()
