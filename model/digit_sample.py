"""Write what the Model page needs to damage the network, and to train a small one: `python -m model.digit_sample`.

The file, `app/model/digit_sample.npz`, has a sample of the MNIST test set, `images` and `labels`; one of its training pictures,
`training_images` and `training_labels`; and as `other_00`, `other_01`, … the weights and then the biases of a network that was trained with
another random seed, in float16. It is about half a megabyte. The pictures are MNIST's (LeCun, Cortes and Burges), under CC BY-SA 3.0.
"""

import argparse
from pathlib import Path
from typing import Any, Final

import numpy as np

from digitcore.analysis.damage import NetworkWeights
from model import artefacts
from model.data import LabelledDigits, load_test, load_training
from model.export import served_model
from model.mistakes import SHOWN_DIR

FILE_NAME: Final = "digit_sample.npz"
SAMPLE_COUNT: Final = 500
TRAINING_COUNT: Final = 1_000
OTHER_SEED: Final = artefacts.MODEL_DIR / artefacts.SEEDS_NAME / "2.keras"


def write_sample(test: LabelledDigits, training: LabelledDigits, other_network: bytes, path: Path) -> None:
    """Write random samples of labelled digits, and the weights of a network.

    Args:
        test: the test set.
        training: the training set.
        other_network: the content of a `.tflite` file.
        path: where to write.
    """
    rng = np.random.default_rng(0)
    sample, learned = (_sample(digits, count, rng) for digits, count in ((test, SAMPLE_COUNT), (training, TRAINING_COUNT)))
    arrays: dict[str, Any] = {"images": sample.images, "labels": sample.labels.astype(np.uint8)}
    arrays |= {"training_images": learned.images, "training_labels": learned.labels.astype(np.uint8)}
    network = NetworkWeights(other_network)
    arrays |= {f"other_{index:02}": array.astype(np.float16) for index, array in enumerate([*network.weights, *network.biases])}
    np.savez_compressed(path, **arrays)


def _sample(digits: LabelledDigits, count: int, rng: np.random.Generator) -> LabelledDigits:
    return digits.where(rng.permutation(len(digits.labels))[:count])


def main() -> None:
    """Write the file and print its size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=SHOWN_DIR, help="folder to write to")
    path = parser.parse_args().folder / FILE_NAME
    write_sample(load_test(), load_training()[0], served_model(OTHER_SEED), path)
    print(path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
