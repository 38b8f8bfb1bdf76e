"""Ablation: read the same picture again with one step turned off or switched, for each step in turn, to see which ones the answer needs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, NamedTuple

from digitcore.io.decode import UprightPicture
from digitcore.messages import Message
from digitcore.pipeline import read_image
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.results import Reading, Status
from digitcore.settings import Settings
from digitcore.types import UInt8Array


@dataclass(frozen=True, slots=True)
class Variation:
    """Settings with one step turned off or switched.

    Attributes:
        step: what is different, to be shown.
        field: the setting that is changed.
        settings: the changed settings.
    """

    step: Message
    field: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a variation reads.

    Attributes:
        variation: the changed settings.
        status: as in `Reading`, like `text`.
        text: the accepted digits.
        changed: whether the answer differs from that of the unchanged settings.
        lowest_confidence: of the accepted digits, in [0, 1]; None where there is none.
        elapsed_ms: time that the reading took, in milliseconds.
    """

    variation: Variation
    status: Status
    text: str
    changed: bool
    lowest_confidence: float | None
    elapsed_ms: float


Run = Callable[[Callable[[], Outcome]], Outcome]
"""Runs a job and returns its result, for example in another process: the job can be pickled."""


class _Switch(NamedTuple):
    """A value that a setting is changed to."""

    field: str
    value: Any
    step: Message


_SWITCHES: Final = (
    _Switch("medium", "photo", Message("Read as a photo")),
    _Switch("medium", "drawing", Message("Read as a drawing")),
    _Switch("clahe_clip", 0.0, Message("Local contrast not equalized (no CLAHE)")),
    _Switch("clahe_clip", 2.0, Message("Local contrast equalized (CLAHE)")),
    _Switch("smoothing_px", 0.0, Message("Noise not smoothed")),
    _Switch("smoothing_px", Settings().smoothing_px, Message("Noise smoothed")),
    _Switch("polarity", "dark_ink", Message("Ink assumed darker than the paper")),
    _Switch("polarity", "light_ink", Message("Ink assumed lighter than the paper")),
    _Switch("threshold", "paper", Message("Threshold from the local paper")),
    _Switch("threshold", "otsu", Message("One threshold for the whole picture (Otsu)")),
    _Switch("threshold", "adaptive", Message("A threshold for each neighbourhood (adaptive)")),
    _Switch("rulings", "remove", Message("Printed lines removed")),
    _Switch("rulings", "keep", Message("Printed lines kept")),
    _Switch("minimum_contrast", 0.0, Message("Even the faintest ink accepted")),
    _Switch("minimum_contrast", Settings().minimum_contrast, Message("Ink that is too faint left out")),
    _Switch("smallest_line", 0.0, Message("Small lines of writing kept")),
    _Switch("smallest_line", Settings().smallest_line, Message("Small lines of writing left out")),
    _Switch("touching_digits", "cut", Message("Touching digits split")),
    _Switch("touching_digits", "keep", Message("Touching digits not split")),
    _Switch("minimum_stroke", 0.0, Message("Thin strokes left thin")),
    _Switch("minimum_stroke", Settings().minimum_stroke, Message("Thin strokes thickened")),
    _Switch("aspect_ratio", "keep", Message("Aspect ratio kept")),
    _Switch("aspect_ratio", "squash", Message("Squashed into a square")),
    _Switch("centring", "mass", Message("Centred by its centre of mass")),
    _Switch("centring", "box", Message("Centred by its bounding box")),
    _Switch("digit_count", "", Message("Any number of digits")),
    _Switch("number_range", "", Message("Any range of numbers")),
    _Switch("check_digit", "none", Message("Check digit not used")),
    _Switch("allowed_numbers", (), Message("Numbers outside the list allowed")),
)
"""Every value of each choice of a step but "auto"; for a number, the value that turns its step off, and one that turns it on; for what is
known about numbers, the value for nothing."""


def variations(settings: Settings) -> list[Variation]:
    """List the steps that can be turned off or switched.

    Args:
        settings: what is varied.

    Returns:
        One variation for each step, in the order of the reading pipeline.

    Examples:
        >>> [each.field for each in variations(Settings.for_drawing())][:3]
        ['medium', 'polarity', 'minimum_contrast']
    """
    return [
        Variation(switch.step, switch.field, replace(settings, **{switch.field: switch.value}))
        for switch in _SWITCHES
        if _has_effect(switch, settings)
    ]


def ablate(
    source: bytes | UInt8Array | UprightPicture,
    settings: Settings,
    baseline: Reading,
    run: Run = lambda job: job(),
    profile: WriterProfile | None = None,
) -> Iterator[Outcome]:
    """Read a picture again for each variation, one at a time, so that progress can be shown.

    Args:
        source: as in `read_image`; a loaded picture isn't decoded again.
        settings: what is varied.
        baseline: the reading with these settings.
        run: runs each reading; by default on this thread.
        profile: with which all are read, as in `read_image`.

    Yields:
        The outcome of each variation, in the order of `variations`.

    Raises:
        ImageError: the picture can't be read.
    """
    for variation in variations(settings):
        yield run(partial(_read_variation, source, variation, (baseline.status, baseline.lines), profile))


def _read_variation(
    source: bytes | UInt8Array | UprightPicture, variation: Variation, answer: tuple[Status, list[str]], profile: WriterProfile | None
) -> Outcome:
    reading = read_image(source, variation.settings, profile=profile)
    changed = (reading.status, reading.lines) != answer
    return Outcome(variation, reading.status, reading.text, changed, reading.lowest_confidence, reading.elapsed_ms)


def _has_effect(switch: _Switch, settings: Settings) -> bool:
    """Return whether a switch changes a step that is used with these settings."""
    present = getattr(settings, switch.field)
    if isinstance(switch.value, float) and bool(present) == bool(switch.value):
        return False  # the step is already on, or off
    return present != switch.value and settings.is_active(switch.field)
