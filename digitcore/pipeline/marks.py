"""The marks of a picture: its ink divided into lines and segmented (`digitcore.layout`), each mark classified."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from digitcore.layout.components import Mark
from digitcore.layout.hypotheses import Group, marks_read, only
from digitcore.layout.lines import MAX_COMPONENTS, find_lines
from digitcore.layout.loose_parts import join_loose_parts
from digitcore.layout.segmentation import segment_line
from digitcore.messages import Message
from digitcore.pipeline.run import PipelineRun
from digitcore.recognition.acceptance import acceptance_thresholds
from digitcore.recognition.classification import ClassifiedMark
from digitcore.recognition.consistency import prefer_usual_shapes
from digitcore.recognition.parameters import AcceptanceParams
from digitcore.rejections import RejectionReason
from digitcore.types import Float64Array, UInt8Array

MAX_CLASSIFICATIONS: Final = 1200
"""After so many classified marks and candidates no more marks are split in a picture; they take about a second."""


class FoundMarks(NamedTuple):
    """The marks of a picture before it is decided which of them are digits."""

    groups: list[Group[ClassifiedMark]]
    """In reading order, each with the ways to segment it."""

    marks: list[tuple[Mark, ClassifiedMark]]
    """Those that are read, in reading order."""

    thresholds: Float64Array
    """float64 `(N,)`, the digit score that each of `marks` must reach."""


def find_marks_in(ink: UInt8Array, run: PipelineRun) -> FoundMarks:
    """Segment and classify the marks of all lines, and compute the digit score that each must reach."""
    groups = _segment_lines(ink, run)
    marks = prefer_usual_shapes(marks_read(groups), run.params.recognition.consistency)
    if not marks:
        return FoundMarks([], [], np.empty(0))
    return FoundMarks(groups, marks, _acceptance_thresholds(marks, run.classifier.reject_below, run.params.recognition.acceptance))


def _segment_lines(ink: UInt8Array, run: PipelineRun) -> list[Group[ClassifiedMark]]:
    """Find the lines of writing and segment each, group by group; a note tells the user what was left out for want of time."""
    lines, left_out = find_lines(ink, run.settings.smallest_line, run.params.layout)
    if left_out:
        run.notes.append(
            Message("Too many marks: only the {most} largest were read, {left_out:,} left out.", most=MAX_COMPONENTS, left_out=left_out)
        )
    groups: list[Group[ClassifiedMark]] = []
    for line in lines:
        keep_components = run.settings.touching_digits == "keep" or run.classification_count > MAX_CLASSIFICATIONS
        groups += segment_line(line, run.classify, run.classifier.reject_below, run.params.layout, keep_components=keep_components)
    if run.settings.touching_digits != "keep":
        marks = marks_read(groups)
        joined = join_loose_parts(marks, run.classify, run.classifier.reject_below, run.params.layout)
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
