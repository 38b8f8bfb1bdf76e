"""Marks for tests of the panel."""

import numpy as np

from digitcore import Digit, RejectionReason


def mark(label=1, box=(0, 0, 10, 20), line=0, rejection=None):
    """Return a mark that is read as a digit or rejected."""
    probabilities = np.eye(10, dtype=np.float32)[label]
    reason = RejectionReason(rejection).message if rejection else ""
    picture = np.full((28, 28), label, np.uint8)
    return Digit(label, 1.0, probabilities, 1.0, rejection is None, reason, box, line, picture, rejection and RejectionReason(rejection))
