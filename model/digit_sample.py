"""Write what the Model page needs to damage the network: `python -m model.digit_sample`.

The file, `app/model/digit_sample.npz`, has a sample of the MNIST test set, `images` and `labels`; and as `other_00`, `other_01`, … the
weights and then the biases of a network that was trained with another random seed, in float16. It is about 0.3 MB. The pictures are MNIST's
(LeCun, Cortes and Burges), under CC BY-SA 3.0.
"""

import argparse
from pathlib import Path
from typing import Any, Final

import numpy as np

from digitcore.analysis.damage import NetworkWeights
from model import artefacts
from model.data import LabelledDigits, load_test
from model.export import served_model
from model.mistakes import SHOWN_DIR

FILE_NAME: Final = "digit_sample.npz"
SAMPLE_COUNT: Final = 500
OTHER_SEED: Final = artefacts.MODEL_DIR / artefacts.SEEDS_NAME / "2.keras"


def write_sample(digits: LabelledDigits, other_network: bytes, path: Path) -> None:
    """Write a random sample of labelled digits, and the weights of a network.

    Args:
        digits: the test set.
        other_network: the content of a `.tflite` file.
        path: where to write.
    """
    chosen = np.random.default_rng(0).permutation(len(digits.labels))[:SAMPLE_COUNT]
    network = NetworkWeights(other_network)
    arrays: dict[str, Any] = {"images": digits.images[chosen], "labels": digits.labels[chosen].astype(np.uint8)}
    arrays |= {f"other_{index:02}": array.astype(np.float16) for index, array in enumerate([*network.weights, *network.biases])}
    np.savez_compressed(path, **arrays)


def main() -> None:
    """Write the file and print its size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=SHOWN_DIR, help="folder to write to")
    path = parser.parse_args().folder / FILE_NAME
    write_sample(load_test(), served_model(OTHER_SEED), path)
    print(path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
