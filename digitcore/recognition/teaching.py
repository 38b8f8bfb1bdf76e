"""Teach a profile with digits that their writer draws in ten fields, and compare how digits are read without and with a profile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from digitcore.io.strokes import Stroke, check_strokes, draw_strokes
from digitcore.layout.parameters import LayoutParams, LineParams
from digitcore.layout.pen import with_uniform_pen
from digitcore.recognition.classifier import Classifier
from digitcore.recognition.model_input import CLASS_COUNT
from digitcore.recognition.normalization import normalize_digit
from digitcore.recognition.parameters import NormalizationParams, PersonalizationParams
from digitcore.recognition.personalization import PersonalClassifier
from digitcore.recognition.prediction import Prediction
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings
from digitcore.types import Box, Float64Array, UInt8Array

FIELD_COLUMNS: Final = 5
FIELD_ROWS: Final = CLASS_COUNT // FIELD_COLUMNS
"""Two rows of five fields are wide enough for a finger on a phone."""

_SAMPLES: Final = 500
"""Points at equal distances at which a stroke is sampled, so that its length counts and not its speed: a resolution of
a five hundredth of a stroke."""

_DRAWING: Final = Settings.for_drawing()


class FieldGrid(NamedTuple):
    """The ten fields of a drawing, one for each digit: 0 to 4 in the upper row, 5 to 9 in the lower one.

    Attributes:
        size_wh: width and height of the drawing in pixels.
    """

    size_wh: tuple[int, int]

    def box(self, digit: int) -> Box:
        """Return a digit's field in whole pixels.

        Args:
            digit: 0 to 9.
        """
        row, column = divmod(digit, FIELD_COLUMNS)
        left, right = (self.size_wh[0] * each // FIELD_COLUMNS for each in (column, column + 1))
        top, bottom = (self.size_wh[1] * each // FIELD_ROWS for each in (row, row + 1))
        return Box(left, top, right - left, bottom - top)

    def digit_of(self, stroke: Stroke) -> int:
        """Return the digit in whose field most of a stroke's length lies; points outside of the drawing belong to the nearest field."""
        x, y = (_sample(stroke.points) / self.size_wh * (FIELD_COLUMNS, FIELD_ROWS)).T
        columns = np.clip(x, 0, FIELD_COLUMNS - 1).astype(int)
        rows = np.clip(y, 0, FIELD_ROWS - 1).astype(int)
        return int(np.bincount(rows * FIELD_COLUMNS + columns).argmax())


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """How one digit is read without and with a profile.

    Attributes:
        label: which digit it is.
        model_input: uint8 `(28, 28)`, white ink on black.
        before: what the network predicts.
        after: what it predicts with the profile.
    """

    label: int
    model_input: UInt8Array
    before: Prediction
    after: Prediction


def digits_in_fields(
    strokes: Sequence[Stroke],
    size_wh: tuple[int, int],
    params: NormalizationParams = NormalizationParams(),
    layout: LayoutParams = LayoutParams(),
) -> dict[int, UInt8Array]:
    """Normalize the digit in each field, as `read_strokes` does with a digit that is drawn alone.

    Args:
        strokes: of the whole drawing, in any order; each belongs to the field that holds most of it.
        size_wh: width and height of the drawing in pixels.
        params: as in `normalize_digit`.
        layout: as in `with_uniform_pen`, and the least side of a mark that can be read.

    Returns:
        The inputs of the network, uint8 `(28, 28)` each, by their digits in ascending order; empty fields are left out.

    Raises:
        DrawingError: as in `read_strokes`, like the other errors.
        ImageError: likewise.
        ValueError: likewise.

    Examples:
        >>> one = Stroke(np.array([[150.0, 20.0], [150.0, 80.0]]), pen_px=8)
        >>> {digit: image.shape for digit, image in digits_in_fields([one], (500, 200)).items()}
        {1: (28, 28)}
    """
    check_strokes(strokes)
    grid = FieldGrid(size_wh)
    strokes_by_digit: dict[int, list[Stroke]] = {digit: [] for digit in range(CLASS_COUNT)}
    for stroke in strokes:
        strokes_by_digit[grid.digit_of(stroke)].append(stroke)
    written = {digit: each for digit, each in strokes_by_digit.items() if each and not _is_dot(each, layout.lines)}
    inks = {digit: 255 - draw_strokes(with_uniform_pen(each, layout), size_wh) for digit, each in written.items()}
    inked = {digit: ink for digit, ink in inks.items() if ink.any()}
    return {digit: normalize_digit(ink, _DRAWING.minimum_stroke, params).model_input for digit, ink in inked.items()}


def add_digits(profile: WriterProfile, digits: Mapping[int, UInt8Array]) -> None:
    """Add digits to a profile.

    Args:
        profile: it is changed.
        digits: uint8 `(28, 28)` each, by the digits that they show.

    Raises:
        ProfileError: the profile is full.
    """
    for label, model_input in digits.items():
        profile.add(model_input, label)


def compare(
    digits: Mapping[int, UInt8Array],
    profile: WriterProfile,
    classifier: Classifier,
    params: PersonalizationParams = PersonalizationParams(),
) -> list[Comparison]:
    """Read digits without and with a profile, which should not contain them.

    Args:
        digits: uint8 `(28, 28)` each, by the digits that they show.
        profile: the examples, at least one.
        classifier: the network.
        params: as in `PersonalClassifier`.

    Returns:
        One comparison for each digit, in the same order.
    """
    if not digits:
        return []
    images = np.stack(list(digits.values()))
    before, after = (_predict(images, each) for each in (classifier, PersonalClassifier(classifier, profile, params)))
    return [Comparison(*each) for each in zip(digits, images, before, after, strict=True)]


def _predict(images: UInt8Array, classifier: Classifier | PersonalClassifier) -> list[Prediction]:
    return [Prediction.from_logits(row, classifier.temperature) for row in classifier.logits(images)]


def _sample(points: Float64Array) -> Float64Array:
    """Sample a path at equal distances, its ends included: float64 `(_SAMPLES, 2)`."""
    distances = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    samples = np.linspace(0.0, distances[-1], _SAMPLES)
    return np.stack([np.interp(samples, distances, coordinates) for coordinates in points.T], axis=1)


def _is_dot(strokes: Sequence[Stroke], params: LineParams) -> bool:
    """Return whether all strokes together are too small for a digit."""
    points = np.concatenate([stroke.points for stroke in strokes])
    return float(np.ptp(points, axis=0).max()) < params.min_legible_side_px
