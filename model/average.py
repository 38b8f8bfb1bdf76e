"""Average the weights of networks: `python -m model.average NETWORK.keras…` (the last step of `make distil`).

Networks from successive rounds of one training lie in one basin of the loss; the mean of their weights is about as accurate as the best of
them in every respect (stochastic weight averaging, Izmailov et al. 2018). Writes the same files as `model.train`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from digitcore.class_names import class_names_of
from model import artefacts
from model.architecture import load_network
from model.train import store


def average(paths: Sequence[Path]) -> keras.Model:
    """Average networks of the same architecture.

    Args:
        paths: at least one `.keras` file.

    Returns:
        A network whose weights, batch-normalisation statistics included, are the means of theirs.
    """
    networks = [load_network(path) for path in paths]
    weights = zip(*(network.get_weights() for network in networks), strict=True)
    networks[0].set_weights([sum(each) / len(networks) for each in weights])
    return networks[0]


def origin(paths: Sequence[Path]) -> dict[str, Any]:
    """Describe where an average comes from: the training of the last network, and the SHA-256 of all."""
    training = artefacts.read_card(paths[-1].parent)["training"]
    return {**training, "averaged": [artefacts.sha256(path) for path in paths]}


def main() -> None:
    """Average, export and calibrate networks, and write the card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", type=Path, nargs="+", help=".keras files, that of the last round in the same folder as its card")
    parser.add_argument("--folder", type=Path, default=artefacts.MODEL_DIR, help="folder to write the artefacts to")
    options = parser.parse_args()
    classes = class_names_of(artefacts.read_card(options.networks[-1].parent))
    card = store(average(options.networks), classes, origin(options.networks), options.folder)
    print(f"validation: {card['validation']['accuracy_pct']} %")


if __name__ == "__main__":
    main()
