"""Measure a network on handwriting that MNIST lacks: shapes of digits, signs, fonts, and what a writer's own examples gain.

Writers and fonts are held out of training. The functions return entries of the model card; the suffix `pct` stands for percent.
"""

import statistics
from typing import Any, Final

import numpy as np

from digitcore import Classifier, WriterProfile
from digitcore.recognition.classification import MarkClassifier
from digitcore.recognition.normalization import normalize_digit
from digitcore.recognition.personalization import PersonalClassifier
from digitcore.types import BoolArray, Int64Array, UInt8Array
from model.drawn_marks import write_sign
from model.fonts import Split, load_font_digits, load_font_negatives
from model.handwritten import HELD_OUT_WRITERS, as_model_input, by_shape
from synthetic.allographs import CATALOGUE
from synthetic.signs import SIGNS
from synthetic.writers import make_writer

SHAPE_WRITERS: Final = 100
SIGN_WRITERS: Final = 25
PROFILE_WRITERS: Final = 60

TAUGHT: Final = 2
"""The examples of each digit that a writer's profile is taught."""

READ: Final = 4
"""The digits of each kind by which a writer's profile is measured."""


def measure_shapes(classifier: Classifier) -> dict[str, Any]:
    """Measure how many digits of each shape are read right and accepted, by `SHAPE_WRITERS` writers."""
    read_pct = {}
    for shape in CATALOGUE:
        is_wrong = misread(classifier, by_shape(shape, SHAPE_WRITERS), np.full(SHAPE_WRITERS, shape.digit))
        read_pct[f"{shape.digit}, {shape.name}"] = round(100 - _percentage(is_wrong), 1)
    return {
        "writers": SHAPE_WRITERS,
        "read_pct": read_pct,
        "mean_pct": round(statistics.mean(read_pct.values()), 2),
        "lowest_pct": min(read_pct.values()),
    }


def written_signs() -> UInt8Array:
    """Draw each sign once by each of the first `SIGN_WRITERS` writers that are held out of training, uint8 `(N, 28, 28)`."""
    pictures = []
    for index in range(SIGN_WRITERS):
        writer, rng = make_writer(HELD_OUT_WRITERS + index), np.random.default_rng((HELD_OUT_WRITERS, index))
        pictures += [normalize_digit(write_sign(character, writer, rng)).model_input for character in SIGNS]
    return np.stack(pictures)


def font_signs() -> UInt8Array:
    """Return the letters and signs of the fonts that are held out of training, uint8 `(N, 28, 28)`."""
    return load_font_negatives(Split.HELD_OUT)


def measure_fonts(classifier: Classifier) -> dict[str, Any]:
    """Measure how many digits of the fonts that are held out of training are read right and accepted."""
    digits = load_font_digits(Split.HELD_OUT)
    return {"count": len(digits.labels), "read_pct": round(100 - _percentage(misread(classifier, digits.images, digits.labels)), 2)}


def measure_profiles(classifier: Classifier) -> dict[str, Any]:
    """Measure what `TAUGHT` examples of each digit gain for each of `PROFILE_WRITERS` writers.

    Returns:
        The errors without and with the writer's profile in percent of the digits, and for how many writers they became more.
    """
    plain, personal = [], []
    labels = np.repeat(np.arange(10), READ)
    for index in range(PROFILE_WRITERS):
        digits = _digits_of_writer(index)
        profile = WriterProfile()
        for label, examples in enumerate(digits[:, :TAUGHT]):
            for example in examples:
                profile.add(example, label)
        rest = digits[:, TAUGHT:].reshape(-1, *digits.shape[2:])
        plain.append(misread(classifier, rest, labels))
        personal.append(misread(PersonalClassifier(classifier, profile), rest, labels))
    return {
        "writers": PROFILE_WRITERS,
        "examples_of_each_digit": TAUGHT,
        "error_pct": round(_percentage(np.array(plain)), 2),
        "error_with_profile_pct": round(_percentage(np.array(personal)), 2),
        "writers_worse": sum(int(after.sum() > before.sum()) for before, after in zip(plain, personal, strict=True)),
    }


def misread(classifier: MarkClassifier, images: UInt8Array, labels: Int64Array) -> BoolArray:
    """Decide for each digit, uint8 `(N, 28, 28)`, whether it is read as another one than its label, int64 `(N,)`, or rejected."""
    logits = classifier.logits(images)
    is_rejected = classifier.digit_scores_from_logits(logits) < classifier.reject_below
    return np.asarray((logits.argmax(axis=1) != labels) | is_rejected)


def _digits_of_writer(index: int) -> UInt8Array:
    """Return digits of one writer, uint8 `(10, TAUGHT + READ, 28, 28)`."""
    writer = make_writer(HELD_OUT_WRITERS + index)
    rng = np.random.default_rng((HELD_OUT_WRITERS, index, 1))
    return np.stack(
        [np.stack([as_model_input(writer.write(digit, rng)[0], writer.pen) for _ in range(TAUGHT + READ)]) for digit in range(10)]
    )


def _percentage(values: BoolArray) -> float:
    return 100 * float(np.mean(values))
