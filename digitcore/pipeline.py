"""The way of a picture, from bytes or pixels to digits; every step is kept as a stage."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from digitcore.io.decode import UprightPicture, load_picture
from digitcore.io.strokes import Stroke, draw_strokes
from digitcore.layout.components import Mark
from digitcore.layout.lines import MAX_COMPONENTS, find_lines
from digitcore.layout.pen import with_uniform_pen
from digitcore.layout.scoring import log_odds
from digitcore.layout.segmentation import segment_line
from digitcore.messages import Message
from digitcore.preprocessing.background import flatten
from digitcore.preprocessing.border_artifacts import remove_border_artifacts
from digitcore.preprocessing.enhancement import clahe, smooth
from digitcore.preprocessing.grayscale import best_contrast_channel
from digitcore.preprocessing.ink_darkness import contrast, main_ink_darkness, scale_to_main_ink
from digitcore.preprocessing.ink_extraction import find_writing
from digitcore.preprocessing.polarity import InkPolarity
from digitcore.preprocessing.resampling import enlarge, make_overview
from digitcore.preprocessing.sheet import find_sheet, mask_outside_sheet
from digitcore.preprocessing.stroke_width import estimate_polarity_and_stroke_width
from digitcore.preprocessing.thresholding import Threshold, adaptive_threshold, otsu_threshold
from digitcore.recognition.classification import ClassifiedMark
from digitcore.recognition.classifier import Classifier, default_classifier
from digitcore.recognition.normalization import NormalizedDigit, normalize_digit
from digitcore.recognition.prediction import Prediction
from digitcore.results import Digit, GlobalThreshold, Reading, RejectionReason, Stage, StageName, Status, lines_of
from digitcore.settings import Settings
from digitcore.types import BoolArray, Float64Array, UInt8Array

BENEFIT: Final = 0.4
"""Who shows a picture to a reader of digits mostly shows digits: a mark's odds of being one are better by this logarithm than the
network alone would say."""

AMONG_DIGITS: Final = 2.0
AMONG_OTHERS: Final = 3.0
"""How much a page of digits speaks for one more, in logarithms of the odds; and a page of other marks against it."""

OTHER_LINES: Final = 1.0
"""How much other lines have to say beside a mark's own."""

MAXIMUM_LOOKS: Final = 1200
"""After so many marks and pieces of marks nothing more is cut: about a second's work."""

_DEFAULTS: Final = Settings()


@dataclass(slots=True)
class _Way:
    """A picture under way: the settings and the network it is read by, and the stages it has passed."""

    settings: Settings
    classifier: Classifier
    stages: list[Stage] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    since: float = field(default_factory=time.perf_counter)
    """When the last stage was done."""

    looks: int = 0
    """How many marks and pieces of marks the network has been shown."""

    def look(self, inks: Sequence[UInt8Array]) -> list[ClassifiedMark]:
        """What the network says of some marks."""
        if not inks:
            return []
        self.looks += len(inks)
        shapes = [self.shape(each) for each in inks]
        logits = self.classifier.logits(np.stack([shape.model_input for shape in shapes]))
        scores = self.classifier.digit_scores_from_logits(logits)
        predictions = (Prediction.from_logits(row, self.classifier.temperature) for row in logits)
        return [
            ClassifiedMark(shape, prediction, float(score)) for shape, prediction, score in zip(shapes, predictions, scores, strict=True)
        ]

    def shape(self, ink: UInt8Array) -> NormalizedDigit:
        """One mark on its way to the network."""
        settings = self.settings
        squash, mass = settings.aspect_ratio == "squash", settings.centring == "mass"
        return normalize_digit(ink, settings.minimum_stroke, keep_aspect_ratio=not squash, centre_mass=mass)

    def keep(self, name: StageName, image: UInt8Array, note: Message, threshold: GlobalThreshold | None = None) -> UInt8Array:
        now = time.perf_counter()
        self.stages.append(Stage(name, image, note, 1000 * (now - self.since), threshold))
        self.since = now
        return image


def read_image(
    source: bytes | UInt8Array | UprightPicture, settings: Settings | None = None, classifier: Classifier | None = None
) -> Reading:
    """Read the digits in a picture.

    Args:
        source: the bytes of an encoded picture, or uint8 `(H, W)`, `(H, W, 3)` RGB, `(H, W, 4)` RGBA; or what `load_picture` made of
            one, which spares decoding it again.
        settings: how to read; by default as a photograph.
        classifier: the network; by default the project's own, loaded once a process.

    Raises:
        ImageError: the picture can't be read.
        ModelError: the network can't be loaded.
        ValueError: `source` is of another shape or type.
    """
    start = time.perf_counter()
    way = _Way(settings or _DEFAULTS, classifier or default_classifier())
    picture = load_picture(source)
    digits = _read_lines(_find_ink(picture, way), picture, way)
    lines = lines_of(digits)
    status = Status.OK if lines else Status.NO_DIGIT if digits else Status.BLANK
    return Reading(status, lines, digits, way.stages, picture.size_wh, 1000 * (time.perf_counter() - start), tuple(way.notes))


def read_strokes(
    strokes: Sequence[Stroke], size_wh: tuple[int, int], settings: Settings | None = None, classifier: Classifier | None = None
) -> Reading:
    """Read a drawing from the paths of its strokes, redrawn with the pen that MNIST was written with: any pen then reads the same.

    Args:
        strokes: in any order; see `digitcore.io.strokes.strokes_of` for a canvas.
        size_wh: width and height of the drawing in pixels; the boxes refer to it.
        settings: how to read; by default as a drawing.
        classifier: the network; by default the project's own.

    Raises:
        ModelError: the network can't be loaded.
    """
    return read_image(draw_strokes(with_uniform_pen(strokes), size_wh), settings or Settings.for_drawing(), classifier)


def _find_ink(picture: UprightPicture, way: _Way) -> UInt8Array:
    """From pixels to ink: uint8 `(H, W)`, white on black, all zero where nothing was written."""
    settings = way.settings
    way.keep(StageName.ORIGINAL, picture.pixels, Message("The picture, upright, as RGB."))
    plain, coloured = best_contrast_channel(picture.pixels)
    darkest = Message("The darkest of red, green and blue, which shows this ink best; small pictures are enlarged.")
    brightness = Message("Brightness alone; small pictures are enlarged.")
    grey = way.keep(StageName.GREY, enlarge(plain), darkest if coloured else brightness)
    ink, share = _known_ink(grey, way) if settings.ink_is_known else _found_ink(grey, way)
    if share >= settings.minimum_contrast:
        note = Message("The ink alone, {share:.0%} of the light apart from its paper, its greys kept.", share=share)
        return way.keep(StageName.INK, ink, note)
    return way.keep(StageName.INK, np.zeros_like(grey), Message("Nothing stands out from the paper: blank."))


def _known_ink(grey: UInt8Array, way: _Way) -> tuple[UInt8Array, float]:
    levels = 255 - grey if way.settings.polarity == "dark_ink" else grey
    return levels, float(levels.max()) / 255


def _found_ink(grey: UInt8Array, way: _Way) -> tuple[UInt8Array, float]:
    settings = way.settings
    clear = grey
    if settings.medium == "photo" and settings.clahe_clip > 0:
        clear = clahe(clear, settings.clahe_clip, settings.clahe_tiles)
        way.keep(StageName.CLAHE, clear, Message("Local contrast evened out, at most {clip:g} times.", clip=settings.clahe_clip))
    if settings.medium == "photo" and settings.smoothing_px > 0:
        note = Message("Noise smoothed over {width:g} px.", width=settings.smoothing_px)
        clear = way.keep(StageName.SMOOTHED, smooth(clear, settings.smoothing_px), note)
    small = make_overview(clear)
    outside_sheet = mask_outside_sheet(find_sheet(small, clear.shape), clear.shape)
    strokes = estimate_polarity_and_stroke_width(small, outside_sheet)
    polarity = strokes.polarity if settings.polarity == "auto" else InkPolarity(settings.polarity)
    if polarity is InkPolarity.LIGHT:
        clear = 255 - clear
    darker, lighter = Message("The ink is darker than the paper."), Message("The ink is lighter than the paper; it is shown dark.")
    way.keep(StageName.POLARITY, clear, darker if polarity is InkPolarity.DARK else lighter)
    paper, dark = flatten(clear, strokes.width, settings.paper_window)
    way.keep(StageName.PAPER, paper, Message("The paper without its writing: its brightness, shadows and all."))
    way.keep(StageName.DARKNESS, dark, Message("How much of the paper's light is missing."))
    split, writing, main = _find_writing(clear, dark, outside_sheet, settings)
    way.keep(StageName.THRESHOLD, _as_picture(split.ink), split.note, split.global_threshold)
    way.keep(
        StageName.WRITING, _as_picture(writing), Message("Without printed lines, what shines through, and the picture's surroundings.")
    )
    return scale_to_main_ink(dark, writing, main), contrast(paper, main, inverted=polarity is InkPolarity.LIGHT)


def _find_writing(clear: UInt8Array, dark: UInt8Array, outside_sheet: BoolArray, settings: Settings) -> tuple[Threshold, BoolArray, float]:
    if settings.threshold == "paper":
        return find_writing(dark, outside_sheet, keep_ruled_lines=settings.rulings == "keep")
    if settings.threshold == "otsu":
        split = otsu_threshold(clear, InkPolarity.DARK)
    else:
        split = adaptive_threshold(clear, InkPolarity.DARK, settings.adaptive_window)
    return split, remove_border_artifacts(split.ink, outside_sheet, outside_sheet), main_ink_darkness(dark, split.ink, any_size=True)


def _as_picture(mask: BoolArray) -> UInt8Array:
    return mask.view(np.uint8) * np.uint8(255)


def _read_lines(ink: UInt8Array, picture: UprightPicture, way: _Way) -> list[Digit]:
    """All marks in reading order, joined and cut as the network reads them best."""
    settings, accept_from = way.settings, way.classifier.reject_below
    keep = settings.touching_digits == "keep"
    lines, left_out = find_lines(ink, settings.smallest_line)
    if left_out:
        way.notes.append(
            Message(
                "There are too many marks: only the {most} largest were looked at, {left_out:,} were not.",
                most=MAX_COMPONENTS,
                left_out=left_out,
            )
        )
    found: list[tuple[Mark, ClassifiedMark]] = []
    for line in lines:
        enough = way.looks > MAXIMUM_LOOKS
        found += segment_line(line, way.look, accept_from, keep_components=keep or enough)
    if not found:
        return []
    if way.looks > MAXIMUM_LOOKS:
        way.notes.append(Message("There is too much to look at: digits that touch were not cut everywhere."))
    _keep_shape(max(found, key=lambda each: each[0].box.side)[1].shape, way)
    scale = picture.size_wh[0] / ink.shape[1]
    digits = []
    for (mark, seen), bar in zip(found, _bars(found, accept_from), strict=True):
        rejection = mark.rejection or (RejectionReason.NOT_A_DIGIT if seen.digit_score < bar else None)
        digits.append(
            Digit(
                label=seen.prediction.label,
                confidence=seen.prediction.confidence,
                probabilities=seen.prediction.probabilities,
                digit_score=0.0 if mark.rejection else seen.digit_score,
                accepted=rejection is None,
                reason=rejection.message if rejection else seen.prediction.doubt(settings.unsure_below),
                box_xywh=_original_box(mark, scale, picture.size_wh),
                line=mark.line,
                model_input=seen.shape.model_input,
                rejection=rejection,
            )
        )
    return digits


def _bars(found: Sequence[tuple[Mark, ClassifiedMark]], reject_below: float) -> Float64Array:
    """The digit score that each mark must reach: less among digits in its line, more among marks that are none, there or elsewhere."""
    threshold = log_odds(reject_below)
    votes = np.array([log_odds(seen.digit_score) - threshold for _, seen in found]).clip(-1, 1)
    lines = np.array([mark.line for mark, _ in found])
    same_line = lines[:, np.newaxis] == lines
    beside = same_line & ~np.eye(len(found), dtype=np.bool_)
    counted = np.array([mark.rejection in (None, RejectionReason.TOO_WIDE) for mark, _ in found], np.float64)
    sizes = counted * np.square([mark.box.side for mark, _ in found])
    elsewhere = _mean_of_others(votes, ~same_line * sizes / max(sizes.max(), 1.0))
    company = _mean_of_others(votes, beside * counted) + OTHER_LINES * np.minimum(elsewhere, 0)
    weight = np.where(company > 0, AMONG_DIGITS, AMONG_OTHERS * (1 - company))
    return np.asarray(1 / (1 + np.exp(BENEFIT + weight * company - threshold)))


def _mean_of_others(votes: Float64Array, weights: Float64Array) -> Float64Array:
    """What the others say, in the mean; a mark's own vote counts as undecided.

    Args:
        votes: float64 `(N,)`.
        weights: `(N, N)`: whose vote, in the columns, counts how much for whom; nobody's for himself.
    """
    return np.asarray(weights @ votes / (weights.sum(axis=1) + 1))


def _keep_shape(shape: NormalizedDigit, way: _Way) -> None:
    way.keep(StageName.CROP, shape.crop, Message("The largest mark within its bounding box."))
    if way.settings.minimum_stroke:
        way.keep(StageName.STROKE, shape.thickened, Message("A thin pen made as thick as MNIST's."))
    kept = Message("The longer side fitted into 20 pixels, the aspect ratio kept, the edges antialiased.")
    squashed = Message("Both sides fitted into 20 pixels, the edges antialiased: the aspect ratio is lost.")
    way.keep(StageName.FIT, shape.fitted, kept if way.settings.aspect_ratio == "keep" else squashed)
    mass = Message("The centre of mass at the centre of 28×28: what the network sees.")
    box = Message("The middle of its box at the centre of 28×28: what the network sees.")
    way.keep(StageName.CENTRE, shape.model_input, mass if way.settings.centring == "mass" else box)


def _original_box(mark: Mark, scale: float, size_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels of the upright original that the mark's box touches."""
    box = mark.box
    left, top = int(box.x * scale), int(box.y * scale)
    right = min(math.ceil((box.x + box.width) * scale), size_wh[0])
    bottom = min(math.ceil((box.y + box.height) * scale), size_wh[1])
    return left, top, right - left, bottom - top
