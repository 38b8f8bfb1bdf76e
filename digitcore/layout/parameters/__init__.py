"""The tuned numbers of layout, a dataclass for each of its stages."""

from dataclasses import dataclass

from digitcore.layout.parameters.lines import BaselineParams, LineParams
from digitcore.layout.parameters.marks import ComponentParams, PenParams, SignParams
from digitcore.layout.parameters.segmentation import (
    LatticeParams,
    OverSegmentationParams,
    ScoringParams,
    SegmentationParams,
    SlantParams,
)
from digitcore.layout.parameters.separators import LineComponentParams, SeparatorParams, SeparatorShapeParams
from digitcore.parameters import ParameterGroup

__all__ = [
    "BaselineParams",
    "ComponentParams",
    "LatticeParams",
    "LayoutParams",
    "LineComponentParams",
    "LineParams",
    "OverSegmentationParams",
    "PenParams",
    "ScoringParams",
    "SegmentationParams",
    "SeparatorParams",
    "SeparatorShapeParams",
    "SignParams",
    "SlantParams",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutParams(ParameterGroup):
    """Parameters of all stages of layout, in the order of the pipeline."""

    pen: PenParams = PenParams()
    components: ComponentParams = ComponentParams()
    lines: LineParams = LineParams()
    baseline: BaselineParams = BaselineParams()
    signs: SignParams = SignParams()
    segmentation: SegmentationParams = SegmentationParams()
    slant: SlantParams = SlantParams()
    over_segmentation: OverSegmentationParams = OverSegmentationParams()
    lattice: LatticeParams = LatticeParams()
    scoring: ScoringParams = ScoringParams()
    line_components: LineComponentParams = LineComponentParams()
    separators: SeparatorParams = SeparatorParams()
    separator_shapes: SeparatorShapeParams = SeparatorShapeParams()
