"""Classify changed marks: quickly by the network alone, or within the whole drawing by the reading pipeline."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from digitcore.analysis.counterfactual.edits import SPACING
from digitcore.analysis.counterfactual.mark import MarkStrokes
from digitcore.analysis.counterfactual.paths import Paths, resample
from digitcore.io.strokes import Stroke, draw_strokes
from digitcore.layout.parameters import LayoutParams
from digitcore.layout.pen import with_uniform_pen
from digitcore.pipeline import read_strokes
from digitcore.pipeline_params import PipelineParams
from digitcore.recognition.classification import ClassifiedMark, MarkClassifier, classify_marks
from digitcore.recognition.classifier import default_classifier
from digitcore.recognition.personalization import PersonalClassifier
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.results import Digit
from digitcore.settings import Settings
from digitcore.types import Float64Array, UInt8Array

_SIDE_PX: Final = 80
"""Longer side at which candidates are drawn: four times that of the network's digit."""

_MARGIN_PX: Final = 20
"""Around the paths, for the pen."""


_MAX_BOX_MARGIN: Final = 0.3
"""Greatest distance, in mark sides, of a mark's ink from its paths: more than the broadest pen, less than another mark."""


class Frame(NamedTuple):
    """The box around a mark's paths: in its coordinates the box is at the origin, and its longer side is 1."""

    corner: Float64Array
    """float64 `(2,)`, in pixels of the drawing."""

    side_px: float

    @classmethod
    def around(cls, strokes: Sequence[Stroke]) -> "Frame":
        """Return the frame of strokes, at least one."""
        points = np.concatenate([stroke.points for stroke in strokes])
        corner = points.min(axis=0)
        return cls(corner, max(float((points.max(axis=0) - corner).max()), 1.0))

    def paths(self, strokes: Sequence[Stroke]) -> Paths:
        """Convert strokes to paths in these coordinates, with points at distances of `SPACING`."""
        return tuple(resample((stroke.points - self.corner) / self.side_px, SPACING) for stroke in strokes)

    def strokes(self, paths: Paths) -> tuple[Stroke, ...]:
        """Convert paths to strokes of the drawing; their pens are replaced when it is read."""
        return tuple(Stroke(path * self.side_px + self.corner, 1.0) for path in paths)


class Scorer:
    """Classifies changed versions of one mark.

    Args:
        mark: the mark.
        settings: with which the drawing is read; those of normalization apply to the network alone, too.
        profile: the writer's own digits, as in `read_strokes`.
    """

    def __init__(self, mark: MarkStrokes, settings: Settings, profile: WriterProfile | None) -> None:
        self._mark: Final = mark
        self._settings: Final = settings
        self._profile: Final = profile
        self._classifier: Final[MarkClassifier] = PersonalClassifier(default_classifier(), profile) if profile else default_classifier()
        self._params: Final = PipelineParams(layout=LayoutParams(pen=mark.pen))
        self.frame: Final = Frame.around(mark.strokes)

    def classify(self, versions: Sequence[Paths]) -> list[ClassifiedMark]:
        """Classify versions of the mark by the network alone.

        Args:
            versions: at least one stroke each.

        Returns:
            One result for each, in the same order.
        """
        return classify_marks([self._draw(paths) for paths in versions], self._classifier, self._settings)

    def read(self, paths: Paths) -> Digit | None:
        """Read a version of the mark within its drawing.

        Args:
            paths: the version, at least one stroke.

        Returns:
            The mark; None where it is drawn beyond the edge, or is not read as one mark.
        """
        strokes = self.frame.strokes(paths)
        points = np.concatenate([stroke.points for stroke in strokes])
        if points.min() < 0 or (points.max(axis=0) > self._mark.size_wh).any():
            return None
        drawing = (*self._mark.others, *strokes)
        reading = read_strokes(drawing, self._mark.size_wh, self._settings, profile=self._profile, params=self._params)
        return next((digit for digit in reading.digits if self._covers(digit, points)), None)

    def is_digit(self, classified: ClassifiedMark) -> bool:
        """Return whether a mark by itself is accepted as a digit."""
        return classified.digit_score >= self._classifier.reject_below

    def _covers(self, digit: Digit, points: Float64Array) -> bool:
        """Return whether a mark's box is that of these points, drawn with the pen."""
        x, y, width, height = digit.box_xywh
        inner = np.array([points.min(axis=0) - (x, y), (x + width, y + height) - points.max(axis=0)])
        return bool(inner.min() > -1 and inner.max() < _MAX_BOX_MARGIN * self.frame.side_px + 1)

    def _draw(self, paths: Paths) -> UInt8Array:
        """Draw a version of the mark alone, white on black."""
        low = np.concatenate(paths).min(axis=0)
        strokes = with_uniform_pen([Stroke((path - low) * _SIDE_PX + _MARGIN_PX, 1.0) for path in paths], LayoutParams(pen=self._mark.pen))
        width, height = np.ceil(np.concatenate([stroke.points for stroke in strokes]).max(axis=0)).astype(int).tolist()
        return np.asarray(255 - draw_strokes(strokes, (width + _MARGIN_PX, height + _MARGIN_PX)), np.uint8)
