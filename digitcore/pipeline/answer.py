"""The second half of the reading pipeline: which marks are digits, which numbers they form, and what else a line may be."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from digitcore.io.decode import UprightPicture
from digitcore.layout.components import Mark
from digitcore.layout.separators import FoundSeparator, find_separators
from digitcore.messages import Message
from digitcore.numbers import Number
from digitcore.pipeline.marks import FoundMarks, find_marks_in
from digitcore.pipeline.run import PipelineRun
from digitcore.recognition.alternatives import LineHypotheses, find_alternatives, hypotheses_of_lines
from digitcore.recognition.classification import ClassifiedMark
from digitcore.recognition.constraints import NumberConstraint, find_fulfilling
from digitcore.recognition.normalization import NormalizedDigit
from digitcore.recognition.numbers import group_numbers
from digitcore.recognition.text_search import NO_DIGIT, align
from digitcore.rejections import RejectionReason
from digitcore.results import Alternative, Digit, lines_of
from digitcore.stages import StageName
from digitcore.types import Box, UInt8Array


class _LineMark(NamedTuple):
    """A mark of a line, and the digit as which it is described."""

    mark: Mark
    classified: ClassifiedMark
    digit: Digit


class _LineText(NamedTuple):
    """The text of a line with digits, and what else it may be."""

    text: str
    hypotheses: LineHypotheses
    fulfilling: tuple[Alternative, ...]
    """The texts that fulfil what is known about the number, if anything is; the first one is read."""


def read_marks(
    ink: UInt8Array, picture: UprightPicture, run: PipelineRun
) -> tuple[list[Digit], list[list[Number]], list[tuple[Alternative, ...]]]:
    """Segment and classify the marks of all lines, in reading order; decide which are digits, and find numbers and alternatives."""
    marks, texts = _read_lines(ink, picture, run)
    if not marks:
        return [], [], []
    params = run.params.recognition.alternatives
    alternatives = [each.fulfilling or find_alternatives(each.text, each.hypotheses, params) for each in texts]
    scale_xy = _scale_xy(ink, picture)
    _record_normalization(max(marks, key=lambda each: each.mark.box.side).classified.normalized, run)
    digits = [each.digit for each in marks]
    accepted, refused = ([marks[index].mark for index in indices] for indices in _accepted_and_refused(digits))
    separators = find_separators(ink, accepted, refused, run.params.layout)
    boxed = [each._replace(box=Box(*_original_box(each, scale_xy, picture.size_wh))) for each in separators]
    numbers = group_numbers(digits, boxed, run.settings.unsure_below, run.params.recognition.numbers, run.params.layout)
    return _with_separators(digits, numbers.separators), numbers.lines, alternatives


def read_text(ink: UInt8Array, picture: UprightPicture, run: PipelineRun) -> str:
    """Read the text alone, without numbers and alternatives: the accepted digits in reading order, lines joined by "/"."""
    marks, _texts = _read_lines(ink, picture, run)
    return "/".join(lines_of([each.digit for each in marks]))


def _read_lines(ink: UInt8Array, picture: UprightPicture, run: PipelineRun) -> tuple[list[_LineMark], list[_LineText]]:
    """Read all lines; return their marks, and the texts of those with digits."""
    found = find_marks_in(ink, run)
    if not found.marks:
        return [], []
    scale_xy = _scale_xy(ink, picture)

    def describe(mark: Mark, classified: ClassifiedMark, threshold: float) -> _LineMark:
        box = _original_box(mark, scale_xy, picture.size_wh)
        return _LineMark(mark, classified, _to_digit(mark, classified, threshold, box, run.settings.unsure_below))

    lines, texts = _apply_knowledge(found, describe, run)
    return [each for line in lines for each in line], texts


def _apply_knowledge(
    found: FoundMarks, describe: Callable[[Mark, ClassifiedMark, float], _LineMark], run: PipelineRun
) -> tuple[list[list[_LineMark]], list[_LineText]]:
    """Read each line by what the settings tell about its number."""
    lines: dict[int, list[_LineMark]] = {}
    for (mark, classified), threshold in zip(found.marks, found.thresholds.tolist(), strict=True):
        lines.setdefault(mark.line, []).append(describe(mark, classified, threshold))
    params, constraint = run.params.recognition.alternatives, NumberConstraint.from_settings(run.settings)
    read = []
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
        read.append(_LineText(text, hypotheses, texts))
    return list(lines.values()), read


def _read_as(text: str, hypotheses: LineHypotheses, describe: Callable[[Mark, ClassifiedMark, float], _LineMark]) -> list[_LineMark]:
    """Describe the marks of a line by the likeliest of its hypotheses that gives this text."""
    marks = []
    for group, choice in zip(hypotheses.groups, align(hypotheses.choices, text, hypotheses.classes), strict=True):
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
    reason = Message("by itself it looks like a {digit}", digit=digit.name)
    return replace(digit, label=option, confidence=float(digit.probabilities[option]), reason=reason)


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
        classes=prediction.classes,
    )


def _accepted_and_refused(digits: Sequence[Digit]) -> tuple[list[int], list[int]]:
    """Return the indices of the marks that are accepted as digits, and of those that are refused."""
    accepted = [index for index, digit in enumerate(digits) if digit.accepted]
    return accepted, [index for index, digit in enumerate(digits) if not digit.accepted]


def _with_separators(digits: Sequence[Digit], separators: Sequence[FoundSeparator]) -> list[Digit]:
    """Record in the marks that are separators of numbers which ones they are."""
    accepted, refused = _accepted_and_refused(digits)
    found = list(digits)
    for each in separators:
        for index in (*(accepted[digit] for digit in each.digits), *(refused[mark] for mark in each.refused)):
            found[index] = replace(digits[index], separator=each.kind)
    return found


def _record_normalization(digit: NormalizedDigit, run: PipelineRun) -> None:
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


def _scale_xy(ink: UInt8Array, picture: UprightPicture) -> tuple[float, float]:
    """Return the size of a pixel of the ink in pixels of the upright original, in both directions."""
    return picture.size_wh[0] / ink.shape[1], picture.size_wh[1] / ink.shape[0]


def _original_box(mark: Mark | FoundSeparator, scale_xy: tuple[float, float], size_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the pixels of the upright original that the mark's box covers, wholly or partly."""
    box = mark.box
    left, top = int(box.x * scale_xy[0]), int(box.y * scale_xy[1])
    right = min(math.ceil((box.x + box.width) * scale_xy[0]), size_wh[0])
    bottom = min(math.ceil((box.y + box.height) * scale_xy[1]), size_wh[1])
    return left, top, right - left, bottom - top
