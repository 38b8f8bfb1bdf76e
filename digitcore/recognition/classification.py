"""The classification of one mark."""

from dataclasses import dataclass

from digitcore.recognition.normalization import NormalizedDigit
from digitcore.recognition.prediction import Prediction


@dataclass(frozen=True, slots=True, eq=False)
class ClassifiedMark:
    """Normalized ink and what the network predicts for it; a `digitcore.layout.candidates.Candidate`."""

    shape: NormalizedDigit
    """The steps of its normalization."""

    prediction: Prediction
    """The probabilities of the ten digits."""

    digit_score: float
    """How much the ink resembles a digit at all, in [0, 1]."""

    @property
    def confidence(self) -> float:
        """Return the calibrated probability of the likeliest digit, in [0, 1]."""
        return self.prediction.confidence
