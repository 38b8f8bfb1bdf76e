"""Which sets are measured, and how many of their samples."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tuning.development_sets import ENVIRONMENT_VARIABLE, SETS, MissingSetError, development_samples
from tuning.samples import Sample, evenly_spaced
from tuning.synthetic_samples import DRAWINGS, ROOT, synthetic_samples

CACHE: Final = ROOT / ".tuning"
"""Folder of drawn pictures and of results that are kept between runs."""

SENSITIVITY_COUNTS: Final[Mapping[str, int]] = {
    "hard pages": 40,
    "plain pages": 20,
    "numbers": 20,
    "hard pages without digits": 16,
    "plain pages without digits": 8,
    DRAWINGS: 16,
    "photographed pages": 50,
    "photographed digits": 36,
    "strings": 40,
    "drawn digits": 24,
    "strokes": 60,
    "strokes of signs": 40,
}
"""Samples of each set for the sensitivity: few enough that one change of a parameter takes some seconds."""

ALL_COUNTS: Final[Mapping[str, int]] = dict.fromkeys(SENSITIVITY_COUNTS, 10_000) | {
    "hard pages": 200,
    "plain pages": 100,
    "numbers": 60,
    "hard pages without digits": 80,
    "plain pages without digits": 40,
    DRAWINGS: 40,
}
"""Samples of each set for the metrics of the whole pipeline."""


def load_samples(counts: Mapping[str, int] = SENSITIVITY_COUNTS, cache: Path = CACHE) -> tuple[list[Sample], list[str]]:
    """Load the samples of all sets that are there.

    Args:
        counts: how many of each set at most, at equal distances.
        cache: folder of the drawn pictures.

    Returns:
        The samples, and for each set that isn't there the reason why it is skipped.
    """
    samples, skipped = [], []
    for name, count in counts.items():
        try:
            if name in SETS:
                samples += evenly_spaced(development_samples(name, os.environ.get(ENVIRONMENT_VARIABLE)), count)
            else:
                samples += synthetic_samples(name, count, cache)
        except MissingSetError as reason:
            skipped.append(str(reason))
    return samples, skipped
