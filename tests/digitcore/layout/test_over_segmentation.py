import cv2
import numpy as np

from digitcore.layout.components import Mark
from digitcore.layout.ink import paste_ink
from digitcore.layout.over_segmentation import find_seams, over_segment
from digitcore.types import Box


def two_rings():
    """Two rings, 80 px high, that touch."""
    ink = np.zeros((90, 150), np.uint8)
    cv2.circle(ink, (42, 45), 37, 255, 7)
    cv2.circle(ink, (110, 45), 37, 255, 7)
    return Mark(ink, Box(20, 30, 150, 90), 0, None)


def test_touching_rings_are_split_where_they_touch():
    seams = find_seams(two_rings().ink, 80, 0.0)
    assert seams.shape[1] == 90
    assert np.abs(seams.mean(axis=1) - 76).min() <= 5


def test_seams_come_from_left_to_right():
    middles = find_seams(two_rings().ink, 80, 0.0).mean(axis=1)
    assert (np.diff(middles) > 0).all()


def test_segments_are_all_of_the_ink_once():
    component = two_rings()
    segments = over_segment(component, 80, 0.0)
    assert len(segments) > 1
    assert [segment.follows_cut for segment in segments] == [False] + [True] * (len(segments) - 1)
    assert not any(segment.is_whole for segment in segments)
    assert (paste_ink(segments, component.box) == component.ink).all()


def test_a_narrow_component_stays_whole():
    ink = np.full((80, 20), 255, np.uint8)
    (segment,) = over_segment(Mark(ink, Box(0, 0, 20, 80), 0, None), 80, 0.0)
    assert segment.is_whole
    assert segment.ink is ink
