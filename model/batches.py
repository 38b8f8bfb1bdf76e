"""What the network is shown: MNIST in other shapes, other hands, cut digits, marks that are none; and what teachers think of them."""

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

DIGITS_A_BATCH: Final = 120
"""Pictures of MNIST in each batch."""

HANDWRITTEN_A_BATCH: Final = 20
"""And digits in hands that MNIST lacks."""

TOUCHING_A_BATCH: Final = 24
"""And digits that were cut out of numbers."""

NEGATIVES_A_BATCH: Final = 22
"""And marks that are no digits. All are augmented."""

HANDWRITTEN_COUNT: Final = 20_000
TOUCHING_COUNT: Final = 20_000
NEGATIVE_COUNT: Final = 30_000
"""How many of these are made at the start of a training, to be drawn from."""

TEACHERS_SHARE: Final = 0.7
"""How much of a target is what a teacher says; the rest is the label."""


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """MNIST in a new order and a new shape every epoch, with other hands, cut digits and negatives; the same for the same seed.

    Args:
        digits: what there is of MNIST.
        seed: of the order, the shapes and all that is added to MNIST.
        epochs: how many the training has; in the last of them fewer pictures are spoilt.
        teachers: networks whose probabilities become part of the targets; each batch asks the next of them.
        limit: at most so many of each kind that is added are made (for tests).
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
        self.order = self._shuffled()

    def __len__(self) -> int:
        return max(1, len(self.digits.labels) // DIGITS_A_BATCH)

    def __getitem__(self, index: int) -> tuple[Float32Array, Float32Array]:
        rng = np.random.default_rng((self.seed, self.epoch, index))
        chosen = self.order[index * DIGITS_A_BATCH : (index + 1) * DIGITS_A_BATCH]
        written = rng.integers(len(self.written.labels), size=HANDWRITTEN_A_BATCH)
        touching = rng.integers(len(self.touching.labels), size=TOUCHING_A_BATCH)
        negatives = rng.integers(len(self.negatives), size=NEGATIVES_A_BATCH)
        others = (self.written.images[written], self.touching.images[touching], self.negatives[negatives])
        plain = np.concatenate([self.digits.images[chosen], *others])
        spoilt = degraded_share_at(self.epoch / self.epochs)
        images = np.stack([augment(image, rng, spoilt) for image in plain])
        targets = np.zeros((len(images), CLASS_COUNT), np.float32)
        labels = np.concatenate([self.digits.labels[chosen], self.written.labels[written], self.touching.labels[touching]])
        targets[: len(labels)] = one_hot(labels)
        if self.teachers:
            of_mnist = targets[: len(chosen)]  # what the teachers were good at: of other hands they know less than the labels
            of_mnist += TEACHERS_SHARE * (softmax(self.teachers[index % len(self.teachers)].logits(images[: len(chosen)])) - of_mnist)
        return to_model_input(images), targets

    def on_epoch_end(self) -> None:
        """Shuffle anew."""
        self.epoch += 1
        self.order = self._shuffled()

    def _shuffled(self) -> Int64Array:
        return np.random.default_rng((self.seed, self.epoch)).permutation(len(self.digits.labels))


def one_hot(labels: Int64Array) -> Float32Array:
    """Targets of certain digits: float32 `(N, 10)` for int64 `(N,)`."""
    return np.eye(CLASS_COUNT, dtype=np.float32)[labels]
