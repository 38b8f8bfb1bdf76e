"""Fit the calibration of the texts that a line may have, and measure it: `python -m model.alternatives`.

Lines are those of synthetic pages and rows of touching digits, written with the MNIST images that are held out of training for validation.
The first four of `digitcore.recognition.parameters.AlternativeParams`, by which what is written is likeliest, are printed; they are
copied there by hand. The measures in the model card are of other seeds, written with the MNIST test set.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from digitcore import Classifier, Reading, load_classifier, read_image
from digitcore.evaluation.measures import expected_calibration_error, reliability_bins
from digitcore.pipeline import FoundMarks, find_marks
from digitcore.recognition.alternatives import SEARCH_LIMITS, calibrate_line, find_alternatives, hypotheses_of_lines
from digitcore.recognition.parameters import AlternativeParams
from digitcore.recognition.text_search import most_probable_texts
from digitcore.types import UInt8Array
from model.data import LabelledDigits, load_training
from model.touching import row_of_touching
from synthetic.pages import page, picture_glyphs

FIT_PAGES: Final = range(10_000, 10_400)
FIT_ROWS: Final = range(10_000, 10_600)
"""Seeds of the pages and the rows of touching digits that the parameters are fitted to."""

TEST_PAGES: Final = range(20_000, 20_150)
TEST_ROWS: Final = range(20_000, 20_150)
"""Seeds of those that are measured."""

ROW_MARGIN_PX: Final = 30
"""White paper around a row of touching digits."""

GRIDS: Final[Mapping[str, tuple[float, ...]]] = {
    "acceptance_slope": (1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0, 11.2),
    "path_temperature": (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0),
}
"""The values of both parameters of the combination that are tried, one parameter after the other."""

ROUNDS: Final = 2
"""So often both are fitted."""

UNKNOWN_SHARE: Final = 0.05
"""While they are fitted, the true text is any of the same length with this probability."""


class LabelledMarks(NamedTuple):
    """The marks of one picture, and what is written in its lines."""

    found: FoundMarks
    written: dict[int, tuple[str, str | None]]
    """For each line that is read its text, and what is written there; None where that isn't known."""


class LineOutcome(NamedTuple):
    """How a line was read."""

    probability: float
    """Of the text that is read."""

    is_right: bool
    is_among: bool
    """Whether what is written is among the alternatives."""


def match_lines(written: Sequence[str], read: Sequence[str]) -> list[str | None]:
    """Find for each line that is read which line is written there.

    Args:
        written: the lines of a page, from the top.
        read: those that are read.

    Returns:
        For each line that is read, what is written; None for a line that isn't written.

    Examples:
        >>> match_lines(["12", "34", "56"], ["12", "3", "56"]), match_lines(["12", "34"], ["7", "12", "34"])
        (['12', '34', '56'], [None, '12', '34'])
    """
    matched: list[str | None] = [None] * len(read)
    for edit in Levenshtein.opcodes(list(written), list(read)):
        if edit.src_end - edit.src_start == edit.dest_end - edit.dest_start:
            matched[edit.dest_start : edit.dest_end] = written[edit.src_start : edit.src_end]
    return matched


def touching_picture(digits: LabelledDigits, seed: int) -> tuple[UInt8Array, str]:
    """Photograph a row of touching digits without noise: return the picture, uint8 `(H, W)`, and what is written."""
    layers, labels = row_of_touching(digits, np.random.default_rng((seed, 4)))
    written = "".join(str(label) for layer, label in zip(layers[:-1], labels, strict=True) if layer.any())
    return 255 - np.pad(layers.max(axis=0), ROW_MARGIN_PX), written


def pictures(digits: LabelledDigits, pages: Sequence[int], rows: Sequence[int]) -> Iterator[tuple[UInt8Array, list[str]]]:
    """Yield pages and rows of touching digits, each with the lines that are written."""
    glyphs = picture_glyphs(digits.images, digits.labels)
    for seed in pages:
        drawn = page(seed, glyphs)
        yield drawn.picture, list(drawn.lines)
    for seed in rows:
        picture, written = touching_picture(digits, seed)
        yield picture, [written]


def label_marks(found: FoundMarks, written: Sequence[str]) -> LabelledMarks:
    """Read the lines of a picture, and match them with what is written.

    Args:
        found: the marks.
        written: the lines, from the top.

    Returns:
        The marks with their lines.
    """
    texts: dict[int, str] = {}
    for (mark, classified), threshold in zip(found.marks, found.thresholds.tolist(), strict=True):
        if mark.rejection is None and classified.digit_score >= threshold:
            texts[mark.line] = texts.get(mark.line, "") + str(classified.prediction.label)
    matched = match_lines(written, list(texts.values()))
    return LabelledMarks(found, {line: (text, truth) for (line, text), truth in zip(texts.items(), matched, strict=True)})


def combination_loss(labelled: Sequence[LabelledMarks], params: AlternativeParams) -> float:
    """Compute the mean negative log-likelihood of what is written, before lines are calibrated, in nats."""
    losses = []
    for picture in labelled:
        hypotheses = hypotheses_of_lines(*picture.found, params)
        for line, (_, written) in picture.written.items():
            if written is not None:
                combined = most_probable_texts(hypotheses[line].choices, SEARCH_LIMITS).get(written, 0.0)
                losses.append(-np.log((1 - UNKNOWN_SHARE) * combined + UNKNOWN_SHARE * 0.1 ** len(written)))
    return float(np.mean(losses))


def fit(labelled: Sequence[LabelledMarks]) -> AlternativeParams:
    """Fit all parameters: those of the combination to what is written, then those of whole lines to whether they are right."""
    params = AlternativeParams(line_slope=1.0, line_intercept=0.0)
    for name, grid in [*GRIDS.items()] * ROUNDS:
        candidates = [replace(params, **{name: value}) for value in grid]
        params = min(candidates, key=lambda each: combination_loss(labelled, each))
    lines = [outcome for picture in labelled for outcome in outcomes(picture, params)]
    log_odds = [[logit(min(max(each.probability, 1e-6), 1 - 1e-6))] for each in lines]
    model = LogisticRegression().fit(log_odds, [each.is_right for each in lines])
    return replace(params, line_slope=float(model.coef_[0, 0]), line_intercept=float(model.intercept_[0]))


def outcomes(picture: LabelledMarks, params: AlternativeParams) -> Iterator[LineOutcome]:
    """Yield how each line was read, without pooling its probability with that of likelier texts."""
    hypotheses = hypotheses_of_lines(*picture.found, params)
    for line, (text, written) in picture.written.items():
        probability = calibrate_line(text, hypotheses[line], None, params).own
        among = [each.text for each in find_alternatives(text, hypotheses[line], params)]
        yield LineOutcome(probability, text == written, written in among)


def reading_outcomes(reading: Reading, written: Sequence[str]) -> list[LineOutcome]:
    """Compare the lines of a reading with what is written."""
    return [
        LineOutcome(texts[0].probability, texts[0].text == truth, truth in [each.text for each in texts])
        for texts, truth in zip(reading.alternatives, match_lines(written, reading.lines), strict=True)
    ]


def summary(lines: Sequence[LineOutcome]) -> dict[str, Any]:
    """Summarize lines: number, accuracy, calibration error, and the percentage of misread lines whose alternatives have the right text."""
    probabilities, is_right = np.array([each.probability for each in lines]), np.array([each.is_right for each in lines])
    calibration_error = expected_calibration_error(reliability_bins(probabilities, is_right))
    misread = [each.is_among for each in lines if not each.is_right]
    return {
        "count": len(lines),
        "accuracy_pct": round(100 * float(is_right.mean()), 2),
        "expected_calibration_error_pct": round(100 * calibration_error, 2),
        "misread": len(misread),
        "misread_among_alternatives_pct": round(100 * float(np.mean(misread)), 1) if misread else None,
    }


def measure_alternatives(classifier: Classifier, digits: LabelledDigits) -> dict[str, Any]:
    """Measure the texts of lines on synthetic pages and on rows of touching digits.

    Args:
        classifier: the network to use.
        digits: MNIST digits to write with, none of which is in the training set.

    Returns:
        The entry `alternatives` of the model card: for pages, rows and both together, `summary`.
    """
    pages = read_outcomes(classifier, pictures(digits, TEST_PAGES, ()))
    rows = read_outcomes(classifier, pictures(digits, (), TEST_ROWS))
    return {"pages": summary(pages), "touching": summary(rows), "all": summary([*pages, *rows])}


def read_outcomes(classifier: Classifier, written: Iterable[tuple[UInt8Array, Sequence[str]]]) -> list[LineOutcome]:
    """Read pictures, each with the lines that are written in it."""
    return [outcome for picture, lines in written for outcome in reading_outcomes(read_image(picture, classifier=classifier), lines)]


def main() -> None:
    """Fit the parameters and print them."""
    _, validation = load_training()
    classifier = load_classifier()
    labelled = [label_marks(find_marks(picture, classifier), written) for picture, written in pictures(validation, FIT_PAGES, FIT_ROWS)]
    params = fit(labelled)
    print(params)
    print(summary([outcome for picture in labelled for outcome in outcomes(picture, params)]))


if __name__ == "__main__":
    main()
