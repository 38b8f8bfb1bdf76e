"""The steps of the reading pipeline, and the picture after each of them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from digitcore.types import UInt8Array


class StageName(StrEnum):
    """The steps of the reading pipeline, in their order; a reading holds those that its settings use.

    Examples:
        >>> [str(name) for name in StageName][:2]
        ['original', 'grey']
    """

    ORIGINAL = "original"
    """The picture as it was given, upright, RGB."""

    GREY = "grey"
    """One channel: brightness, or the darkest of red, green and blue where the ink has a colour."""

    CLAHE = "clahe"
    """Local contrast equalized (Zuiderveld 1994)."""

    SMOOTHED = "smoothed"
    """Noise reduced by a Gaussian filter."""

    POLARITY = "polarity"
    """Inverted where the ink is lighter than the paper, so that ink is dark."""

    PAPER = "paper"
    """The brightness of the paper, estimated at each pixel."""

    DARKNESS = "darkness"
    """How much darker each pixel is than its paper."""

    THRESHOLD = "threshold"
    """Ink and paper, as two levels."""

    WRITING = "writing"
    """The ink that is writing: no ruled lines, no shadows at the border."""

    INK = "ink"
    """The writing in grey levels, white on black."""

    CROP = "crop"
    """The largest mark within its bounding box."""

    STROKE = "stroke"
    """Its strokes thickened to MNIST's stroke width."""

    FIT = "fit"
    """Scaled to fit into 20×20 pixels."""

    CENTRE = "centre"
    """Centred in 28×28 pixels: the network's input."""


class GlobalThreshold(NamedTuple):
    """One grey level that separates ink from paper in the whole picture."""

    stage: StageName
    """The stage whose picture is thresholded."""

    level: float
    """The grey level, 0 to 255."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The picture at one step of the reading pipeline.

    Attributes:
        name: which step.
        image: uint8 `(H, W)` or `(H, W, 3)` RGB.
        note: what was done, in one sentence.
        elapsed_ms: time since the stage before, in milliseconds.
        threshold: for a threshold of the whole picture, what it separates and at which level; else None.

    Examples:
        >>> from pathlib import Path
        >>> from digitcore import read_image
        >>> stages = read_image(Path("samples/pen.jpg").read_bytes()).stages
        >>> [str(stage.name) for stage in stages][:4]
        ['original', 'grey', 'smoothed', 'polarity']
    """

    name: StageName
    image: UInt8Array
    note: str
    elapsed_ms: float
    threshold: GlobalThreshold | None = None
