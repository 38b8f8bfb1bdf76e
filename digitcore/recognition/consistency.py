"""Tell a 1 with a flag from a 7 by the other 1s of a page: writers keep to one shape of a digit.

Where some 1s of a page are plain bars, its writer seldom gives others a flag; what resembles both is rather a 7. With the share h of
digits that have their writer's usual shape, the probability p₁ of a 1 becomes (1 − h) p₁, and all are divided by their sum.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from digitcore.layout.components import Mark
from digitcore.recognition.classification import ClassifiedMark
from digitcore.recognition.parameters import BarParams, ConsistencyParams
from digitcore.types import INK_LEVEL, UInt8Array

_MIN_ASPECT_RATIO: Final = 2.0
"""A bar is this many times longer than wide, a dot is not."""


def prefer_usual_shapes(
    marks: Sequence[tuple[Mark, ClassifiedMark]], params: ConsistencyParams = ConsistencyParams()
) -> list[tuple[Mark, ClassifiedMark]]:
    """Make a 7 likelier among the marks that are no plain bar, if there is a 1 that is one.

    Args:
        marks: of a whole picture, each with its classification.
        params: what a bar is, and how usual a shape.

    Returns:
        The same marks in the same order.
    """
    ones_and_sevens = [mark.rejection is None and set(classified.prediction.top_k[:2]) == {1, 7} for mark, classified in marks]
    are_bars = [is_eligible and is_bar(mark.ink, params.bar) for is_eligible, (mark, _) in zip(ones_and_sevens, marks, strict=True)]
    if not any(
        bar and classified.prediction.label == 1 and classified.confidence >= params.usual_shape_share
        for bar, (_, classified) in zip(are_bars, marks, strict=True)
    ):
        return list(marks)
    return [
        (mark, _with_rarer_one(classified, params)) if is_eligible and not bar else (mark, classified)
        for is_eligible, bar, (mark, classified) in zip(ones_and_sevens, are_bars, marks, strict=True)
    ]


def is_bar(ink: UInt8Array, params: BarParams = BarParams(), max_slant_deg: float = 90.0) -> bool:
    """Decide whether a mark is one straight stroke, without a flag or a foot.

    Args:
        ink: uint8 `(h, w)`, white on black: the mark alone.
        params: how straight.
        max_slant_deg: greatest angle to the vertical; by default any, since the network takes leaning bars for a 1, too.

    Returns:
        Whether it nearly fills the narrowest rectangle around it, which is long and doesn't lean too far.

    Examples:
        >>> ink = np.zeros((40, 40), np.uint8)
        >>> ink[5:35, 18:23] = 255
        >>> is_bar(ink)
        True
        >>> ink[5:9, 8:18] = 255
        >>> is_bar(ink)
        False
    """
    mask = (ink > INK_LEVEL).view(np.uint8)
    if not mask.any():
        return False
    points = cv2.findNonZero(mask)
    _, (width, height), angle_deg = cv2.minAreaRect(points)  # between the middles of the outermost pixels
    slant_deg = abs((angle_deg if height >= width else angle_deg + 90) % 180)
    long_px, short_px = max(width, height) + 1, min(width, height) + 1
    is_straight = long_px >= _MIN_ASPECT_RATIO * short_px and len(points) >= params.min_fill * long_px * short_px
    return is_straight and min(slant_deg, 180 - slant_deg) <= max_slant_deg


def _with_rarer_one(classified: ClassifiedMark, params: ConsistencyParams) -> ClassifiedMark:
    probabilities = classified.prediction.probabilities.copy()
    probabilities[1] *= 1 - params.usual_shape_share
    rescaled = np.asarray(probabilities / probabilities.sum(), np.float32)
    return replace(classified, prediction=replace(classified.prediction, probabilities=rescaled))
