"""What matters: the same picture read again with one step turned off or switched, for each step in turn."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from digitcore.io.decode import UprightPicture
from digitcore.messages import Message
from digitcore.pipeline import read_image
from digitcore.results import Reading, Status
from digitcore.settings import Settings
from digitcore.types import UInt8Array


@dataclass(frozen=True, slots=True)
class Variation:
    """One step turned off or switched."""

    step: Message
    """What is done otherwise, for people."""

    field: str
    """The setting that is changed."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a variation reads."""

    variation: Variation
    status: Status
    text: str
    changed: bool
    """Whether the answer is another than that of the settings as they are."""

    lowest_confidence: float | None
    """Of the accepted digits, in [0, 1]; None where there is none."""

    elapsed_ms: float


class _Switch(NamedTuple):
    field: str
    value: Any
    step: Message


_SWITCHES: Final = (
    _Switch("medium", "photo", Message("Read as a photo")),
    _Switch("medium", "drawing", Message("Read as a drawing")),
    _Switch("clahe_clip", 0.0, Message("Local contrast left alone (no CLAHE)")),
    _Switch("clahe_clip", 2.0, Message("Local contrast evened out (CLAHE)")),
    _Switch("smoothing_px", 0.0, Message("Noise not smoothed")),
    _Switch("smoothing_px", Settings().smoothing_px, Message("Noise smoothed")),
    _Switch("polarity", "dark_ink", Message("Ink taken to be darker than paper")),
    _Switch("polarity", "light_ink", Message("Ink taken to be lighter than paper")),
    _Switch("threshold", "paper", Message("Ink told by the paper around it")),
    _Switch("threshold", "otsu", Message("One threshold for the whole picture (Otsu)")),
    _Switch("threshold", "adaptive", Message("One threshold for each neighbourhood (adaptive)")),
    _Switch("rulings", "remove", Message("Printed lines removed")),
    _Switch("rulings", "keep", Message("Printed lines kept")),
    _Switch("minimum_contrast", 0.0, Message("Ink accepted however faint")),
    _Switch("minimum_contrast", Settings().minimum_contrast, Message("Too faint ink left out")),
    _Switch("smallest_line", 0.0, Message("Small lines kept")),
    _Switch("smallest_line", Settings().smallest_line, Message("Small lines left out")),
    _Switch("touching_digits", "cut", Message("Touching digits cut")),
    _Switch("touching_digits", "keep", Message("Touching digits left together")),
    _Switch("minimum_stroke", 0.0, Message("Thin pens left thin")),
    _Switch("minimum_stroke", Settings().minimum_stroke, Message("Thin pens thickened")),
    _Switch("aspect_ratio", "keep", Message("Aspect ratio kept")),
    _Switch("aspect_ratio", "squash", Message("Squashed into a square")),
    _Switch("centring", "mass", Message("Centred by its mass")),
    _Switch("centring", "box", Message("Centred by its box")),
)
"""Every other value of a choice; for a number, that which turns its step off, or what turns it on again."""


def variations(settings: Settings) -> list[Variation]:
    """Each step that can be turned off or switched from these settings, in the order of the way."""
    return [
        Variation(switch.step, switch.field, replace(settings, **{switch.field: switch.value}))
        for switch in _SWITCHES
        if _matters(switch, settings)
    ]


def what_matters(source: bytes | UInt8Array | UprightPicture, settings: Settings, usual: Reading) -> Iterator[Outcome]:
    """Read a picture again for each variation, one at a time, so that progress can be shown.

    Args:
        source: as `read_image` takes it; a loaded picture spares decoding.
        settings: what is varied.
        usual: what they read.

    Raises:
        ImageError: the picture can't be read.
    """
    for variation in variations(settings):
        reading = read_image(source, variation.settings)
        yield Outcome(
            variation,
            reading.status,
            reading.text,
            (reading.status, reading.lines) != (usual.status, usual.lines),
            reading.lowest_confidence,
            reading.elapsed_ms,
        )


def _matters(switch: _Switch, settings: Settings) -> bool:
    """Return whether a switch changes a step that these settings take."""
    present = getattr(settings, switch.field)
    if isinstance(switch.value, float) and bool(present) == bool(switch.value):
        return False  # the step is on already, or off
    return present != switch.value and settings.is_active(switch.field)
