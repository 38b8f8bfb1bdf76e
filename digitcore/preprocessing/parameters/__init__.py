"""The tuned numbers of preprocessing, a dataclass for each of its stages."""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup
from digitcore.preprocessing.parameters.grey import GrayscaleParams, ResamplingParams
from digitcore.preprocessing.parameters.ink import BorderArtifactsParams, InkExtractionParams, ThresholdingParams
from digitcore.preprocessing.parameters.lines import LineDetectionParams, RuledLinesParams, SkewParams
from digitcore.preprocessing.parameters.paper import BackgroundParams, MarginParams, PolarityParams, SheetParams, StrokeWidthParams

__all__ = [
    "BackgroundParams",
    "BorderArtifactsParams",
    "GrayscaleParams",
    "InkExtractionParams",
    "LineDetectionParams",
    "MarginParams",
    "PolarityParams",
    "PreprocessingParams",
    "ResamplingParams",
    "RuledLinesParams",
    "SheetParams",
    "SkewParams",
    "StrokeWidthParams",
    "ThresholdingParams",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreprocessingParams(ParameterGroup):
    """Parameters of all stages of preprocessing, in the order of the pipeline."""

    resampling: ResamplingParams = ResamplingParams()
    grayscale: GrayscaleParams = GrayscaleParams()
    margin: MarginParams = MarginParams()
    sheet: SheetParams = SheetParams()
    polarity: PolarityParams = PolarityParams()
    stroke_width: StrokeWidthParams = StrokeWidthParams()
    background: BackgroundParams = BackgroundParams()
    thresholding: ThresholdingParams = ThresholdingParams()
    border_artifacts: BorderArtifactsParams = BorderArtifactsParams()
    line_detection: LineDetectionParams = LineDetectionParams()
    skew: SkewParams = SkewParams()
    ruled_lines: RuledLinesParams = RuledLinesParams()
    ink_extraction: InkExtractionParams = InkExtractionParams()
