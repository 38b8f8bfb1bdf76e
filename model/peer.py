"""Run the network with Keras, as the reference of benchmarks."""

from pathlib import Path

import numpy as np

from digitcore.recognition.model_input import to_model_input
from digitcore.types import Float32Array, UInt8Array
from model import artefacts
from model.architecture import load_network


class KerasPeer:
    """Wrap `keras.Model.predict` in the interface of `Classifier.logits`.

    Args:
        folder: the folder of the saved network.
    """

    def __init__(self, folder: Path = artefacts.MODEL_DIR) -> None:
        self._network = load_network(folder / artefacts.KERAS_NAME)

    def logits(self, images: UInt8Array) -> Float32Array:
        """Compute the logits, float32 `(N, 10)`, of images, uint8 `(N, 28, 28)`, white ink on black."""
        return np.asarray(self._network.predict(to_model_input(images), verbose=0), np.float32)


if __name__ == "__main__":  # timed by benchmarks: import, load and classify once in a new process
    KerasPeer().logits(np.zeros((1, 28, 28), np.uint8))
