"""The tuned numbers of layout, a dataclass for each of its stages."""

from dataclasses import dataclass

from digitcore.layout.parameters.lines import BaselineParams, LineParams
from digitcore.layout.parameters.marks import ComponentParams, LoosePartParams, PenParams, SignParams
from digitcore.layout.parameters.separators import LineComponentParams, SeparatorParams, SeparatorShapeParams
from digitcore.parameters import ParameterGroup

__all__ = [
    "BaselineParams",
    "ComponentParams",
    "LayoutParams",
    "LineComponentParams",
    "LineParams",
    "LoosePartParams",
    "PenParams",
    "SeparatorParams",
    "SeparatorShapeParams",
    "SignParams",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutParams(ParameterGroup):
    """Parameters of all stages of layout, in the order of the pipeline."""

    pen: PenParams = PenParams()
    components: ComponentParams = ComponentParams()
    lines: LineParams = LineParams()
    baseline: BaselineParams = BaselineParams()
    signs: SignParams = SignParams()
    loose_parts: LoosePartParams = LoosePartParams()
    line_components: LineComponentParams = LineComponentParams()
    separators: SeparatorParams = SeparatorParams()
    separator_shapes: SeparatorShapeParams = SeparatorShapeParams()
