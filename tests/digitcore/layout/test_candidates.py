from typing import NamedTuple

import numpy as np
import pytest

from digitcore.layout.components import Mark
from digitcore.layout.hypotheses import marks_read
from digitcore.layout.lines import Line
from digitcore.layout.segmentation import segment_line
from digitcore.recognition.classification import classify_marks
from digitcore.settings import Settings
from digitcore.types import Box


class Answer(NamedTuple):
    """All that segmentation may ask of a candidate."""

    confidence: float
    digit_score: float
    label: int = 1


@pytest.mark.parametrize("answer", [Answer(0.9, 0.9), Answer(0.3, 0.1)])
def test_the_candidates_of_any_classifier_come_back_themselves(answer):
    """Whether each component is a digit at once, or the line has to be decoded."""
    bars = [Mark(np.full((100, 20), 255, np.uint8), Box(22 * index, 0, 20, 100), 0, None) for index in range(2)]
    found = marks_read(segment_line(Line(bars, 100.0), lambda inks: [answer] * len(inks), 0.5))
    assert found
    assert all(candidate is answer for _, candidate in found)


def test_candidates_must_be_as_many_as_the_inks():
    bar = Mark(np.full((100, 20), 255, np.uint8), Box(0, 0, 20, 100), 0, None)
    with pytest.raises(ValueError, match="shorter"):
        segment_line(Line([bar], 100.0), lambda _: [], 0.5)


def test_the_marks_of_the_network_are_candidates(classifier):
    ink = np.zeros((40, 30), np.uint8)
    ink[5:35, 13:18] = 255
    candidates = classify_marks([ink, ink.T.copy()], classifier, Settings())
    assert len(candidates) == 2
    assert all(
        0 <= candidate.confidence <= 1 and 0 <= candidate.digit_score <= 1 and candidate.label in range(10) for candidate in candidates
    )
    assert classify_marks([], classifier, Settings()) == []
