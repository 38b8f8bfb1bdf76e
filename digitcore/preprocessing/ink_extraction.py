"""What is writing and what is paper, and how dark each stroke is: white ink on black, its greys kept."""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import cv2
import numpy as np

from digitcore.messages import Message
from digitcore.preprocessing.background import CONTACT, FAINT, surroundings, without_surroundings
from digitcore.preprocessing.histogram import cumulative_histogram, median
from digitcore.preprocessing.morphology import odd_size, square_element
from digitcore.preprocessing.resampling import subsample
from digitcore.preprocessing.ruled_lines import without_rulings
from digitcore.results import GlobalThreshold, StageName
from digitcore.types import BoolArray, Float64Array, UInt8Array

NOISE_FACTOR: Final = 6.0
"""Ink stands out of the paper's noise by this many standard deviations."""

_TWO_KINDS: Final = 0.75
"""From this separability on, there are ink and paper, and not noise alone."""

_LITTLE_INK: Final = 0.28
"""Noise cut in half leaves more than this above; writing seldom fills as much."""

SPREAD: Final = 0.5
"""Ink of the main writing is at least so dark, as a share of its usual darkness; fainter is print that shows through, or dirt."""

_MOST_BOXES: Final = 400
"""The largest strokes tell how dark the writing is."""

_PLAUSIBLE_SIDE: Final = (0.025, 0.92)
"""A mark that tells how dark the writing is has a height within these shares of the short side and of the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Threshold:
    """A picture in two: what is ink and what isn't."""

    ink: BoolArray
    method: Literal["otsu", "adaptive", "paper"]
    level: float
    """The darkness above which there is ink, in grey levels; adaptive: how much darker than its neighbourhood."""

    @property
    def note(self) -> Message:
        """What was done, in one sentence."""
        if self.method == "paper":
            return Message("Ink is what lacks more than {level:.0f} of the paper's light, well above its noise.", level=self.level)
        if self.method == "otsu":
            return Message("Ink is what is darker than {level:.0f}, one grey level for the whole picture (Otsu).", level=self.level)
        return Message("Ink is what is darker than its neighbourhood by {level:.0f} (adaptive).", level=self.level)

    @property
    def global_threshold(self) -> GlobalThreshold | None:
        """The stage whose grey levels are divided, and where; None where each neighbourhood has a level of its own."""
        stage = {"paper": StageName.DARKNESS, "otsu": StageName.POLARITY}.get(self.method)
        return GlobalThreshold(stage, self.level) if stage else None


def otsu_threshold(grey: UInt8Array, polarity: str) -> Threshold:
    """One grey level for the whole picture, by Otsu's method (1979)."""
    level, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return Threshold((bright > 0) == (polarity == "light_ink"), "otsu", float(level))


def adaptive_threshold(grey: UInt8Array, polarity: str, window: float) -> Threshold:
    """One grey level for each neighbourhood: its mean, and one offset for all, found by Otsu's method.

    Args:
        grey: uint8 `(H, W)`.
        polarity: what ink is.
        window: side of the neighbourhood as a share of the short side.
    """
    side_px = odd_size(window * min(grey.shape))
    difference = grey.astype(np.int16) - cv2.blur(grey, (side_px, side_px))
    split = otsu_threshold(np.clip(difference + 128, 0, 255).astype(np.uint8), polarity)
    return Threshold(split.ink, "adaptive", abs(split.level - 128))


def paper_threshold(dark: UInt8Array, outside: BoolArray) -> Threshold:
    """What stands out of the paper's noise.

    Args:
        dark: uint8 `(H, W)`, as `darkness` gives it.
        outside: bool `(H, W)`: what is no paper.
    """
    some_outside = outside.any()
    sample = subsample(dark)[~subsample(outside)] if some_outside else subsample(dark).ravel()
    if not sample.size:
        sample = dark.ravel()
    up_to = cumulative_histogram(sample)
    low, middle = up_to.searchsorted((0.16, 0.5))
    level = middle + NOISE_FACTOR * (middle - low + 0.7)
    split = cv2.threshold(sample, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    if split < level and (1 - up_to[int(split)] < _LITTLE_INK or _separability(up_to, int(split)) > _TWO_KINDS):
        level = split
    level = max(level, FAINT)
    ink = dark > int(level)
    return Threshold(ink & ~outside if some_outside else ink, "paper", float(level))


def _separability(up_to: Float64Array, level: int) -> float:
    """How much of the variance a threshold explains, 0 to 1 (Otsu 1979): 0.64 for one bell curve cut in half.

    Args:
        up_to: as `cumulative_histogram` gives it.
        level: what is brighter than this is on one side.
    """
    shares, levels = np.diff(up_to, prepend=0), np.arange(len(up_to))
    mean, below = float(shares @ levels), float(up_to[level])
    total = float(shares @ np.square(levels - mean))
    if total == 0 or below in (0.0, 1.0):
        return 0.0
    below_sum = float(shares[: level + 1] @ levels[: level + 1])
    return (mean * below - below_sum) ** 2 / (below * (1 - below) * total)


def find_writing(dark: UInt8Array, desk: BoolArray, *, keep_rulings: bool = False) -> tuple[Threshold, BoolArray, float]:
    """The ink that is writing.

    Args:
        dark: uint8 `(H, W)`, as `darkness` gives it.
        desk: bool `(H, W)`: what lies around the sheet.
        keep_rulings: whether printed lines count as writing.

    Returns:
        What stands out of the paper; what of that is writing, bool `(H, W)`; and how dark the main writing is, 0 to 255.
    """
    around = surroundings(dark, desk)
    outsides = (around, desk)

    @cache
    def standing_out(place: int) -> tuple[Threshold, BoolArray]:
        split = paper_threshold(dark, outsides[place])
        return split, split.ink if keep_rulings else without_rulings(split.ink)

    for anything, place in ((False, 0), (False, 1), (True, 0), (True, 1)):
        split, ink = standing_out(place)
        main = main_darkness(dark, ink, anything=anything)
        if main:
            break
    outside = outsides[place]
    return split, without_surroundings(ink & (dark > int(SPREAD * main)), desk, outside), main


def main_darkness(dark: UInt8Array, ink: BoolArray, *, anything: bool) -> float:
    """How dark the main writing is, 0 to 255: 0 where there is none.

    The median over all marks that could be digits by their size, large and dark ones weighing more; or over `anything`
    where there are none.
    """
    mask = ink.view(np.uint8)
    boxes = largest_boxes(mask)
    plausible = [box for box in boxes if _plausible(box, mask)] or (boxes if anything else [])
    if not plausible:
        return 0.0
    places = [(slice(y, y + tall), slice(x, x + wide)) for x, y, wide, tall in plausible]
    means = np.array([cv2.mean(dark[place], mask[place])[0] for place in places])
    areas = np.array([cv2.countNonZero(mask[place]) for place in places], np.float64)
    sides = np.array([max(box[2:]) for box in plausible])
    darkest = np.argsort(-means)
    weight = np.cumsum((areas * sides * means**3)[darkest])
    return float(means[darkest[np.searchsorted(weight, weight[-1] / 2)]])


def largest_boxes(mask: UInt8Array) -> list[tuple[int, int, int, int]]:
    """The boxes of the largest connected strokes, not of those inside of others: x, y, width and height in pixels."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = (cv2.boundingRect(outline) for outline in outlines)
    return sorted(((x, y, wide, tall) for x, y, wide, tall in boxes), key=lambda box: -max(box[2:]))[:_MOST_BOXES]


def _plausible(box: tuple[int, int, int, int], mask: UInt8Array) -> bool:
    """Whether a stroke may be a digit by its size, and doesn't lean on a side of the picture."""
    (x, y, wide, tall), (height, width) = box, mask.shape
    if max(wide, tall) < _PLAUSIBLE_SIDE[0] * min(height, width) or tall > _PLAUSIBLE_SIDE[1] * height or wide > _PLAUSIBLE_SIDE[1] * width:
        return False
    across = max((int(mask[row, x : x + wide].sum()) for row in (0, height - 1) if row in (y, y + tall - 1)), default=0)
    down = max((int(mask[y : y + tall, column].sum()) for column in (0, width - 1) if column in (x, x + wide - 1)), default=0)
    return across <= CONTACT * wide and down <= CONTACT * tall


def shade(dark: UInt8Array, ink: BoolArray, main: float) -> UInt8Array:
    """The ink with its greys, soft edges included: uint8 `(H, W)`, white on black, 255 for ink as dark as the main writing."""
    shaded = np.zeros(dark.shape, np.uint8)
    x, y, wide, tall = cv2.boundingRect(ink.view(np.uint8))
    written = slice(max(y - 1, 0), y + tall + 1), slice(max(x - 1, 0), x + wide + 1)
    soft = cv2.dilate(ink[written].view(np.uint8), square_element(3))
    levels = cv2.convertScaleAbs(dark[written], alpha=255 / max(main, 1.0))
    cv2.copyTo(levels, soft, shaded[written])
    return shaded


def contrast(paper: UInt8Array, main: float, *, inverted: bool) -> float:
    """How much ink and paper differ, as a share of the brighter one's light, 0 to 1.

    Args:
        paper: uint8 `(H, W)`, its brightness.
        main: how dark the main writing is, 0 to 255.
        inverted: whether light ink was made dark before: the same step is less on a bright sheet then, where it is noise.
    """
    missing = main / 255
    if not inverted:
        return missing
    usual = median(paper)
    step = missing * usual
    return step / (255 - usual + step) if step else 0.0
