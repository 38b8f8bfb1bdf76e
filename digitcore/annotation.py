"""A picture with its reading drawn onto it."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.reading import Digit, Reading

Pixels = npt.NDArray[np.uint8]

ACCEPTED_RGB: Final = (0, 114, 178)
REFUSED_RGB: Final = (213, 94, 0)
"""Blue and vermilion of Okabe and Ito's palette (2008): told apart by colour-blind people too."""

_HALO_RGB: Final = (255, 255, 255)
_NEARLY_SURE: Final = 0.995
"""Confidence that would be rounded to a full hundred percent, which no network can promise."""

_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX
_FONT_HEIGHT_PX: Final = 22
"""Height of a digit of that font at scale 1."""


def annotate(image: Pixels, reading: Reading) -> Pixels:
    """Draw every mark's box with its digit and confidence, legibly on any background.

    Args:
        image: uint8 `(H, W, 3)` RGB: the upright original, or the same reduced.
        reading: what was read from it.

    Returns:
        A new picture of the same shape.
    """
    canvas = np.ascontiguousarray(image).copy()
    scale = image.shape[1] / reading.size_wh[0]
    for digit in reading.digits:
        _draw(canvas, digit, scale)
    return canvas


def _draw(canvas: Pixels, digit: Digit, scale: float) -> None:
    x, y, width, height = (round(value * scale) for value in digit.box_xywh)
    colour = ACCEPTED_RGB if digit.accepted else REFUSED_RGB
    thickness = max(1, round(min(canvas.shape[:2]) / 240))
    margin = 2 * thickness
    corners = (x - margin, y - margin), (x + width + margin, y + height + margin)
    for line_rgb, line_px in ((_HALO_RGB, 3 * thickness), (colour, thickness)):
        cv2.rectangle(canvas, *corners, line_rgb, line_px)
    label = f"{digit.label} {_confidence(digit.confidence)}" if digit.accepted else "?"
    font_scale = max(0.35, min(canvas.shape[:2]) / 18 / _FONT_HEIGHT_PX)
    (text_px, above_px), _ = cv2.getTextSize(label, _FONT, font_scale, thickness)
    left = int(np.clip(corners[0][0], 1, max(1, canvas.shape[1] - text_px - 1)))
    top = corners[0][1] - 2 * margin
    baseline = top if top > above_px else min(corners[1][1] + above_px + 2 * margin, canvas.shape[0] - 2)
    for text_rgb, text_thickness in ((_HALO_RGB, 4 * thickness), (colour, thickness)):
        cv2.putText(canvas, label, (left, baseline), _FONT, font_scale, text_rgb, text_thickness, cv2.LINE_AA)


def _confidence(confidence: float) -> str:
    return f"{confidence:.0%}" if confidence < _NEARLY_SURE else ">99%"
