"""The reading pipeline: from a picture to its digits, with the picture after each step.

`read_image` runs it. `_extract_ink` goes from pixels to ink (`digitcore.preprocessing`); `_estimate_polarity` decides whether the ink is
dark or light, `_find_writing` which threshold separates it from the paper. `_read_marks` goes from ink to digits and numbers: lines,
segmentation and separators (`digitcore.layout`), classification and acceptance (`digitcore.recognition`).
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np

from digitcore.io.decode import UprightPicture, load_picture
from digitcore.io.strokes import Stroke, check_strokes, draw_strokes
from digitcore.layout.components import Mark
from digitcore.layout.hypotheses import Group, marks_read, only
from digitcore.layout.lines import MAX_COMPONENTS, find_lines
from digitcore.layout.loose_parts import join_loose_parts
from digitcore.layout.pen import with_uniform_pen
from digitcore.layout.segmentation import segment_line
from digitcore.layout.separators import FoundSeparator, find_separators
from digitcore.messages import Message
from digitcore.numbers import Number
from digitcore.pipeline_params import PipelineParams
from digitcore.preprocessing.background import flatten
from digitcore.preprocessing.border_artifacts import remove_border_artifacts
from digitcore.preprocessing.enhancement import clahe, smooth
from digitcore.preprocessing.grayscale import best_contrast_channel
from digitcore.preprocessing.ink_darkness import contrast, main_ink_darkness, scale_to_main_ink
from digitcore.preprocessing.ink_extraction import Writing, find_writing
from digitcore.preprocessing.polarity import InkPolarity
from digitcore.preprocessing.resampling import enlarge, make_overview
from digitcore.preprocessing.sheet import find_sheet, mask_outside_sheet
from digitcore.preprocessing.stroke_width import StrokeEstimate, estimate_polarity_and_stroke_width
from digitcore.preprocessing.thresholding import adaptive_threshold, otsu_threshold
from digitcore.recognition.acceptance import acceptance_thresholds
from digitcore.recognition.alternatives import LineHypotheses, find_alternatives, hypotheses_of_lines
from digitcore.recognition.classification import ClassifiedMark, MarkClassifier, classify_marks
from digitcore.recognition.classifier import Classifier, default_classifier
from digitcore.recognition.consistency import prefer_usual_shapes
from digitcore.recognition.constraints import NumberConstraint, find_fulfilling
from digitcore.recognition.normalization import NormalizedDigit
from digitcore.recognition.numbers import group_numbers
from digitcore.recognition.parameters import AcceptanceParams, PersonalizationParams
from digitcore.recognition.personalization import PersonalClassifier
from digitcore.recognition.text_search import NO_DIGIT, align
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.results import Alternative, Digit, GlobalThreshold, Reading, RejectionReason, Stage, StageName, Status, lines_of
from digitcore.settings import Settings
from digitcore.types import BoolArray, Box, Float64Array, UInt8Array

MAX_CLASSIFICATIONS: Final = 1200
"""After so many classified marks and candidates no more marks are split in a picture; they take about a second."""

_DEFAULTS: Final = Settings()


class FoundMarks(NamedTuple):
    """The marks of a picture before it is decided which of them are digits."""

    groups: list[Group[ClassifiedMark]]
    """In reading order, each with the ways to segment it."""

    marks: list[tuple[Mark, ClassifiedMark]]
    """Those that are read, in reading order."""

    thresholds: Float64Array
    """float64 `(N,)`, the digit score that each of `marks` must reach."""


@dataclass(slots=True)
class _PipelineRun:
    """One run of the pipeline: its settings, its network, and what it has recorded so far.

    Attributes:
        settings: the parameters.
        classifier: the network.
        params: the tuned numbers of all stages.
        stages: the stages so far.
        notes: sentences for the user so far.
        stage_start_s: when the latest stage ended, by `time.perf_counter`.
        classification_count: how many marks and candidates were classified so far.
    """

    settings: Settings
    classifier: MarkClassifier
    params: PipelineParams = PipelineParams()
    stages: list[Stage] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    stage_start_s: float = field(default_factory=time.perf_counter)
    classification_count: int = 0

    def classify(self, inks: Sequence[UInt8Array]) -> list[ClassifiedMark]:
        """Normalize and classify marks, uint8 `(h, w)` each, and count them."""
        self.classification_count += len(inks)
        return classify_marks(inks, self.classifier, self.settings, self.params.recognition.normalization)

    def record(self, name: StageName, image: UInt8Array, note: Message, threshold: GlobalThreshold | None = None) -> UInt8Array:
        """Record a stage, and return its image."""
        now = time.perf_counter()
        self.stages.append(Stage(name, image, note, 1000 * (now - self.stage_start_s), threshold))
        self.stage_start_s = now
        return image


def read_image(
    source: bytes | UInt8Array | UprightPicture,
    settings: Settings | None = None,
    classifier: MarkClassifier | None = None,
    profile: WriterProfile | None = None,
    params: PipelineParams = PipelineParams(),
) -> Reading:
    """Read the digits in a picture.

    Args:
        source: the bytes of an encoded picture, or uint8 `(H, W)` grey, `(H, W, 3)` RGB or `(H, W, 4)` RGBA; or what `load_picture`
            returned, which isn't decoded again.
        settings: the parameters; by default those for photographs.
        classifier: the network; by default the packaged one, loaded once in a process.
        profile: the writer's own digits, to which the answers are adapted; an empty one changes nothing.
        params: the tuned numbers of all stages, for measuring what they change.

    Returns:
        The digits, and the picture after each step.

    Raises:
        ImageError: the picture can't be read.
        ModelError: the network can't be loaded.
        ValueError: `source` has another shape or type, or the classifier is no `Classifier`, which a profile needs.

    Examples:
        >>> from pathlib import Path
        >>> reading = read_image(Path("samples/pen.jpg").read_bytes())
        >>> reading.text, reading.digits[0].label
        ('3', 3)
        >>> read_image(np.full((100, 100), 255, np.uint8)).status.value
        'blank'
    """
    start = time.perf_counter()
    adapted = _adapted_classifier(classifier or default_classifier(), profile, params.recognition.personalization)
    run = _PipelineRun(settings or _DEFAULTS, adapted, params)
    picture = load_picture(source)
    digits, numbers, alternatives = _read_marks(_extract_ink(picture, run), picture, run)
    lines = lines_of(digits)
    status = Status.OK if lines else Status.NO_DIGIT if digits else Status.BLANK
    elapsed_ms = 1000 * (time.perf_counter() - start)
    return Reading(status, lines, digits, run.stages, picture.size_wh, elapsed_ms, tuple(run.notes), numbers, alternatives)


def read_strokes(
    strokes: Sequence[Stroke],
    size_wh: tuple[int, int],
    settings: Settings | None = None,
    classifier: Classifier | None = None,
    profile: WriterProfile | None = None,
    params: PipelineParams = PipelineParams(),
) -> Reading:
    """Read a drawing from its strokes, drawn with MNIST's relative stroke width, so that every pen reads alike.

    Args:
        strokes: in any order; `strokes_of` makes them from a canvas's JSON.
        size_wh: width and height of the drawing in pixels; the boxes of the digits refer to it.
        settings: the parameters; by default those for drawings.
        classifier: the network; by default the packaged one.
        profile: as in `read_image`.
        params: as in `read_image`.

    Returns:
        The digits, and the drawing after each step.

    Raises:
        DrawingError: there are more than 10,000 strokes, or more than 500,000 points in all.
        ImageError: the drawing is larger or smaller than a picture may be.
        ModelError: the network can't be loaded.
        ValueError: points, pens or a size that no drawing can have; the text gives what was expected and received.

    Examples:
        >>> path = np.array([[140.0, 50.0], [140.0, 220.0]])
        >>> read_strokes([Stroke(path, pen_px=16)], (280, 280)).text
        '1'
    """
    check_strokes(strokes)
    drawing = draw_strokes(with_uniform_pen(strokes, params.layout.pen), size_wh)
    return read_image(drawing, settings or Settings.for_drawing(), classifier, profile, params)


def find_marks(source: bytes | UInt8Array | UprightPicture, classifier: MarkClassifier) -> FoundMarks:
    """Find the marks in a picture, as `read_image` does, without deciding on a text: to fit how decisions are made.

    Args:
        source: as in `read_image`.
        classifier: the network.

    Returns:
        The marks.

    Raises:
        ImageError: the picture can't be read.
    """
    run = _PipelineRun(_DEFAULTS, classifier)
    return _find_marks(_extract_ink(load_picture(source), run), run)


def _adapted_classifier(classifier: MarkClassifier, profile: WriterProfile | None, params: PersonalizationParams) -> MarkClassifier:
    """Return the classifier that uses the writer's examples, if there are any."""
    if not profile:
        return classifier
    if not isinstance(classifier, Classifier):
        raise ValueError(f"expected a Classifier, which a profile needs, received {type(classifier).__name__}.")
    return PersonalClassifier(classifier, profile, params)


def _extract_ink(picture: UprightPicture, run: _PipelineRun) -> UInt8Array:
    """Go from pixels to ink: uint8 `(H, W)`, white on black, all zero where nothing is written."""
    run.record(StageName.ORIGINAL, picture.pixels, Message("The picture, upright, as RGB."))
    params = run.params.preprocessing
    channel, is_coloured = best_contrast_channel(picture.pixels, params.grayscale, params.resampling)
    darkest = Message("The darkest of red, green and blue, which shows this ink best; small pictures are enlarged.")
    brightness = Message("Brightness alone; small pictures are enlarged.")
    grey = run.record(StageName.GREY, enlarge(channel, params.resampling), darkest if is_coloured else brightness)
    ink, ink_contrast = _known_ink(grey, run.settings) if run.settings.ink_is_known else _detect_ink(grey, run)
    if ink_contrast < run.settings.minimum_contrast:
        return run.record(StageName.INK, np.zeros_like(grey), Message("Nothing stands out from the paper: blank."))
    note = Message("The ink in grey levels; its contrast with the paper is {share:.0%}.", share=ink_contrast)
    return run.record(StageName.INK, ink, note)


def _known_ink(grey: UInt8Array, settings: Settings) -> tuple[UInt8Array, float]:
    """Return the ink of a drawing on flat paper, and its contrast in [0, 1]."""
    ink = 255 - grey if settings.polarity == "dark_ink" else grey
    return ink, float(ink.max()) / 255


def _detect_ink(grey: UInt8Array, run: _PipelineRun) -> tuple[UInt8Array, float]:
    """Detect the ink, and return it with its contrast in [0, 1]."""
    params = run.params.preprocessing
    enhanced = _enhance(grey, run)
    overview = make_overview(enhanced, params.resampling)
    sheet = find_sheet(overview, enhanced.shape, params.sheet)
    outside_sheet = mask_outside_sheet(sheet, enhanced.shape, params.sheet)
    strokes = _estimate_polarity(overview, outside_sheet, run)
    is_light = strokes.polarity is InkPolarity.LIGHT
    if is_light:
        enhanced = 255 - enhanced
    darker, lighter = Message("The ink is darker than the paper."), Message("The ink is lighter than the paper; it is shown dark.")
    run.record(StageName.POLARITY, enhanced, lighter if is_light else darker)
    paper, dark = flatten(enhanced, strokes.width, run.settings.paper_window, params.background, params.resampling)
    run.record(StageName.PAPER, paper, Message("The brightness of the paper without its writing, shadows included."))
    run.record(StageName.DARKNESS, dark, Message("How much darker each pixel is than the paper."))
    writing = _find_writing(enhanced, dark, outside_sheet, run)
    threshold = writing.threshold
    run.record(StageName.THRESHOLD, _to_image(threshold.ink), threshold.note, threshold.global_threshold)
    removed = Message("Without printed lines, print that shows through, and what surrounds the paper.")
    run.record(StageName.WRITING, _to_image(writing.mask), removed)
    ink = scale_to_main_ink(dark, writing.mask, writing.main_darkness)
    return ink, contrast(paper, writing.main_darkness, inverted=is_light)


def _enhance(grey: UInt8Array, run: _PipelineRun) -> UInt8Array:
    """Equalize local contrast and smooth noise, as far as the settings ask for it."""
    settings = run.settings
    if settings.medium == "photo" and settings.clahe_clip > 0:
        note = Message("Local contrast equalized, with a contrast limit of {clip:g}.", clip=settings.clahe_clip)
        grey = run.record(StageName.CLAHE, clahe(grey, settings.clahe_clip, settings.clahe_tiles), note)
    if settings.medium == "photo" and settings.smoothing_px > 0:
        note = Message("Noise smoothed over {width:g} px.", width=settings.smoothing_px)
        grey = run.record(StageName.SMOOTHED, smooth(grey, settings.smoothing_px, run.params.preprocessing.enhancement), note)
    return grey


def _estimate_polarity(overview: UInt8Array, outside_sheet: BoolArray, run: _PipelineRun) -> StrokeEstimate:
    """Estimate polarity and stroke width; a polarity in the settings overrides the estimate."""
    params, polarity = run.params.preprocessing, run.settings.polarity
    strokes = estimate_polarity_and_stroke_width(overview, outside_sheet, params.stroke_width, params.polarity)
    return strokes if polarity == "auto" else strokes._replace(polarity=InkPolarity(polarity))


def _find_writing(grey: UInt8Array, dark: UInt8Array, outside_sheet: BoolArray, run: _PipelineRun) -> Writing:
    """Separate ink from paper by the threshold that the settings choose, and keep what is writing."""
    settings, params = run.settings, run.params.preprocessing
    if settings.threshold == "paper":
        return find_writing(dark, outside_sheet, params, keep_ruled_lines=settings.rulings == "keep")
    if settings.threshold == "otsu":
        threshold = otsu_threshold(grey, InkPolarity.DARK)
    else:
        threshold = adaptive_threshold(grey, InkPolarity.DARK, settings.adaptive_window)
    mask = remove_border_artifacts(threshold.ink, outside_sheet, outside_sheet, params)
    darkness = main_ink_darkness(dark, threshold.ink, params.ink_darkness, params.border_artifacts, any_size=True)
    return Writing(threshold, mask, darkness)


def _to_image(mask: BoolArray) -> UInt8Array:
    """Show a mask as white on black."""
    return mask.view(np.uint8) * np.uint8(255)


class _LineMark(NamedTuple):
    """A mark of a line, and the digit as which it is described."""

    mark: Mark
    classified: ClassifiedMark
    digit: Digit


def _read_marks(
    ink: UInt8Array, picture: UprightPicture, run: _PipelineRun
) -> tuple[list[Digit], list[list[Number]], list[tuple[Alternative, ...]]]:
    """Segment and classify the marks of all lines, in reading order; decide which are digits, and find numbers and alternatives."""
    found = _find_marks(ink, run)
    if not found.marks:
        return [], [], []
    scale_xy = picture.size_wh[0] / ink.shape[1], picture.size_wh[1] / ink.shape[0]

    def describe(mark: Mark, classified: ClassifiedMark, threshold: float) -> _LineMark:
        box = _original_box(mark, scale_xy, picture.size_wh)
        return _LineMark(mark, classified, _to_digit(mark, classified, threshold, box, run.settings.unsure_below))

    lines, alternatives = _read_lines(found, describe, run)
    marks = [each for line in lines for each in line]
    _record_normalization(max(marks, key=lambda each: each.mark.box.side).classified.normalized, run)
    separators = find_separators(ink, [each.mark for each in marks if each.digit.accepted], run.params.layout)
    boxed = [each._replace(box=Box(*_original_box(each, scale_xy, picture.size_wh))) for each in separators]
    digits, min_mark_height = [each.digit for each in marks], run.params.layout.components.min_mark_height
    numbers = group_numbers(digits, boxed, run.settings.unsure_below, run.params.recognition.numbers, min_mark_height)
    return digits, numbers, alternatives


def _read_lines(
    found: FoundMarks, describe: Callable[[Mark, ClassifiedMark, float], _LineMark], run: _PipelineRun
) -> tuple[list[list[_LineMark]], list[tuple[Alternative, ...]]]:
    """Read each line, by what the settings tell about its number, and find the alternatives of those with digits."""
    lines: dict[int, list[_LineMark]] = {}
    for (mark, classified), threshold in zip(found.marks, found.thresholds.tolist(), strict=True):
        lines.setdefault(mark.line, []).append(describe(mark, classified, threshold))
    params, constraint = run.params.recognition.alternatives, NumberConstraint.from_settings(run.settings)
    alternatives = []
    for line, hypotheses in hypotheses_of_lines(*found, params).items():
        text = "".join(lines_of([each.digit for each in lines[line]]))
        if not text:
            continue
        texts = find_fulfilling(text, hypotheses, constraint, params) if constraint else ()
        if constraint and not texts:
            which = Message("line {line}", line=line + 1) if len(lines) > 1 else Message("this line")
            run.notes.append(constraint.unfulfilled_note(which))
        if texts and texts[0].text != text:
            lines[line] = _read_as(texts[0].text, hypotheses, describe)
        alternatives.append(texts or find_alternatives(text, hypotheses, params))
    return list(lines.values()), alternatives


def _read_as(text: str, hypotheses: LineHypotheses, describe: Callable[[Mark, ClassifiedMark, float], _LineMark]) -> list[_LineMark]:
    """Describe the marks of a line by the likeliest of its hypotheses that gives this text."""
    marks = []
    for group, choice in zip(hypotheses.groups, align(hypotheses.choices, text), strict=True):
        for (mark, classified), option in zip(group[choice.path].marks, choice.options, strict=True):
            described = describe(mark, classified, 0.0)
            marks.append(described._replace(digit=_with_option(described.digit, option)))
    return marks


def _with_option(digit: Digit, option: int) -> Digit:
    """Change a mark to another digit, or to none."""
    if option == NO_DIGIT:
        rejection = digit.rejection or RejectionReason.NOT_A_DIGIT
        return replace(digit, accepted=False, rejection=rejection, reason=rejection.message)
    if option == digit.label:
        return digit
    reason = Message("by itself it looks like a {digit}", digit=digit.label)
    return replace(digit, label=option, confidence=float(digit.probabilities[option]), reason=reason)


def _find_marks(ink: UInt8Array, run: _PipelineRun) -> FoundMarks:
    """Segment and classify the marks of all lines, and compute the digit score that each must reach."""
    groups = _segment_lines(ink, run)
    marks = prefer_usual_shapes(marks_read(groups), run.params.recognition.consistency)
    if not marks:
        return FoundMarks([], [], np.empty(0))
    return FoundMarks(groups, marks, _acceptance_thresholds(marks, run.classifier.reject_below, run.params.recognition.acceptance))


def _segment_lines(ink: UInt8Array, run: _PipelineRun) -> list[Group[ClassifiedMark]]:
    """Find the lines of writing and segment each, group by group; a note tells the user what was left out for want of time."""
    lines, left_out = find_lines(ink, run.settings.smallest_line, run.params.layout)
    if left_out:
        run.notes.append(
            Message("Too many marks: only the {most} largest were read, {left_out:,} left out.", most=MAX_COMPONENTS, left_out=left_out)
        )
    groups: list[Group[ClassifiedMark]] = []
    for line in lines:
        keep_components = run.settings.touching_digits == "keep" or run.classification_count > MAX_CLASSIFICATIONS
        groups += segment_line(line, run.classify, run.classifier.reject_below, keep_components=keep_components)
    if run.settings.touching_digits != "keep":
        marks = marks_read(groups)
        joined = join_loose_parts(marks, run.classify, run.classifier.reject_below, run.params.layout.loose_parts)
        groups = groups if joined == marks else [only(joined)]
    if run.classification_count > MAX_CLASSIFICATIONS:
        run.notes.append(Message("Too many marks: not every pair of touching digits was split."))
    return groups


def _acceptance_thresholds(marks: Sequence[tuple[Mark, ClassifiedMark]], reject_below: float, params: AcceptanceParams) -> Float64Array:
    """Compute the digit score that each mark must reach."""
    return acceptance_thresholds(
        [classified.digit_score for _, classified in marks],
        np.array([mark.line for mark, _ in marks]),
        np.array([mark.box.side for mark, _ in marks]),
        np.array([mark.rejection in (None, RejectionReason.TOO_WIDE, RejectionReason.SIGN) for mark, _ in marks]),
        reject_below,
        params,
    )


def _to_digit(mark: Mark, classified: ClassifiedMark, threshold: float, box_xywh: tuple[int, int, int, int], unsure_below: float) -> Digit:
    """Describe a mark: accepted where its geometry allows a digit and its digit score reaches the threshold."""
    prediction = classified.prediction
    rejection = mark.rejection or (RejectionReason.NOT_A_DIGIT if classified.digit_score < threshold else None)
    return Digit(
        label=prediction.label,
        confidence=prediction.confidence,
        probabilities=prediction.probabilities,
        digit_score=0.0 if mark.rejection else classified.digit_score,
        accepted=rejection is None,
        reason=rejection.message if rejection else prediction.doubt(unsure_below),
        box_xywh=box_xywh,
        line=mark.line,
        model_input=classified.normalized.model_input,
        rejection=rejection,
    )


def _record_normalization(digit: NormalizedDigit, run: _PipelineRun) -> None:
    """Record the steps of a mark's normalization as stages."""
    run.record(StageName.CROP, digit.crop, Message("The largest mark within its bounding box."))
    if run.settings.minimum_stroke:
        run.record(StageName.STROKE, digit.thickened, Message("Thin strokes made as thick as MNIST's."))
    kept = Message("The longer side scaled to 20 pixels, the aspect ratio kept, the edges antialiased.")
    squashed = Message("Both sides scaled to 20 pixels, the edges antialiased: the aspect ratio is lost.")
    run.record(StageName.FIT, digit.fitted, kept if run.settings.aspect_ratio == "keep" else squashed)
    mass = Message("The centre of mass at the centre of 28×28: what the network sees.")
    box = Message("The middle of its box at the centre of 28×28: what the network sees.")
    run.record(StageName.CENTRE, digit.model_input, mass if run.settings.centring == "mass" else box)


def _original_box(mark: Mark | FoundSeparator, scale_xy: tuple[float, float], size_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the pixels of the upright original that the mark's box covers, wholly or partly."""
    box = mark.box
    left, top = int(box.x * scale_xy[0]), int(box.y * scale_xy[1])
    right = min(math.ceil((box.x + box.width) * scale_xy[0]), size_wh[0])
    bottom = min(math.ceil((box.y + box.height) * scale_xy[1]), size_wh[1])
    return left, top, right - left, bottom - top
