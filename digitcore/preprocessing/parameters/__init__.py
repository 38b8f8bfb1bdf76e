"""The tuned numbers of preprocessing, a dataclass for each of its stages."""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup
from digitcore.preprocessing.parameters.grey import EnhancementParams, GrayscaleParams, ResamplingParams
from digitcore.preprocessing.parameters.paper import PolarityParams, SheetParams, StrokeWidthParams

__all__ = [
    "EnhancementParams",
    "GrayscaleParams",
    "PolarityParams",
    "PreprocessingParams",
    "ResamplingParams",
    "SheetParams",
    "StrokeWidthParams",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreprocessingParams(ParameterGroup):
    """Parameters of all stages of preprocessing, in the order of the pipeline."""

    resampling: ResamplingParams = ResamplingParams()
    grayscale: GrayscaleParams = GrayscaleParams()
    enhancement: EnhancementParams = EnhancementParams()
    sheet: SheetParams = SheetParams()
    polarity: PolarityParams = PolarityParams()
    stroke_width: StrokeWidthParams = StrokeWidthParams()
