"""Accept what is written alone as one digit where the network is sure, though its parts are far apart or its shape is unusual."""

from collections.abc import Sequence

from digitcore.layout.boxes import union_box
from digitcore.layout.candidates import CandidateT, ClassifyFn
from digitcore.layout.components import Mark
from digitcore.layout.ink import merge_ink
from digitcore.layout.parameters import LayoutParams


def join_loose_parts(
    marks: Sequence[tuple[Mark, CandidateT]],
    classify: ClassifyFn[CandidateT],
    reject_below: float,
    params: LayoutParams = LayoutParams(),
) -> list[tuple[Mark, CandidateT]]:
    """Join all marks to one digit where not each of them is a digit of one line by itself, and they surely are one together.

    An open 4 may have its two strokes far apart, a 5 its bar, and an 8 its circles. A 0 may be so wide that its geometry rules out a digit.

    Args:
        marks: of a whole picture, each with its classification.
        classify: the classifier.
        reject_below: the digit score below which a mark is no digit.
        params: the confidence of a digit, the number of marks of a page, and the width of a digit, are used.

    Returns:
        One mark with its classification, or `marks` as they are.
    """
    unchanged = list(marks)
    if not 1 <= len(marks) <= params.lines.min_similar_marks or _are_a_number(marks, reject_below):
        return unchanged
    if len(marks) == 1 and marks[0][0].rejection is None:  # its own score has decided already
        return unchanged
    box = union_box(mark.box for mark, _ in marks)
    if len(marks) > 1 and box.width > params.components.max_joined_width * box.height:
        return unchanged
    ink = merge_ink([mark for mark, _ in marks])
    (together,) = classify([ink])
    if together.confidence < params.segmentation.min_confidence or together.digit_score < reject_below:
        return unchanged
    return [(Mark(ink, box, marks[0][0].line, None), together)]


def _are_a_number(marks: Sequence[tuple[Mark, CandidateT]], reject_below: float) -> bool:
    """Return whether each mark is a digit by itself, all of them in one line."""
    are_digits = all(mark.rejection is None and candidate.digit_score >= reject_below for mark, candidate in marks)
    return are_digits and len({mark.line for mark, _ in marks}) == 1
