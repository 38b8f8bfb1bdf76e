"""Generate the training batches: augmented MNIST digits, synthetic digits, split touching digits, and marks that are no digits.

The targets are labels, or a mixture of labels and the probabilities of teacher networks (knowledge distillation, Hinton et al. 2015).
"""

from collections.abc import Sequence
from typing import Final

import keras
import numpy as np

from digitcore import Classifier
from digitcore.recognition.model_input import CLASS_COUNT, to_model_input
from digitcore.recognition.prediction import softmax
from digitcore.types import Float32Array, Int64Array
from model.augment import augment, degraded_share_at
from model.data import LabelledDigits
from model.handwritten import many_handwritten
from model.negatives import negative
from model.touching import many_touching

DIGITS_A_BATCH: Final = 100
"""MNIST digits in each batch."""

HANDWRITTEN_A_BATCH: Final = 38
"""Synthetic digits in styles of handwriting that MNIST lacks, in each batch; see `model.handwritten`."""

TOUCHING_A_BATCH: Final = 20
"""Digits that were split from touching neighbours, in each batch; see `model.touching`."""

NEGATIVES_A_BATCH: Final = 28
"""Marks that are no digits, in each batch; see `model.negatives`."""

HANDWRITTEN_COUNT: Final = 40_000
"""Number of synthetic digits generated at the start of a training; the batches sample from them."""

TOUCHING_COUNT: Final = 20_000
"""Number of split digits generated at the start of a training; the batches sample from them."""

NEGATIVE_COUNT: Final = 30_000
"""Number of negatives generated at the start of a training; the batches sample from them."""

TEACHER_WEIGHT: Final = 0.7
"""Weight of a teacher's probabilities in a target; the remaining weight is the label's."""


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """Serve batches of MNIST digits, shuffled and augmented again in each epoch, with synthetic digits, split digits and negatives.

    The batches are determined by the arguments. All images are augmented.

    Args:
        digits: the MNIST digits to train on.
        seed: seed of the order, the augmentation, and the generated images.
        epochs: number of epochs of the training, which determines the share of degraded images in each.
        teachers: networks whose probabilities become part of the targets, used in turn, one for each batch.
        limit: maximum number of generated images of each kind, to keep tests short; None for the usual numbers.
    """

    def __init__(
        self, digits: LabelledDigits, seed: int, epochs: int, teachers: Sequence[Classifier] = (), limit: int | None = None
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        rng = np.random.default_rng(seed)
        self.digits = digits
        self.written = many_handwritten(min(limit or HANDWRITTEN_COUNT, HANDWRITTEN_COUNT), rng)
        self.touching = many_touching(digits, min(limit or TOUCHING_COUNT, TOUCHING_COUNT), rng)
        self.negatives = np.stack([negative(digits, rng) for _ in range(min(limit or NEGATIVE_COUNT, NEGATIVE_COUNT))])
        self.teachers = teachers
        self.seed = seed
        self.epochs = epochs
        self.epoch = 0
        self.order = self._shuffled_indices()

    def __len__(self) -> int:
        return max(1, len(self.digits.labels) // DIGITS_A_BATCH)

    def __getitem__(self, index: int) -> tuple[Float32Array, Float32Array]:
        rng = np.random.default_rng((self.seed, self.epoch, index))
        selected = self.order[index * DIGITS_A_BATCH : (index + 1) * DIGITS_A_BATCH]
        written = rng.integers(len(self.written.labels), size=HANDWRITTEN_A_BATCH)
        touching = rng.integers(len(self.touching.labels), size=TOUCHING_A_BATCH)
        negatives = rng.integers(len(self.negatives), size=NEGATIVES_A_BATCH)
        others = (self.written.images[written], self.touching.images[touching], self.negatives[negatives])
        originals = np.concatenate([self.digits.images[selected], *others])
        degraded_share = degraded_share_at(self.epoch / self.epochs)
        images = np.stack([augment(image, rng, degraded_share) for image in originals])
        targets = np.zeros((len(images), CLASS_COUNT), np.float32)
        labels = np.concatenate([self.digits.labels[selected], self.written.labels[written], self.touching.labels[touching]])
        targets[: len(labels)] = one_hot(labels)
        if self.teachers:
            mnist_targets = targets[: len(selected)]  # not for generated digits, whose labels are more accurate than the teachers
            teacher = self.teachers[index % len(self.teachers)]
            mnist_targets += TEACHER_WEIGHT * (softmax(teacher.logits(images[: len(selected)])) - mnist_targets)
        return to_model_input(images), targets

    def start_epoch(self, epoch: int) -> None:
        """Shuffle the MNIST digits for an epoch, from 0; a training that continues doesn't begin with the first."""
        self.epoch = epoch
        self.order = self._shuffled_indices()

    def _shuffled_indices(self) -> Int64Array:
        return np.random.default_rng((self.seed, self.epoch)).permutation(len(self.digits.labels))


def one_hot(labels: Int64Array) -> Float32Array:
    """Encode labels, int64 `(N,)`, as one-hot targets, float32 `(N, 10)`."""
    return np.eye(CLASS_COUNT, dtype=np.float32)[labels]
