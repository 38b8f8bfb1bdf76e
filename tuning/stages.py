"""Measure each stage of the pipeline on hard pages, whose ground truth is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from digitcore import read_image
from digitcore.pipeline_params import PipelineParams
from digitcore.preprocessing.polarity import InkPolarity
from digitcore.results import Digit
from digitcore.stages import StageName
from digitcore.types import INK_LEVEL, BoolArray, Box, Float64Array
from synthetic.hard_pages import Truth
from tuning.dependencies import ReadRecorder
from tuning.memo import StepMemo
from tuning.metrics import Ratio, covering, f1, mask_scores, match_boxes, outline_iou, same_line_pairs
from tuning.samples import Sample
from tuning.synthetic_samples import load_truth

Scores = dict[str, Ratio]


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What the stages found in one picture, in pixels of the picture.

    Attributes:
        size_wh: width and height of the picture.
        outline: float64 `(N, 2)`: of the sheet; the picture itself where no sheet was found.
        is_light_ink: whether the ink was taken for lighter than the paper.
        thresholded: bool `(H, W)`: the ink before ruled lines were removed.
        without_lines: bool `(H, W)`: the ink afterwards.
        ink: bool `(H, W)`: the ink in which marks were looked for.
        components: boxes of the connected components that were kept.
        marks: after segmentation, accepted or refused.
    """

    size_wh: tuple[int, int]
    outline: Float64Array
    is_light_ink: bool
    thresholded: BoolArray
    without_lines: BoolArray
    ink: BoolArray
    components: Sequence[Box]
    marks: Sequence[Digit]


def observe(path: Path, params: PipelineParams = PipelineParams()) -> Observation:
    """Read a picture and gather what its stages found.

    Args:
        path: of the picture.
        params: the parameters.
    """
    memo = StepMemo()
    with memo.recording(ReadRecorder()):
        reading = read_image(path.read_bytes(), params=params)
    ink = next(stage.image for stage in reading.stages if stage.name is StageName.INK)
    scale_xy = np.array(reading.size_wh) / ink.shape[::-1]
    outline = memo.last_result("find_sheet")
    removal = memo.last_call("remove_ruled_lines")
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * reading.size_wh
    return Observation(
        reading.size_wh,
        np.asarray(corners if outline is None else (outline + 0.5) * scale_xy, np.float64),
        memo.last_result("estimate_polarity_and_stroke_width").polarity is InkPolarity.LIGHT,
        _fitted(removal.arguments[0], reading.size_wh),
        _fitted(removal.result, reading.size_wh),
        _fitted(ink > INK_LEVEL, reading.size_wh),
        components=[_scaled(mark.box, scale_xy) for line in memo.last_result("find_lines")[0] for mark in line.components],
        marks=reading.digits,
    )


def _fitted(mask: BoolArray, size_wh: tuple[int, int]) -> BoolArray:
    """Scale a mask to the size of the picture, which small pictures are enlarged from."""
    return np.asarray(cv2.resize(mask.view(np.uint8), size_wh, interpolation=cv2.INTER_NEAREST) > 0)


def _scaled(box: Box, scale_xy: Any) -> Box:
    x, y = np.round(np.array(box[:2]) * scale_xy).astype(int).tolist()
    width, height = np.round(np.array(box[2:]) * scale_xy).astype(int).tolist()
    return Box(x, y, width, height)


def score(found: Observation, truth: Truth) -> Scores:
    """Compare what the stages found with the truth.

    Args:
        found: in one picture.
        truth: of the same picture.

    Returns:
        Ratios by the name of the metric; those without cases in this picture are 0 of 0.
    """
    return {**_score_preprocessing(found, truth), **_score_layout(found, truth)}


def _score_preprocessing(found: Observation, truth: Truth) -> Scores:
    """Score the stages from pixels to ink."""
    ink, ruling = truth.ink_mask > 0, truth.ruling_mask > 0
    iou, precision, recall = mask_scores(found.ink, ink)
    removed = found.thresholded & ~found.without_lines
    lines = found.thresholded & ruling & ~ink
    return {
        "sheet: IoU of the outline": Ratio(outline_iou(found.outline, truth.sheet_corners, found.size_wh), 1),
        "polarity: right": Ratio(found.is_light_ink == truth.is_light_ink, 1),
        "ruled lines: removed": mask_scores(removed, lines)[2],
        "ruled lines: ink lost to them": mask_scores(removed, found.thresholded & ink)[2],
        "ink: IoU": iou,
        "ink: precision": precision,
        "ink: recall": recall,
    }


def _score_layout(found: Observation, truth: Truth) -> Scores:
    """Score the stages from ink to digits."""
    digits, others = [mark.box for mark in truth.digits], [mark.box for mark in truth.other_marks]
    boxes, accepted = [Box(*mark.box_xywh) for mark in found.marks], [mark for mark in found.marks if mark.accepted]
    matched, matched_others = match_boxes(boxes, digits), match_boxes(boxes, others)
    accepted_boxes = [Box(*mark.box_xywh) for mark in accepted]
    read = match_boxes(accepted_boxes, digits)
    missed = set(range(len(digits))) - {j for _, j in matched}
    merged = missed & {digit for covered in covering(boxes, digits) if len(covered) > 1 for digit in covered}
    split = [pieces for pieces in covering(digits, accepted_boxes) if len(pieces) > 1]
    lines = [(found.marks[i].line, truth.digits[j].line) for i, j in matched]
    right = sum(str(accepted[i].label) == truth.digits[j].text for i, j in read)
    return {
        "components: F1 of their boxes": f1(len(match_boxes(found.components, digits)), len(found.components), len(digits)),
        "segmentation: F1 of the boxes of accepted marks": f1(len(read), len(accepted), len(digits)),
        "segmentation: digits merged with others": Ratio(len(merged), len(digits)),
        "segmentation: digits split into pieces": Ratio(len(split), len(digits)),
        "lines: pairs of digits assigned alike": same_line_pairs(*zip(*lines, strict=True)) if lines else Ratio(0, 0),
        "refusals: other marks refused": Ratio(sum(not found.marks[i].accepted for i, _ in matched_others), len(matched_others)),
        "refusals: digits refused": Ratio(sum(not found.marks[i].accepted for i, _ in matched), len(matched)),
        "classification: accepted digits right": Ratio(right, len(read)),
    }


def measure_stages(samples: Iterable[Sample], params: PipelineParams = PipelineParams()) -> Scores:
    """Add up the scores of hard pages.

    Args:
        samples: hard pages of `tuning.synthetic_samples`.
        params: the parameters.
    """
    sums: Scores = {}
    for sample in samples:
        path = Path(sample.path)
        for name, ratio in score(observe(path, params), load_truth(path)).items():
            sums[name] = sums.get(name, Ratio(0, 0)) + ratio
    return sums


def stage_table(scores: Scores) -> str:
    """Write scores as a Markdown table, in percent."""
    rows = [f"| {name} | {_percent(ratio)} | {ratio.cases:,.0f} |" for name, ratio in scores.items()]
    return "\n".join(["| stage: metric | % | cases |", "|---|---|---|", *rows])


def _percent(ratio: Ratio) -> str:
    return "–" if ratio.value is None else f"{100 * ratio.value:.1f}"
