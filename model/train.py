"""Train the network on MNIST: `python -m model.train` (or `make train`); with `--classes` on letters and shapes, without MNIST.

Reads the original training files, holds 5,000 images out for validation, and never uses the test set. Writes the network, `digits.keras`,
into `model/`, and the files that are served, `digits.tflite`, `explainer.tflite` and `card.json`, into `digitcore/recognition/network/`;
with `--folder`, all four into that folder. The model card, `card.json`, holds the settings, the validation results, the duration and the
hardware of the training.

An interrupted training continues with the epoch after the last one that it has finished, if it is started again with the same options; its
state is in `checkpoint`, in the folder of the artefacts, until it ends.

A training can also start from a saved network (`--start`) and use others as teachers (`--teachers`), as `make train` does.
"""

import argparse
import math
import os
import platform
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import cv2
import keras

from digitcore import Classifier
from digitcore.class_names import DIGITS, class_names_of
from digitcore.recognition.model_input import to_model_input
from model import artefacts, calibration
from model.architecture import build_network, load_network
from model.batches import BatchSources, TrainingBatches, digit_sources, one_hot
from model.characters import character_sources, check_classes, load_validation
from model.data import LabelledDigits, load_training
from model.evaluate import calibrate
from model.export import export, served_model
from model.losses import digit_accuracy, digit_loss

EPOCHS: Final = 24
PEAK_LEARNING_RATE: Final = 3e-3
WEIGHT_DECAY: Final = 0.02
WARMUP_EPOCHS: Final = 1
SEED: Final = 1
CHECKPOINT_NAME: Final = "checkpoint"
RECORDED_PACKAGES: Final = ("keras", "tensorflow", "numpy", "opencv-python-headless", "ai-edge-litert")
"""The packages whose versions are stored in the model card."""


def compile_network(network: keras.Model, steps_per_epoch: int, epochs: int, peak_learning_rate: float) -> None:
    """Compile with AdamW (Loshchilov and Hutter 2019) and a cosine learning-rate schedule with a linear warm-up."""
    warmup_steps = WARMUP_EPOCHS * steps_per_epoch
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=peak_learning_rate / 100,
        warmup_target=peak_learning_rate,
        warmup_steps=warmup_steps,
        decay_steps=max(epochs * steps_per_epoch - warmup_steps, 1),
        alpha=1e-3,
    )
    network.compile(keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY), digit_loss, metrics=[digit_accuracy])


def load_sources(options: argparse.Namespace) -> BatchSources:
    """Load or generate what a network is trained on; the options are those of `parse`."""
    if options.classes != DIGITS:
        return character_sources(options.classes, options.seed, options.limit)
    images, labels = load_training()[0]
    return digit_sources(LabelledDigits(images[: options.limit], labels[: options.limit]), options.seed, options.limit)


def train(options: argparse.Namespace, sources: BatchSources) -> tuple[keras.Model, float]:
    """Train a network as the options of the command line describe.

    Args:
        options: see `parse`.
        sources: what it is trained on.

    Returns:
        The network without loss, metrics and optimizer, and the duration of the training in seconds.
    """
    class_count, validation = len(options.classes), load_validation(options.classes)
    start = time.perf_counter()
    keras.utils.set_random_seed(options.seed)
    network = build_network(class_count)
    if options.start:
        network.set_weights(load_network(options.start).get_weights())
    batches = TrainingBatches(sources, class_count, options.seed, options.epochs, [as_teacher(path) for path in options.teachers])
    compile_network(network, len(batches), options.epochs, options.peak_learning_rate)
    network.fit(
        batches,
        epochs=options.epochs,
        validation_data=(to_model_input(validation.images), one_hot(validation.labels, class_count)),
        validation_batch_size=500,
        callbacks=[
            keras.callbacks.BackupAndRestore(options.folder / CHECKPOINT_NAME),
            keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: batches.start_epoch(epoch)),
        ],
        verbose=1 if sys.stdout.isatty() else 2,
    )
    trained = build_network(class_count)
    trained.set_weights(network.get_weights())
    return trained, time.perf_counter() - start


def as_teacher(path: Path) -> Classifier:
    """Load a saved network as an uncalibrated LiteRT classifier, for fast inference."""
    return Classifier(served_model(path), {"serving": calibration.NEUTRAL})


def origin(start: Path) -> dict[str, Any]:
    """Describe the network that a training started from: its SHA-256, and the entry `training` of its card if the card is in its folder."""
    digest = artefacts.sha256(start)
    card = artefacts.read_card(start.parent) if (artefacts.served_in(start.parent) / artefacts.CARD_NAME).exists() else {}
    card_matches = card.get("model", {}).get("keras_sha256") == digest
    return {"sha256": digest, **({"training": card["training"]} if card_matches else {})}


def machine() -> dict[str, Any]:
    """Describe the hardware and the package versions of a training."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "hardware": f"{cores} core{'s' if cores != 1 else ''}, {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in RECORDED_PACKAGES},
        "keras_backend": keras.backend.backend(),
    }


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--peak-learning-rate", type=float, default=PEAK_LEARNING_RATE)
    parser.add_argument("--start", type=Path, default=None, help="a .keras file whose weights the training starts from")
    parser.add_argument(
        "--teachers",
        type=Path,
        nargs="+",
        default=[],
        help=".keras files of teacher networks, whose probabilities become part of the targets",
    )
    parser.add_argument("--classes", type=_classes, default=DIGITS, help="letters and shapes to read instead of digits, such as ABC△□☆")
    parser.add_argument("--limit", type=int, default=None, help="train on the first LIMIT images only")
    parser.add_argument("--folder", type=Path, default=artefacts.MODEL_DIR, help="folder to write the artefacts to")
    return parser.parse_args(arguments)


def _classes(names: str) -> str:
    try:
        check_classes(class_names_of({"classes": names}))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return names


def store(network: keras.Model, classes: str, training: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Save, export and calibrate a network.

    Args:
        network: the trained network.
        classes: the names of its classes, a character each.
        training: how it was trained, for the model card.
        folder: to write the artefacts to.

    Returns:
        The model card.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network.save(folder / artefacts.KERAS_NAME)
    card = {"classes": classes, "model": export(folder), "serving": calibration.NEUTRAL, "training": training}
    artefacts.write_card(card, folder)
    return calibrate(folder)


def main() -> None:
    """Train, export and calibrate a network, and write its card."""
    options = parse()
    start = {"start": origin(options.start)} if options.start else {}
    cv2.setNumThreads(1)  # images of 28×28 are too small for several threads
    sources = load_sources(options)
    network, seconds = train(options, sources)
    training = {
        "command": shlex.join(["python", "-m", "model.train", *sys.argv[1:]]),
        "seed": options.seed,
        "epochs": options.epochs,
        "a_batch": sources.composition,
        "training_pictures": len(sources.digits.labels),
        "minutes": math.ceil(seconds / 60),
        **machine(),
        **start,
    }
    card = store(network, options.classes, training, options.folder)
    print(f"validation: {card['validation']['accuracy_pct']} % of {card['validation']['count']}, in {seconds / 60:.1f} minutes")


if __name__ == "__main__":
    main()
