"""What a reader got wrong, told by the person who wrote it: pictures with their right labels, to be taken along as a ZIP.

Nothing is trained on them here, and nothing is kept: they live where the caller holds them.
"""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from digitcore.io.decode import encode
from digitcore.results import Digit
from digitcore.types import UInt8Array

NO_DIGIT: Final = "none"
"""The folder of marks that are no digit."""

_HEADER: Final = ("file", "label", "said", "confidence")


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """One mark and what it really is."""

    model_input: UInt8Array
    """uint8 `(28, 28)`, white ink on black."""

    label: int | None
    """The right digit; None where it is none."""

    said: int
    """What was read."""

    confidence: float

    @classmethod
    def of(cls, digit: Digit, label: int | None) -> "Correction":
        """A digit that was read wrongly, with the right label."""
        return cls(digit.model_input, label, digit.label, digit.confidence)


def labelled_zip(corrections: Sequence[Correction]) -> bytes:
    """A ZIP with a folder of PNG pictures for each label, as most trainers expect, and `labels.csv` over all of them."""
    archive, table = io.BytesIO(), io.StringIO()
    rows = csv.writer(table)
    rows.writerow(_HEADER)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for place, correction in enumerate(corrections, 1):
            label = NO_DIGIT if correction.label is None else str(correction.label)
            name = f"{label}/{place:04}.png"
            files.writestr(name, encode(correction.model_input, "png"))
            rows.writerow((name, label, correction.said, f"{correction.confidence:.6f}"))
        files.writestr("labels.csv", table.getvalue())
    return archive.getvalue()
