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

from digitcore.model_input import to_model_input
from model import artefacts, calibration
from model.architecture import build_network
from model.augment import augmented_images
from model.data import LabelledDigits, load_training
from model.evaluate import calibrate

EPOCHS: Final = 26
BATCH_SIZE: Final = 128
PEAK_LEARNING_RATE: Final = 3e-3
WEIGHT_DECAY: Final = 0.02
WARMUP_EPOCHS: Final = 1
SEED: Final = 1
VERSIONED: Final = ("keras", "tensorflow", "numpy", "opencv-python-headless", "ai-edge-litert")


class AugmentedDigits(keras.utils.PyDataset):  # type: ignore[misc]
    """The training pictures in a new order and a new shape every epoch, the same for the same seed."""

    def __init__(self, digits: LabelledDigits, seed: int, batch_size: int) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self.digits = digits
        self.seed = seed
        self.batch_size = batch_size
        self.epoch = 0
        self.order = self._shuffled()

    def __len__(self) -> int:
        return len(self.digits.labels) // self.batch_size

    def __getitem__(self, index: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        images = augmented_images(self.digits.images[chosen], (self.seed, self.epoch, index))
        return to_model_input(images), self.digits.labels[chosen]

    def on_epoch_end(self) -> None:
        self.epoch += 1
        self.order = self._shuffled()

    def _shuffled(self) -> npt.NDArray[np.int64]:
        return np.random.default_rng((self.seed, self.epoch)).permutation(len(self.digits.labels))


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
    network.compile(
        keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )


def train(seed: int, epochs: int, limit: int | None) -> tuple[keras.Model, float]:
    """A trained network and the seconds it took; `limit` trains on fewer pictures (for tests)."""
    training, validation = load_training()
    training = LabelledDigits(training.images[:limit], training.labels[:limit])
    keras.utils.set_random_seed(seed)
    network = build_network()
    batches = AugmentedDigits(training, seed, min(BATCH_SIZE, len(training.labels)))
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


def export(network: keras.Model, folder: Path) -> None:
    """Write the network for Keras and, with batch normalisation folded in, for LiteRT."""
    folder.mkdir(parents=True, exist_ok=True)
    network.save(folder / artefacts.KERAS_NAME)
    network.export(folder / artefacts.LITERT_NAME, format="litert", verbose=False)


def describe(network: keras.Model, folder: Path, how: dict[str, Any]) -> dict[str, Any]:
    """The card of freshly exported artefacts, not yet calibrated or measured."""
    litert = folder / artefacts.LITERT_NAME
    return {
        "model": {
            "file": litert.name,
            "sha256": artefacts.sha256(litert),
            "size_bytes": litert.stat().st_size,
            "keras_file": artefacts.KERAS_NAME,
            "keras_sha256": artefacts.sha256(folder / artefacts.KERAS_NAME),
            "parameters": network.count_params(),
        },
        "serving": calibration.NEUTRAL,
        "training": how,
    }


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
    export(network, options.folder)
    how = {
        "command": f"python -m model.train --seed {options.seed} --epochs {options.epochs}",
        "seed": options.seed,
        "epochs": options.epochs,
        "batch_size": BATCH_SIZE,
        "training_pictures": options.limit or 55_000,
        "minutes": math.ceil(seconds / 60),
        **machine(),
    }
    artefacts.write_card(describe(network, options.folder, how), options.folder)
    card = calibrate(options.folder)
    print(f"validation: {card['validation']['accuracy_pct']} % of {card['validation']['count']}, in {seconds / 60:.1f} minutes")


if __name__ == "__main__":
    main()
