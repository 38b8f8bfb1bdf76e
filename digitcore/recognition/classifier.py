"""The trained network in LiteRT: its checksum is verified when it is loaded, it never changes after that, and any thread may use it."""

import math
import os
import queue
import threading
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from digitcore.class_names import class_names_of
from digitcore.recognition import artifacts
from digitcore.recognition.model_input import MODEL_SIDE_PX, to_model_input
from digitcore.recognition.prediction import free_energy, logistic, softmax
from digitcore.types import Float32Array, UInt8Array


class Classifier:
    """A network that gives a logit for each class, of digits ten, for each 28×28 image, with calibrated probabilities and digit scores.

    A LiteRT interpreter may be used by one thread at a time, so there are as many as there are cores: a thread waits for one only
    while all cores compute anyway. Images are run one by one, since a batch takes as long for each of them.

    Args:
        model: the content of a `.tflite` file.
        card: its model card; `card["serving"]` holds the calibration.

    Attributes:
        card: the model card, the JSON object of `card.json`.
        classes: the names of the K classes, a character each; those of digits by default (`digitcore.class_names`).
        temperature: the logits are divided by it before the softmax (temperature scaling, Guo et al. 2017).
        reject_below: marks with a lower digit score are rejected.

    Raises:
        KeyError: the card lacks a field.
        ValueError: the bytes are no LiteRT model, or the card's calibration is out of range, or its names of classes are none.

    Examples:
        >>> import numpy as np
        >>> classifier = load_classifier()
        >>> classifier.probabilities(np.zeros((2, 28, 28), np.uint8)).shape
        (2, 10)
    """

    def __init__(self, model: bytes, card: dict[str, Any]) -> None:
        self.card: Final = card
        self.classes: Final = class_names_of(card)
        serving = card["serving"]
        self.temperature: Final = float(serving["temperature"])
        self.reject_below: Final = float(serving["reject_below"])
        self._energy_centre: Final = float(serving["energy_centre"])
        self._energy_scale: Final = float(serving["energy_scale"])
        self._check_calibration()
        self._interpreters: Final[queue.LifoQueue[_Interpreter]] = queue.LifoQueue()
        for _ in range(os.cpu_count() or 1):
            self._interpreters.put(_Interpreter(model, len(self.classes)))

    def _check_calibration(self) -> None:
        """Raise a `ValueError` for a calibration with which no image can be classified."""
        if not all(map(math.isfinite, (self.temperature, self.reject_below, self._energy_centre, self._energy_scale))):
            raise ValueError("expected finite numbers in the calibration.")
        if self.temperature <= 0 or self._energy_scale == 0:
            raise ValueError("expected a temperature above 0 and an energy scale other than 0.")

    def logits(self, images: UInt8Array) -> Float32Array:
        """Run the network.

        Args:
            images: uint8 `(N, 28, 28)`, white ink on black, any N.

        Returns:
            float32 `(N, K)`, not calibrated.

        Raises:
            ValueError: another shape or type; the text gives what was expected and received.
        """
        return self.logits_and_features(images)[0]

    def logits_and_features(self, images: UInt8Array) -> tuple[Float32Array, Float32Array]:
        """Run the network, and return what its last layer makes the logits of, too.

        Args:
            images: as `logits` takes them.

        Returns:
            The logits, float32 `(N, K)`, and the pooled features of the last feature maps, float32 `(N, F)`, at least 0; F is 0 for a
            network that was exported without them.

        Raises:
            ValueError: as in `logits`.
        """
        inputs = to_model_input(images)
        interpreter = self._interpreters.get()
        try:
            return interpreter.run(inputs)
        finally:
            self._interpreters.put(interpreter)

    def probabilities(self, images: UInt8Array) -> Float32Array:
        """Compute the calibrated probabilities of the classes, the ten digits by default.

        Args:
            images: as `logits` takes them.

        Returns:
            float32 `(N, K)`; each row sums to 1.

        Raises:
            ValueError: as in `logits`.
        """
        return softmax(self.logits(images), self.temperature)

    def digit_scores(self, images: UInt8Array) -> Float32Array:
        """Compute how much each image looks like a digit at all.

        Args:
            images: as `logits` takes them.

        Returns:
            float32 `(N,)` in [0, 1], high for a digit.

        Raises:
            ValueError: as in `logits`.
        """
        return self.digit_scores_from_logits(self.logits(images))

    def digit_scores_from_logits(self, logits: Float32Array) -> Float32Array:
        """Compute digit scores from logits: a logistic function of their free energy (Liu et al. 2020).

        Args:
            logits: float32 `(N, K)`.

        Returns:
            float32 `(N,)` in [0, 1], high for a digit.
        """
        return logistic((free_energy(logits) - self._energy_centre) / self._energy_scale)


class _Interpreter:
    """A LiteRT interpreter with a batch size of one, for one thread at a time."""

    def __init__(self, model: bytes, class_count: int) -> None:
        self._class_count = class_count
        self._interpreter = Interpreter(model_content=model, num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = {int(each["shape"][-1]): each["index"] for each in self._interpreter.get_output_details()}  # by their widths

    def run(self, inputs: Float32Array) -> tuple[Float32Array, Float32Array]:
        results = {width: np.empty((len(inputs), width), np.float32) for width in self._outputs}
        for row, image in enumerate(inputs):
            self._interpreter.set_tensor(self._input, image[np.newaxis])
            self._interpreter.invoke()
            for width, index in self._outputs.items():
                results[width][row] = self._interpreter.get_tensor(index)[0]
        logits = results.pop(self._class_count)
        return logits, next(iter(results.values()), np.empty((len(inputs), 0), np.float32))


def load_classifier(path: str | os.PathLike[str] | None = None) -> Classifier:
    """Load a network, verify its checksum, and run it once.

    Args:
        path: a `.tflite` file with its `card.json` in the same folder; by default the network that ships with the package.

    Returns:
        The classifier, ready to be used by many threads.

    Raises:
        ModelError: a file is missing or damaged, or doesn't match the checksum in its model card; the text gives a remedy.

    Examples:
        >>> load_classifier().card["model"]["parameters"] > 100_000
        True
    """
    folder: Traversable = artifacts.PACKAGED_NETWORK if path is None else Path(path).parent
    name = artifacts.MODEL_NAME if path is None else Path(path).name
    model, card = artifacts.read_model(folder, name)
    try:
        classifier = Classifier(model, card)
        classifier.logits(np.zeros((1, MODEL_SIDE_PX, MODEL_SIDE_PX), np.uint8))
    except (KeyError, TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise artifacts.damaged_network(name) from error
    return classifier


_loading = threading.Lock()


def default_classifier() -> Classifier:
    """Return the network that ships with the package, loaded once in a process.

    Returns:
        The same classifier on each call; after an error the next call tries again.

    Raises:
        ModelError: as in `load_classifier`.

    Examples:
        >>> default_classifier() is default_classifier()
        True
    """
    with _loading:
        return _load_default()


@lru_cache(maxsize=1)
def _load_default() -> Classifier:
    return load_classifier()
