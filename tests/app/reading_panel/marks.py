"""Marks for tests of the panel."""

from dataclasses import replace

import numpy as np

from digitcore import Digit, RejectionReason
from digitcore.numbers import Separator


def mark(label=1, box=(0, 0, 10, 20), line=0, rejection=None, separator=None):
    """Return a mark that is read as a digit or a separator, or rejected."""
    probabilities = np.eye(10, dtype=np.float32)[label]
    reason = RejectionReason(rejection).message if rejection else ""
    picture = np.full((28, 28), label, np.uint8)
    digit = Digit(label, 1.0, probabilities, 1.0, rejection is None, reason, box, line, picture, rejection and RejectionReason(rejection))
    return replace(digit, separator=separator and Separator(separator))
