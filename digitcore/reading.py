"""The way of a picture, from bytes or pixels to digits; every step is kept as a stage."""

import math
import time
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from digitcore import ink as inking
from digitcore.classifier import Classifier, default_classifier
from digitcore.geometry import DigitShape, shape_digit
from digitcore.images import UprightPicture, load_picture
from digitcore.marks import Mark, find_marks
from digitcore.prediction import Prediction
from digitcore.settings import Settings

Pixels = npt.NDArray[np.uint8]

BENEFIT: Final = 0.3
"""Who shows a picture to a reader of digits mostly shows digits: a mark's odds of being one are better by this logarithm than the
network alone would say."""

NOT_A_DIGIT: Final = "it does not look like a digit"


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A picture on its way, at one step."""

    name: str
    image: Pixels
    """uint8 `(H, W)` or `(H, W, 3)` RGB."""

    note: str
    """What was done, in one sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Digit:
    """One mark and what the network says of it."""

    label: int
    confidence: float
    """Calibrated probability of `label`, in [0, 1]."""

    probabilities: npt.NDArray[np.float32]
    """float32 `(10,)`, calibrated, sums to 1."""

    digit_score: float
    """How much of a digit it is, in [0, 1]."""

    accepted: bool
    reason: str
    """Why it was refused or is unsure; else empty."""

    box_xywh: tuple[int, int, int, int]
    """In pixels of the upright original."""

    line: int
    model_input: Pixels
    """uint8 `(28, 28)`: what the network saw."""

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON knows them, without `model_input`."""
        return {
            "label": self.label,
            "confidence": round(self.confidence, 6),
            "probabilities": [round(float(p), 6) for p in self.probabilities],
            "digit_score": round(self.digit_score, 6),
            "accepted": self.accepted,
            "reason": self.reason,
            "box_xywh": list(self.box_xywh),
            "line": self.line,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a picture says."""

    status: str
    """"ok" (at least one digit), "no_digit" (marks, but none is a digit) or "blank" (no ink)."""

    lines: list[str]
    """The accepted digits of each line that has any, from the top."""

    digits: list[Digit]
    """All marks in reading order, the refused ones too."""

    stages: list[Stage]
    """In the order in which the picture went through them; from "crop" on, of the largest mark."""

    size_wh: tuple[int, int]
    """Width and height of the upright original in pixels: what the boxes refer to."""

    elapsed_ms: float

    @property
    def text(self) -> str:
        """The accepted digits in reading order, lines joined by "/"."""
        return "/".join(self.lines)

    def to_dict(self) -> dict[str, Any]:
        """The reading as JSON knows it, without its pictures."""
        return {
            "status": self.status,
            "text": self.text,
            "lines": self.lines,
            "digits": [digit.to_dict() for digit in self.digits],
            "elapsed_ms": round(self.elapsed_ms, 3),
        }


@dataclass(slots=True)
class _Way:
    """A picture under way: the settings it is read by, and the stages it has passed."""

    settings: Settings
    stages: list[Stage] = field(default_factory=list)

    def keep(self, name: str, image: Pixels, note: str) -> Pixels:
        self.stages.append(Stage(name, image, note))
        return image


def read_image(source: bytes | Pixels, settings: Settings | None = None, classifier: Classifier | None = None) -> Reading:
    """Read the digits in a picture.

    Args:
        source: the bytes of an encoded picture, or uint8 `(H, W)`, `(H, W, 3)` RGB, `(H, W, 4)` RGBA.
        settings: how to read; by default as a photograph.
        classifier: the network; by default the project's own, loaded once a process.

    Raises:
        ImageError: the picture can't be read.
        ModelError: the network can't be loaded.
        ValueError: `source` is of another shape or type.
    """
    start = time.perf_counter()
    way = _Way(settings or Settings())
    classifier = classifier or default_classifier()
    picture = load_picture(source)
    ink = _find_ink(picture, way)
    digits = _read_marks(find_marks(ink), ink, picture, way, classifier)
    accepted = [digit for digit in digits if digit.accepted]
    numbers = sorted({digit.line for digit in accepted})
    lines = ["".join(str(digit.label) for digit in accepted if digit.line == number) for number in numbers]
    status = "ok" if accepted else "no_digit" if digits else "blank"
    return Reading(status, lines, digits, way.stages, picture.size_wh, 1000 * (time.perf_counter() - start))


def _find_ink(picture: UprightPicture, way: _Way) -> Pixels:
    """From pixels to ink: uint8 `(H, W)`, white on black, all zero where nothing was written."""
    settings = way.settings
    way.keep("original", picture.pixels, "The picture, upright, as RGB.")
    grey = way.keep("grey", inking.enlarge(inking.to_grey(picture.pixels)), "Brightness alone; small pictures are enlarged.")
    known = settings.medium == "drawing" and settings.polarity != "auto"
    ink = _known_ink(grey, way) if known else _found_ink(grey, way)
    if ink.visible(settings.minimum_contrast):
        return way.keep("ink", ink.levels, f"The ink alone, {ink.contrast:.0%} of full contrast, its greys kept.")
    return way.keep("ink", np.zeros_like(grey), "Nothing stands out from the paper: blank.")


def _known_ink(grey: Pixels, way: _Way) -> inking.Ink:
    levels = 255 - grey if way.settings.polarity == "dark_ink" else grey
    return inking.Ink(levels, contrast=float(levels.max()) / 255, noise=0.0)


def _found_ink(grey: Pixels, way: _Way) -> inking.Ink:
    settings = way.settings
    clear = grey
    if settings.medium == "photo" and settings.clahe_clip > 0:
        clear = inking.clahe(clear, settings.clahe_clip, settings.clahe_tiles)
        way.keep("clahe", clear, f"Local contrast evened out, at most {settings.clahe_clip:g} times.")
    if settings.medium == "photo" and settings.smoothing_px > 0:
        clear = way.keep("smoothed", inking.smooth(clear, settings.smoothing_px), f"Noise smoothed over {settings.smoothing_px:g} px.")
    split = _split(clear, settings)
    above = f"{split.level:+.0f} around the neighbourhood's grey" if split.method == "adaptive" else f"{split.level:.0f}"
    way.keep("threshold", _as_picture(split.bright), f"Bright and dark told apart at grey {above} ({split.method}).")
    polarity = settings.polarity if settings.polarity != "auto" else inking.estimate_polarity(split.bright)
    mask = ~split.bright if polarity == "dark_ink" else split.bright
    way.keep(
        "polarity",
        _as_picture(mask),
        f"The ink is {'darker' if polarity == 'dark_ink' else 'lighter'} than the paper.",
    )
    return inking.measure_ink(grey, mask)


def _split(grey: Pixels, settings: Settings) -> inking.Threshold:
    if settings.threshold == "otsu":
        return inking.otsu_threshold(grey)
    if settings.threshold == "adaptive":
        return inking.adaptive_threshold(grey, settings.adaptive_window)
    return inking.choose_threshold(grey, settings.adaptive_window)


def _as_picture(mask: npt.NDArray[np.bool_]) -> Pixels:
    return mask.astype(np.uint8) * np.uint8(255)


def _read_marks(marks: list[Mark], ink: Pixels, picture: UprightPicture, way: _Way, classifier: Classifier) -> list[Digit]:
    if not marks:
        return []
    shapes = [shape_digit(mark.ink, way.settings.minimum_stroke) for mark in marks]
    _keep_shape(shapes[max(range(len(marks)), key=lambda i: marks[i].box.side)], way)
    logits = classifier.logits(np.stack([shape.model_input for shape in shapes]))
    scores = classifier.digit_scores_from_logits(logits)
    refuse_below = 1 / (1 + (1 / classifier.reject_below - 1) * math.exp(BENEFIT))
    scale = picture.size_wh[0] / ink.shape[1]
    digits = []
    for mark, shape, row, score in zip(marks, shapes, logits, scores, strict=True):
        prediction = Prediction.from_logits(row, classifier.temperature)
        refusal = mark.fault or (NOT_A_DIGIT if score < refuse_below else "")
        digits.append(
            Digit(
                label=prediction.label,
                confidence=prediction.confidence,
                probabilities=prediction.probabilities,
                digit_score=0.0 if mark.fault else float(score),
                accepted=not refusal,
                reason=refusal or prediction.doubt(way.settings.unsure_below),
                box_xywh=_original_box(mark, scale, picture.size_wh),
                line=mark.line,
                model_input=shape.model_input,
            )
        )
    return digits


def _keep_shape(shape: DigitShape, way: _Way) -> None:
    way.keep("crop", shape.crop, "The largest mark within its bounding box.")
    if way.settings.minimum_stroke:
        way.keep("stroke", shape.thickened, "A thin pen made as thick as MNIST's.")
    way.keep("fit", shape.fitted, "The longer side fitted into 20 pixels, the aspect ratio kept, the edges antialiased.")
    way.keep("centre", shape.model_input, "The centre of mass at the centre of 28×28: what the network sees.")


def _original_box(mark: Mark, scale: float, size_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels of the upright original that the mark's box touches."""
    box = mark.box
    left, top = int(box.x * scale), int(box.y * scale)
    right = min(math.ceil((box.x + box.width) * scale), size_wh[0])
    bottom = min(math.ceil((box.y + box.height) * scale), size_wh[1])
    return left, top, right - left, bottom - top
