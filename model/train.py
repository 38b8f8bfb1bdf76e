"""Train the network on MNIST: `python -m model.train` (or `make train`).

Reads the four original files, holds 5,000 training pictures out for validation, never looks at the test set, and writes
`digits.keras`, `digits.tflite` and `card.json` beside itself. `card.json` tells what came out, how long it took and on what.
"""

import argparse
import math
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import cv2
import keras
import numpy as np
import numpy.typing as npt

from digitcore.model_input import CLASS_COUNT, to_model_input
from model import artefacts, calibration
from model.architecture import build_network
from model.augment import augment
from model.data import LabelledDigits, load_training
from model.evaluate import calibrate
from model.export import export
from model.handwritten import handwritten
from model.negatives import negative

EPOCHS: Final = 30
DIGITS_A_BATCH: Final = 120
"""Pictures of MNIST in each batch, augmented."""

HANDWRITTEN_A_BATCH: Final = 8
"""And digits in hands that MNIST lacks."""

NEGATIVES_A_BATCH: Final = 24
"""And marks that are no digits."""

NO_DIGIT: Final = -1
"""The label of a mark that is no digit."""

NEGATIVE_WEIGHT: Final = 0.5
ENERGY_WEIGHT: Final = 0.02
ENERGY_OF_DIGITS: Final = 8.0
ENERGY_OF_NEGATIVES: Final = 3.0
"""Free energies are drawn above the one and below the other (Liu et al. 2020); ten logits of 0 have log 10 = 2.3."""

PEAK_LEARNING_RATE: Final = 3e-3
WEIGHT_DECAY: Final = 0.02
WARMUP_EPOCHS: Final = 1
SEED: Final = 1
VERSIONED: Final = ("keras", "tensorflow", "numpy", "opencv-python-headless", "ai-edge-litert")


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """MNIST in a new order and a new shape every epoch, with other hands and negatives; the same for the same seed."""

    def __init__(self, digits: LabelledDigits, seed: int) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self.digits = digits
        self.seed = seed
        self.epoch = 0
        self.order = self._shuffled()

    def __len__(self) -> int:
        return max(1, len(self.digits.labels) // DIGITS_A_BATCH)

    def __getitem__(self, index: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        rng = np.random.default_rng((self.seed, self.epoch, index))
        chosen = self.order[index * DIGITS_A_BATCH : (index + 1) * DIGITS_A_BATCH]
        written, written_labels = zip(*(handwritten(rng) for _ in range(HANDWRITTEN_A_BATCH)), strict=True)
        digits = [augment(image, rng) for image in (*self.digits.images[chosen], *written)]
        negatives = [negative(self.digits.images, rng) for _ in range(NEGATIVES_A_BATCH)]
        labels = [*self.digits.labels[chosen], *written_labels, *[NO_DIGIT] * NEGATIVES_A_BATCH]
        return to_model_input(np.stack(digits + negatives)), np.array(labels, np.int64)

    def on_epoch_end(self) -> None:
        self.epoch += 1
        self.order = self._shuffled()

    def _shuffled(self) -> npt.NDArray[np.int64]:
        return np.random.default_rng((self.seed, self.epoch)).permutation(len(self.digits.labels))


@keras.saving.register_keras_serializable(package="digits")  # type: ignore[untyped-decorator]
def digit_loss(labels: Any, logits: Any) -> Any:
    """Cross-entropy for digits; for negatives, that to "any digit alike" (Hendrycks et al. 2019); and both pushed apart in energy."""
    labels = keras.ops.reshape(labels, (-1,))
    is_digit = keras.ops.cast(labels >= 0, "float32")
    log_p = keras.ops.log_softmax(logits)
    log_p_of_label = keras.ops.sum(log_p * keras.ops.one_hot(labels, CLASS_COUNT, dtype="float32"), axis=-1)
    energy = keras.ops.logsumexp(logits, axis=-1)
    too_low = keras.ops.square(keras.ops.relu(ENERGY_OF_DIGITS - energy))
    too_high = keras.ops.square(keras.ops.relu(energy - ENERGY_OF_NEGATIVES))
    digit = -log_p_of_label + ENERGY_WEIGHT * too_low
    no_digit = -NEGATIVE_WEIGHT * keras.ops.mean(log_p, axis=-1) + ENERGY_WEIGHT * too_high
    return is_digit * digit + (1 - is_digit) * no_digit


@keras.saving.register_keras_serializable(package="digits")  # type: ignore[untyped-decorator]
def digit_accuracy(labels: Any, logits: Any) -> Any:
    """The share of digits, negatives left out, that are read right."""
    labels = keras.ops.reshape(labels, (-1,))
    is_digit = keras.ops.cast(labels >= 0, "float32")
    right = keras.ops.cast(keras.ops.argmax(logits, axis=-1) == keras.ops.cast(labels, "int32"), "float32")
    return keras.ops.sum(right * is_digit) / keras.ops.maximum(keras.ops.sum(is_digit), 1.0)


def compile_network(network: keras.Model, steps_per_epoch: int, epochs: int) -> None:
    """AdamW (Loshchilov and Hutter 2019) under a cosine schedule with a linear warm-up."""
    warmup_steps = WARMUP_EPOCHS * steps_per_epoch
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=PEAK_LEARNING_RATE / 100,
        warmup_target=PEAK_LEARNING_RATE,
        warmup_steps=warmup_steps,
        decay_steps=max(epochs * steps_per_epoch - warmup_steps, 1),
        alpha=1e-3,
    )
    network.compile(keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY), digit_loss, metrics=[digit_accuracy])


def train(seed: int, epochs: int, limit: int | None) -> tuple[keras.Model, float]:
    """A trained network and the seconds it took; `limit` trains on fewer pictures (for tests)."""
    training, validation = load_training()
    training = LabelledDigits(training.images[:limit], training.labels[:limit])
    keras.utils.set_random_seed(seed)
    network = build_network()
    batches = TrainingBatches(training, seed)
    compile_network(network, len(batches), epochs)
    start = time.perf_counter()
    network.fit(
        batches,
        epochs=epochs,
        validation_data=(to_model_input(validation.images), validation.labels),
        validation_batch_size=500,
        verbose=1 if sys.stdout.isatty() else 2,
    )
    return network, time.perf_counter() - start


def machine() -> dict[str, Any]:
    """What the run had under it."""
    return {
        "hardware": f"{os.cpu_count()} cores, {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in VERSIONED},
        "keras_backend": keras.backend.backend(),
    }


def main() -> None:
    """Train, export, and write the card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--limit", type=int, default=None, help="train on the first LIMIT pictures only")
    parser.add_argument("--folder", type=Path, default=artefacts.MODEL_DIR, help="where the artefacts go")
    options = parser.parse_args()
    cv2.setNumThreads(1)  # pictures of 28×28 are too small to share out
    network, seconds = train(options.seed, options.epochs, options.limit)
    options.folder.mkdir(parents=True, exist_ok=True)
    network.save(options.folder / artefacts.KERAS_NAME)
    files = export(options.folder)
    how = {
        "command": f"python -m model.train --seed {options.seed} --epochs {options.epochs}"
        + (f" --limit {options.limit}" if options.limit else ""),
        "seed": options.seed,
        "epochs": options.epochs,
        "digits_a_batch": DIGITS_A_BATCH,
        "training_pictures": options.limit or 55_000,
        "minutes": math.ceil(seconds / 60),
        **machine(),
    }
    artefacts.write_card({"model": files, "serving": calibration.NEUTRAL, "training": how}, options.folder)
    card = calibrate(options.folder)
    print(f"validation: {card['validation']['accuracy_pct']} % of {card['validation']['count']}, in {seconds / 60:.1f} minutes")


if __name__ == "__main__":
    main()
