"""Segment a line of writing into digits: which components belong together, and where touching digits are split.

Components that stand alone and are classified with confidence are digits as they are. All others are split in more places than needed,
and the likeliest reading of their segments is taken (Casey and Lecolinet 1996; see `digitcore.layout.lattice`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Generic

from digitcore.layout.boxes import group_overlapping_columns, union_box
from digitcore.layout.candidates import CandidateT, ClassifyFn
from digitcore.layout.components import Mark
from digitcore.layout.hypotheses import Group, Hypothesis, only
from digitcore.layout.lattice import Path, SegmentationLattice
from digitcore.layout.lines import Line
from digitcore.layout.parameters import LayoutParams, SegmentationParams
from digitcore.layout.percent_signs import is_joined_percent_sign
from digitcore.layout.signs import is_cross, reject_signs
from digitcore.layout.slant import estimate_slant
from digitcore.rejections import RejectionReason

MAX_CANDIDATES: Final = 500
"""Groups with more candidates for digits aren't split: fifteen writing heights of touching digits have 300, hatching has thousands."""

MAX_GROUP_WIDTH: Final = 15.0
"""Groups that are wider, in writing heights, aren't split, either: seams aren't even searched in hatching."""

MAX_PATHS: Final = 10
"""So many of the likeliest paths of a group are kept, in addition to the one that is read."""


def segment_line(
    line: Line,
    classify: ClassifyFn[CandidateT],
    reject_below: float,
    params: LayoutParams = LayoutParams(),
    *,
    keep_components: bool = False,
    on_lattice: Callable[[SegmentationLattice[CandidateT], Path], None] | None = None,
) -> list[Group[CandidateT]]:
    """Segment a line of writing into digits.

    Args:
        line: with its components.
        classify: the classifier.
        reject_below: the digit score below which a component by itself is no digit.
        params: those of segmentation, signs, the slant, over-segmentation, the lattice and its costs are used.
        keep_components: whether every component stays as it is, neither split nor joined.
        on_lattice: called with each lattice and the path that is read, for showing them.

    Returns:
        Groups of components from left to right, each with the ways to segment it; the first of these is read.
    """
    components, height = line.components, line.writing_height
    alone = [index for index, each in enumerate(components) if keep_components or _may_be_whole(each, height, params)]
    candidates = dict(zip(alone, classify([components[index].ink for index in alone]), strict=True))
    segmenter = _LineSegmenter(_reject_signs(line, candidates, params), classify, reject_below, candidates, params, on_lattice)
    if keep_components or segmenter.is_text:
        return segmenter.keep(range(len(components)))
    return [hypotheses for group in segmenter.groups for hypotheses in segmenter.segment_group(group)]


@dataclass(eq=False)
class _LineSegmenter(Generic[CandidateT]):
    """The segmentation of one line.

    Attributes:
        line: with its components.
        classify: the classifier.
        reject_below: the digit score below which a component by itself is no digit.
        candidates: the classifications of whole components so far, by their index in the line.
        params: as in `segment_line`.
        on_lattice: likewise.
    """

    line: Line
    classify: ClassifyFn[CandidateT]
    reject_below: float
    candidates: dict[int, CandidateT]
    params: LayoutParams
    on_lattice: Callable[[SegmentationLattice[CandidateT], Path], None] | None = None

    @cached_property
    def is_text(self) -> bool:
        """Return whether the line is text rather than a number."""
        confident, params = self._confident, self.params.segmentation
        return len(confident) >= params.min_text_components and sum(confident) < params.max_text_digit_share * len(confident)

    @cached_property
    def has_digits(self) -> bool:
        """Return whether any component is certainly a digit by itself."""
        return any(self._confident)

    @cached_property
    def slant(self) -> float:
        """Return the slant of the line, in pixels to the right per pixel upwards; estimated where something is split."""
        return estimate_slant(self.line.components, self.params.slant)

    @property
    def groups(self) -> list[list[int]]:
        """Return the indices of components that stand close to each other, from left to right; each sign is a group of its own."""
        components = self.line.components
        is_sign = [component.rejection is RejectionReason.SIGN for component in components]
        others = [index for index, sign in enumerate(is_sign) if not sign]
        max_gap_px = self.params.segmentation.max_merge_gap * self.line.writing_height
        near = group_overlapping_columns([components[index].box for index in others], max_gap_px)
        groups = [[others[place] for place in group] for group in near] + [[index] for index, sign in enumerate(is_sign) if sign]
        return sorted(groups, key=lambda group: components[group[0]].box.x)

    def is_confident(self, index: int) -> bool:
        """Return whether a component by itself is certainly a digit."""
        candidate, min_confidence = self.candidates.get(index), self.params.segmentation.min_confidence
        return candidate is not None and candidate.confidence >= min_confidence and candidate.digit_score >= self.reject_below

    def segment_group(self, group: Sequence[int]) -> list[Group[CandidateT]]:
        """Segment components that stand close to each other, given by their indices in the line; several groups if they are independent."""
        components, params = [self.line.components[index] for index in group], self.params.segmentation
        if all(component.rejection for component in components) or self._are_digits(group):
            return [only([(self.line.components[index], self.candidates[index])]) for index in group]
        group_width = union_box(component.box for component in components).width
        if group_width > MAX_GROUP_WIDTH * self.line.writing_height:
            return self.keep(group)
        lattice: SegmentationLattice[CandidateT] = SegmentationLattice.build(components, self.line.writing_height, self.slant, self.params)
        if len(lattice.boxes) > MAX_CANDIDATES:
            return self.keep(group)
        lattice.score(self.classify, [self.candidates.get(index) for index in group])
        paths = lattice.best_paths(MAX_PATHS)
        path = paths[0]
        if len(components) == 1 and not self.has_digits and not self._reads_better_in_parts(lattice, path):
            path = _prefer_single_digit(lattice, path, params)
            paths = _with_first_cut_cost(lattice, paths, params)
        if self.on_lattice:
            self.on_lattice(lattice, path)
        if self._is_percent_sign(lattice, path):
            whole = lattice.all_segments
            return [only([(Mark(lattice.inks[whole], lattice.boxes[whole], components[0].line, None), lattice.candidates[whole])])]
        if len(lattice.segments) > len(components) and self._is_implausible(lattice, path):
            return self.keep(group)
        ranked = sorted(paths, key=lambda each: each.arcs != path.arcs)
        return [[Hypothesis(_marks_of(lattice, each, components), each.cost) for each in ranked]]

    def keep(self, indices: Iterable[int]) -> list[Group[CandidateT]]:
        """Return components as they are, each a group; those that are too wide for one digit are rejected."""
        unknown = [index for index in indices if index not in self.candidates]
        inks = [self.line.components[index].ink for index in unknown]
        self.candidates.update(zip(unknown, self.classify(inks), strict=True))
        return [only([(self._reject_if_wide(self.line.components[index]), self.candidates[index])]) for index in indices]

    @cached_property
    def _confident(self) -> list[bool]:
        """Return `is_confident` for each component that its geometry doesn't reject, and False for each sign: letters resemble signs."""
        counted = (None, RejectionReason.SIGN)
        return [
            component.rejection is None and self.is_confident(index)
            for index, component in enumerate(self.line.components)
            if component.rejection in counted
        ]

    def _are_digits(self, group: Sequence[int]) -> bool:
        """Return whether each component of a group is certainly a digit by itself; next to others only if it is as high as one."""
        min_height = self.params.scoring.min_digit_height * self.line.writing_height if len(group) > 1 else 0.0
        return all(self.is_confident(index) and self.line.components[index].box.height >= min_height for index in group)

    def _reads_better_in_parts(self, lattice: SegmentationLattice[CandidateT], path: Path) -> bool:
        """Return whether all segments are no digit together, but each part of a path certainly is one."""
        whole = lattice.candidates.get(lattice.all_segments)
        if whole is None or whole.digit_score >= self.reject_below:
            return False
        min_confidence = self.params.segmentation.min_confidence
        parts = [lattice.candidates[arc.run] for arc in path.arcs]
        are_digits = all(part.confidence >= min_confidence and part.digit_score >= self.reject_below for part in parts)
        return are_digits and all(arc.is_digit for arc in path.arcs)

    def _is_implausible(self, lattice: SegmentationLattice[CandidateT], path: Path) -> bool:
        """Return whether the best path of a split is too unlikely for a number."""
        width = union_box(segment.box for segment in lattice.segments).width
        return path.cost > self.params.segmentation.max_cost * (1 + width / self.line.writing_height)

    def _is_percent_sign(self, lattice: SegmentationLattice[CandidateT], path: Path) -> bool:
        """Return whether all segments are one percent sign, and no digit together."""
        whole = lattice.candidates.get(lattice.all_segments)
        if whole is None or whole.digit_score >= self.reject_below:
            return False
        parts = [
            (Mark(lattice.inks[run], lattice.boxes[run], 0, None if is_digit else RejectionReason.LEFT_OVER), lattice.candidates[run])
            for run, is_digit in path.arcs
        ]
        return is_joined_percent_sign(parts, self.params)

    def _reject_if_wide(self, component: Mark) -> Mark:
        is_wide = component.box.width > self.params.components.max_joined_width * self.line.writing_height
        return replace(component, rejection=RejectionReason.TOO_WIDE) if is_wide and not component.rejection else component


def _may_be_whole(component: Mark, writing_height: float, params: LayoutParams) -> bool:
    """Return whether a component is classified as a whole before any is split: if it isn't wide, or has the shape of a sign."""
    is_wide = component.box.width > params.components.max_digit_width * writing_height
    return bool(component.rejection) or not is_wide or is_cross(component.ink, params)


def _reject_signs(line: Line, candidates: Mapping[int, CandidateT], params: LayoutParams) -> Line:
    """Reject the components of a line that are signs, so that they aren't split; those without a classification are too wide for one."""
    components = list(line.components)
    marks = reject_signs([(components[index], candidate) for index, candidate in candidates.items()], params)
    for index, mark in zip(candidates, marks, strict=True):
        components[index] = mark
    return replace(line, components=components)


def _prefer_single_digit(lattice: SegmentationLattice[CandidateT], path: Path, params: SegmentationParams) -> Path:
    """Return the path that takes all segments for one digit, unless `path` is better by more than the first cut's cost."""
    single = lattice.single_digit_path()
    return single if single is not None and single.cost <= path.cost + params.first_cut_cost else path


def _with_first_cut_cost(lattice: SegmentationLattice[CandidateT], paths: Sequence[Path], params: SegmentationParams) -> list[Path]:
    """Return paths with the first cut's cost, and the one that takes all segments for one digit without it."""
    single = lattice.single_digit_path()
    others = [path._replace(cost=path.cost + params.first_cut_cost) for path in paths if single is None or path.arcs != single.arcs]
    return others if single is None else [single, *others]


def _marks_of(lattice: SegmentationLattice[CandidateT], path: Path, components: Sequence[Mark]) -> list[tuple[Mark, CandidateT]]:
    """Return the digits and the left-over segments of a path; a whole component keeps the rejection that its geometry gave it."""
    found = []
    for run, is_digit in path.arcs:
        component = lattice.whole_component(run)
        rejection = None if component is None else components[component].rejection
        if rejection is None and not is_digit:
            rejection = RejectionReason.LEFT_OVER
        found.append((Mark(lattice.inks[run], lattice.boxes[run], components[0].line, rejection), lattice.candidates[run]))
    return found
