"""The tuned numbers of the reading pipeline, stage by stage."""

from dataclasses import dataclass

from digitcore.layout.parameters import LayoutParams
from digitcore.parameters import ParameterGroup
from digitcore.preprocessing.parameters import PreprocessingParams
from digitcore.recognition.parameters import RecognitionParams


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineParams(ParameterGroup):
    """Parameters of all stages, from the picture to its numbers.

    Examples:
        >>> PipelineParams().preprocessing.sheet.min_area
        0.12
    """

    preprocessing: PreprocessingParams = PreprocessingParams()
    layout: LayoutParams = LayoutParams()
    recognition: RecognitionParams = RecognitionParams()
