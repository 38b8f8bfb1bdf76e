"""The tuned numbers of the reading pipeline, stage by stage."""

from dataclasses import dataclass
from functools import reduce
from typing import Final, Self

from digitcore.class_names import DIGITS
from digitcore.layout.parameters import LayoutParams
from digitcore.parameters import ParameterGroup, replace_parameter
from digitcore.preprocessing.parameters import PreprocessingParams
from digitcore.recognition.parameters import RecognitionParams

_WITHOUT_DIGIT_RULES: Final = {
    "layout.signs.max_cross_digit_score": 0.0,  # no mark is + or ×
    "layout.signs.min_sagitta": 1.0,  # nor a parenthesis
    "layout.line_components.max_small_height": 0.0,  # no ring of %, and no point, comma, dash or colon
    "layout.signs.min_slash_coverage": 1.0,  # no % that looks like 96
    "layout.separators.min_confidence": 1.0,  # no slash
    "layout.scoring.height_deficit_cost": 0.0,  # no comma that looks like a 1
    "recognition.consistency.usual_shape_share": 0.0,  # no 7 that looks like a 1
}
"""What switches off the rules that know the shapes of digits, and of the signs among them, for a network with other classes."""


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

    @classmethod
    def of_classes(cls, classes: str) -> Self:
        """Return the parameters with which a network is read by default.

        Args:
            classes: the names of its classes, a character each.

        Returns:
            The tuned numbers for digits; for other classes, without the rules that only make sense for digits.

        Examples:
            >>> PipelineParams.of_classes("ABC").layout.separators.min_confidence
            1.0
        """
        changes = {} if classes == DIGITS else _WITHOUT_DIGIT_RULES
        return reduce(lambda params, change: replace_parameter(params, *change), changes.items(), cls())
