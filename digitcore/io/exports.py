"""Downloads as ZIP files: the stages of a reading with its recipe, and pictures with their right labels."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from digitcore.io.encode import encode_image
from digitcore.results import Digit, Reading
from digitcore.settings import Settings
from digitcore.types import UInt8Array

RECIPE_FILE_NAME: Final = "recipe.json"
"""The name of the recipe in the ZIP of stages."""

NO_DIGIT_LABEL: Final = "none"
"""The folder and label of marks that are no digit."""

LABELS_FILE_NAME: Final = "labels.csv"
"""The name of the table of labels in the ZIP of corrections."""

_LABELS_HEADER: Final = ("file", "label", "said", "confidence")

_EARLIEST_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a ZIP can store. A fixed date makes the same reading give the same bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """A mark that was read wrongly, with its right label."""

    model_input: UInt8Array
    """uint8 `(28, 28)`, white ink on black: the picture that the network classified."""

    label: int | None
    """The right digit, 0 to 9; None where the mark is no digit."""

    predicted: int | None
    """The digit that was read, 0 to 9; None where the mark was rejected."""

    confidence: float
    """The calibrated confidence of the likeliest digit, in [0, 1]."""

    @classmethod
    def from_digit(cls, digit: Digit, label: int | None) -> "Correction":
        """Correct a digit.

        Args:
            digit: The digit as it was read.
            label: The right digit; None where it is none.

        Returns:
            The correction.
        """
        return cls(digit.model_input, label, digit.label if digit.accepted else None, digit.confidence)


def stages_zip(reading: Reading, settings: Settings) -> bytes:
    """Pack the stages of a reading and its recipe into a ZIP.

    Args:
        reading: The reading with its stages.
        settings: The settings of the reading.

    Returns:
        The bytes of a ZIP with one PNG for each stage, numbered in their order, and the recipe; the same for the same reading.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, stage in enumerate(reading.stages, 1):
            archive.writestr(zipfile.ZipInfo(f"{number:02}-{stage.name}.png", _EARLIEST_DATE), encode_image(stage.image, "png"))
        recipe = zipfile.ZipInfo(RECIPE_FILE_NAME, _EARLIEST_DATE)
        recipe.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(recipe, settings.to_json())
    return buffer.getvalue()


def labelled_zip(corrections: Sequence[Correction]) -> bytes:
    """Pack corrections into a ZIP as training data.

    Args:
        corrections: Any number of corrections.

    Returns:
        The bytes of a ZIP with a folder of PNG pictures for each label, as most training tools expect, and a table of them all.
    """
    archive, table = io.BytesIO(), io.StringIO()
    rows = csv.writer(table)
    rows.writerow(_LABELS_HEADER)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for number, correction in enumerate(corrections, 1):
            label, predicted = (NO_DIGIT_LABEL if each is None else str(each) for each in (correction.label, correction.predicted))
            name = f"{label}/{number:04}.png"
            files.writestr(name, encode_image(correction.model_input, "png"))
            rows.writerow((name, label, predicted, f"{correction.confidence:.6f}"))
        files.writestr(LABELS_FILE_NAME, table.getvalue())
    return archive.getvalue()
