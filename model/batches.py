"""Generate the training batches: augmented digits of MNIST, synthetic writers and fonts, split touching digits; marks that are no digits.

`model.characters` has the characters of other classes instead.

The targets are labels, or a mixture of labels and the probabilities of teacher networks (knowledge distillation, Hinton et al. 2015).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

import keras
import numpy as np

from digitcore import Classifier
from digitcore.recognition.model_input import CLASS_COUNT, to_model_input
from digitcore.recognition.prediction import softmax
from digitcore.types import Float32Array, Int64Array, UInt8Array
from model.augment import augment, degraded_share_at
from model.data import LabelledDigits
from model.fonts import Split, load_font_digits, load_font_negatives
from model.handwritten import many_handwritten
from model.negatives import negative
from model.touching import many_touching

BATCH_COMPOSITION: Final = MappingProxyType(
    {"digits": 100, "handwritten": 38, "font_digits": 10, "touching": 28, "negatives": 40, "font_negatives": 14, "merged": 12}
)
"""Images of each kind in a batch: MNIST digits; digits of synthetic writers (`model.handwritten`) and of handwriting fonts (`model.fonts`);
digits that were split from touching neighbours (`model.touching`); marks that are no digits (`model.negatives`); letters and signs of
handwriting fonts; pieces of several touching digits."""

HANDWRITTEN_COUNT: Final = 40_000
"""Number of synthetic digits generated at the start of a training; the batches sample from them."""

TOUCHING_COUNT: Final = 20_000
"""Number of split digits generated at the start of a training; the batches sample from them."""

NEGATIVE_COUNT: Final = 30_000
"""Number of negatives generated at the start of a training; the batches sample from them."""

DIGITS_A_BATCH: Final = BATCH_COMPOSITION["digits"]

TEACHER_WEIGHT: Final = 0.7
"""Weight of a teacher's probabilities in a target; the remaining weight is the label's."""


class BatchSources(NamedTuple):
    """What the batches of a training sample from; the names are those of `BATCH_COMPOSITION`, which has the number in a batch."""

    digits: LabelledDigits
    """The digits, or other characters, of which an epoch takes each once; `digits` in a batch."""

    others: Mapping[str, LabelledDigits]
    """Further ones, by name."""

    negatives: Mapping[str, UInt8Array]
    """Marks that are no digits, uint8 `(N, 28, 28)`, by name."""

    @property
    def composition(self) -> dict[str, int]:
        """Return the number of images of each kind in a batch."""
        return {name: BATCH_COMPOSITION[name] for name in ("digits", *self.others, *self.negatives)}


def digit_sources(digits: LabelledDigits, seed: int, limit: int | None = None) -> BatchSources:
    """Generate what the batches of a training on digits sample from.

    Args:
        digits: the MNIST digits to train on.
        seed: of the random numbers.
        limit: maximum number of generated images of each kind, to keep tests short; None for the usual numbers.
    """
    rng = np.random.default_rng(seed)
    handwritten = many_handwritten(min(limit or HANDWRITTEN_COUNT, HANDWRITTEN_COUNT), rng)
    of_both = handwritten.joined(digits.where(rng.choice(len(digits.labels), len(handwritten.labels))))
    pieces = many_touching(of_both, min(limit or TOUCHING_COUNT, TOUCHING_COUNT), rng)
    drawn = np.stack([negative(digits, rng) for _ in range(min(limit or NEGATIVE_COUNT, NEGATIVE_COUNT))])
    others = {"handwritten": handwritten, "font_digits": load_font_digits(Split.TRAINING), "touching": pieces.digits}
    negatives = {"negatives": drawn, "font_negatives": load_font_negatives(Split.TRAINING), "merged": pieces.merged}
    return BatchSources(digits, others, negatives)


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """Serve batches of digits, shuffled and augmented again in each epoch, with other digits and negatives.

    The batches are determined by the arguments. All images are augmented.

    Args:
        sources: what the batches sample from.
        class_count: the number of classes.
        seed: seed of the order and the augmentation.
        epochs: number of epochs of the training, which determines the share of degraded images in each.
        teachers: networks whose probabilities become part of the targets, used in turn, one for each batch.
    """

    def __init__(self, sources: BatchSources, class_count: int, seed: int, epochs: int, teachers: Sequence[Classifier] = ()) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self.sources = sources
        self.class_count = class_count
        self.teachers = teachers
        self.seed = seed
        self.epochs = epochs
        self.epoch = 0
        self.order = self._shuffled_indices()

    def __len__(self) -> int:
        return max(1, len(self.sources.digits.labels) // DIGITS_A_BATCH)

    def __getitem__(self, index: int) -> tuple[Float32Array, Float32Array]:
        rng = np.random.default_rng((self.seed, self.epoch, index))
        originals, labels = self._sample(index, rng)
        degraded_share = degraded_share_at(self.epoch / self.epochs)
        images = np.stack([augment(image, rng, degraded_share) for image in originals])
        targets = np.zeros((len(images), self.class_count), np.float32)
        targets[: len(labels)] = one_hot(labels, self.class_count)
        if self.teachers:
            mnist_targets = targets[:DIGITS_A_BATCH]  # not for generated digits, whose labels are more accurate than the teachers
            teacher = self.teachers[index % len(self.teachers)]
            mnist_targets += TEACHER_WEIGHT * (softmax(teacher.logits(images[:DIGITS_A_BATCH])) - mnist_targets)
        return to_model_input(images), targets

    def _sample(self, index: int, rng: np.random.Generator) -> tuple[UInt8Array, Int64Array]:
        """Return the images of a batch, not augmented, the negatives last; and the labels of the others."""
        order = self.order[index * DIGITS_A_BATCH : (index + 1) * DIGITS_A_BATCH]
        counts, (digits, others, negatives) = BATCH_COMPOSITION, self.sources
        drawn = [each.where(rng.integers(len(each.labels), size=counts[name])) for name, each in others.items()]
        labelled = [digits.where(order), *drawn]
        unlabelled = [images[rng.integers(len(images), size=counts[name])] for name, images in negatives.items()]
        return np.concatenate([*(each.images for each in labelled), *unlabelled]), np.concatenate([each.labels for each in labelled])

    def start_epoch(self, epoch: int) -> None:
        """Shuffle the digits for an epoch, from 0; a training that continues doesn't begin with the first."""
        self.epoch = epoch
        self.order = self._shuffled_indices()

    def _shuffled_indices(self) -> Int64Array:
        return np.random.default_rng((self.seed, self.epoch)).permutation(len(self.sources.digits.labels))


def one_hot(labels: Int64Array, class_count: int = CLASS_COUNT) -> Float32Array:
    """Encode labels, int64 `(N,)`, as one-hot targets, float32 `(N, class_count)`."""
    return np.eye(class_count, dtype=np.float32)[labels]
