"""The tuned numbers of recognition, a dataclass for each of its stages."""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalizationParams(ParameterGroup):
    """Parameters of the normalization of marks (`digitcore.recognition.normalization`)."""

    min_measured_side_px: int = parameter(80, 1, 1000, unit="pixels", reason="a stroke of MNIST's width is then ten pixels wide")
    """Longer side to which smaller marks are enlarged before their stroke width is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarParams(ParameterGroup):
    """Parameters of plain bars (`digitcore.recognition.consistency.is_bar`)."""

    min_fill: float = parameter(0.62, 0.0, 1.0, unit="share", reason="a flag leaves more of the rectangle empty")
    """Least share of the narrowest rectangle around it that a bar fills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyParams(ParameterGroup):
    """Parameters of the comparison of a page's 1s and 7s (`digitcore.recognition.consistency`)."""

    usual_shape_share: float = parameter(0.9, 0.0, 1.0, unit="share", reason="writers keep to one shape of a digit, but not always")
    """Share of a writer's digits that have their usual shape, and least confidence of a 1 that shows it, which is to be as sure."""

    bar: BarParams = BarParams()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceParams(ParameterGroup):
    """Parameters of the digit score that a mark must reach (`digitcore.recognition.acceptance`)."""

    digit_prior_log_odds: float = parameter(0.4, -5.0, 5.0, unit="log odds", reason="pictures that are to be read mostly show digits")
    """What is added to each mark's log odds of being a digit."""

    digit_context_weight: float = parameter(1.5, 0.0, 20.0, unit="log odds", reason="less than of other marks: letters look like digits")
    """By how much a context of nothing but digits (1.0) lowers the threshold."""

    non_digit_context_weight: float = parameter(5.0, 0.0, 50.0, unit="log odds", reason="lines of text have a few marks like digits")
    """By how much, per unit, a context of other marks (below 0) raises the threshold; up to twice as much as it nears -1."""

    max_vote_log_odds: float = parameter(1.0, 0.0, 20.0, unit="log odds", reason="one very clear mark doesn't outweigh several others")
    """Greatest vote of a mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberParams(ParameterGroup):
    """Parameters of the grouping of digits into numbers (`digitcore.recognition.numbers`)."""

    min_space: float = parameter(0.7, 0.0, 10.0, unit="digit heights", reason="the width of a digit that is left out")
    """Least gap between two numbers."""

    max_space: float = parameter(1.2, 0.0, 10.0, unit="digit heights", reason="more than a digit and the gaps around it")
    """Gap that always is one between two numbers."""

    min_gap_ratio: float = parameter(2.0, 1.0, 20.0, unit="median gaps of the line", reason="gaps within a number are about alike")
    """Least gap between two numbers, within these bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalizationParams(ParameterGroup):
    """Parameters of the adaptation to a writer's examples (`digitcore.recognition.personalization`)."""

    similarity_weight: float = parameter(40.0, 0.0, 1000.0, unit="logits per similarity", reason="a tenth turns doubtful answers")
    """What a difference in similarity of 1 counts in the logits, with many examples."""

    max_penalty_per_example: float = parameter(3.0, 0.0, 100.0, unit="logits", reason="a single wrong example turns no sure answer")
    """The most that a digit loses in its logit for each of the examples that contradict it."""

    min_familiarity: float = parameter(0.8, -1.0, 1.0, unit="similarity", reason="features are at least 0, so any two marks are similar")
    """Similarity from which a mark counts as familiar."""

    familiarity_weight: float = parameter(20.0, 0.0, 1000.0, unit="energy per similarity", reason="the same mark again gains 4")
    """What a similarity of 1 more than that adds to the energy that separates digits from other marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeParams(ParameterGroup):
    """Parameters of the probabilities of texts (`digitcore.recognition.alternatives` and `constraints`).

    `python -m model.alternatives` fits the calibration: the first four.
    """

    acceptance_slope: float = parameter(8.0, 0.0, 20.0, unit="ratio", reason="likeliest on synthetic pages and touching digits")
    """By how many log odds a mark is likelier a digit for each log odds of its digit score."""

    path_temperature: float = parameter(0.35, 0.05, 100.0, unit="ratio", reason="likeliest on synthetic pages and touching digits")
    """Temperature of the costs of segmentations; values above 1 make other segmentations likelier."""

    line_slope: float = parameter(0.632, 0.0, 10.0, unit="ratio", reason="likeliest on synthetic pages and touching digits")
    """By how many log odds a line is likelier right for each log odds of its combined probability."""

    line_intercept: float = parameter(-0.271, -10.0, 10.0, unit="log odds", reason="likeliest on synthetic pages and touching digits")
    """Log odds that a line is right whose combined probability is a half."""

    min_unknown: float = parameter(0.01, 0.0, 1.0, unit="probability", reason="any search may miss the true text")
    """Least probability that a line's text is none of those that are searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionParams(ParameterGroup):
    """Parameters of all stages of recognition."""

    normalization: NormalizationParams = NormalizationParams()
    consistency: ConsistencyParams = ConsistencyParams()
    acceptance: AcceptanceParams = AcceptanceParams()
    numbers: NumberParams = NumberParams()
    personalization: PersonalizationParams = PersonalizationParams()
    alternatives: AlternativeParams = AlternativeParams()
