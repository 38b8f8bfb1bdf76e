"""Write the pictures of the network's mistakes on the MNIST test set, for the Model page: `python -m model.mistakes`.

The file is about ten kilobytes: a compressed NumPy archive with the arrays `images`, `labels`, `predictions` and `confidences`, the most
confident mistake first, and `model_sha256`, the checksum of the network that made them. The pictures are MNIST's (LeCun, Cortes and
Burges), under CC BY-SA 3.0.
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np

from digitcore import Classifier, load_classifier
from model import artefacts
from model.data import LabelledDigits, load_test

FILE_NAME: Final = "mistakes.npz"

SHOWN_DIR: Final = artefacts.MODEL_DIR.parent / "app" / "model"
"""Folder of the file of the shipped network: it is part of the app, not of the package."""


def write_mistakes(classifier: Classifier, digits: LabelledDigits, model_sha256: str, path: Path) -> int:
    """Classify digits, and write those that are misread.

    Args:
        classifier: the network, calibrated.
        digits: the images and their labels.
        model_sha256: the checksum of the network's file.
        path: where to write.

    Returns:
        The number of mistakes.
    """
    probabilities = classifier.probabilities(digits.images)
    predictions, confidences = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predictions != digits.labels)
    wrong = wrong[np.argsort(-confidences[wrong], kind="stable")]
    np.savez_compressed(
        path,
        images=digits.images[wrong],
        labels=digits.labels[wrong].astype(np.uint8),
        predictions=predictions[wrong].astype(np.uint8),
        confidences=confidences[wrong],
        model_sha256=np.array(model_sha256),
    )
    return len(wrong)


def write_mistakes_of(folder: Path) -> int:
    """Write the mistakes of the network in a folder of artefacts, and return their number."""
    network = artefacts.served_in(folder) / artefacts.LITERT_NAME
    target = SHOWN_DIR if folder == artefacts.MODEL_DIR else folder
    return write_mistakes(load_classifier(network), load_test(), artefacts.sha256(network), target / FILE_NAME)


def main() -> None:
    """Write the file and print the number of mistakes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=artefacts.MODEL_DIR, help="folder of the artefacts")
    print(write_mistakes_of(parser.parse_args().folder), "mistakes")


if __name__ == "__main__":
    main()
