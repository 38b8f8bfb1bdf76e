"""The trained network in LiteRT: checked by hash at load, immutable after it, safe for many threads at once."""

import hashlib
import json
import os
import queue
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from digitcore.errors import ModelError
from digitcore.messages import Message
from digitcore.recognition.model_input import CLASS_COUNT, MODEL_SIDE_PX, to_model_input
from digitcore.recognition.prediction import free_energy, logistic, softmax
from digitcore.types import Float32Array, UInt8Array

MODEL_PATH: Final = Path(__file__).resolve().parent / "network" / "digits.tflite"
"""The network that ships with the project; its card lies beside it."""

CARD_NAME: Final = "card.json"

_REMEDY: Final = Message("Restore the folder `model/` with `git checkout -- model`, or train the network again with `make train`.")


class Classifier:
    """Ten logits for a 28×28 picture, calibrated probabilities, and a score for how much of a digit it is.

    An interpreter may serve one thread at a time. There are as many as there are cores: a thread waits for one only while
    all cores compute anyway. Pictures go through one by one, since a batch takes just as long for each of them.
    """

    def __init__(self, model: bytes, card: dict[str, Any]) -> None:
        self.card: Final = card
        """The network's card, as its `card.json` holds it."""

        serving = card["serving"]
        self.temperature: Final = float(serving["temperature"])
        self.reject_below: Final = float(serving["reject_below"])
        """Marks with a lower digit score are refused."""

        self._energy_centre: Final = float(serving["energy_centre"])
        self._energy_scale: Final = float(serving["energy_scale"])
        self._interpreters: Final[queue.LifoQueue[_Interpreter]] = queue.LifoQueue()
        for _ in range(os.cpu_count() or 1):
            self._interpreters.put(_Interpreter(model))

    def logits(self, images: UInt8Array) -> Float32Array:
        """float32 `(N, 10)` for uint8 `(N, 28, 28)`, white ink on black, any N.

        Raises:
            ValueError: another shape or type, with what was expected and what was received.
        """
        inputs = to_model_input(images)
        interpreter = self._interpreters.get()
        try:
            return interpreter.run(inputs)
        finally:
            self._interpreters.put(interpreter)

    def probabilities(self, images: UInt8Array) -> Float32Array:
        """float32 `(N, 10)`, calibrated; arguments and errors as `logits`."""
        return softmax(self.logits(images), self.temperature)

    def digit_scores(self, images: UInt8Array) -> Float32Array:
        """float32 `(N,)` in [0, 1], high for a digit; arguments and errors as `logits`."""
        return self.digit_scores_from_logits(self.logits(images))

    def digit_scores_from_logits(self, logits: Float32Array) -> Float32Array:
        """The same from logits that are at hand already: a logistic curve of their free energy."""
        return logistic((free_energy(logits) - self._energy_centre) / self._energy_scale)


class _Interpreter:
    """One LiteRT interpreter with a fixed batch of one, for one thread at a time."""

    def __init__(self, model: bytes) -> None:
        self._interpreter = Interpreter(model_content=model, num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]

    def run(self, inputs: Float32Array) -> Float32Array:
        logits = np.empty((len(inputs), CLASS_COUNT), np.float32)
        for row, picture in enumerate(inputs):
            self._interpreter.set_tensor(self._input, picture[np.newaxis])
            self._interpreter.invoke()
            logits[row] = self._interpreter.get_tensor(self._output)[0]
        return logits


def load_classifier(path: str | os.PathLike[str] | None = None) -> Classifier:
    """Load a network whose `card.json` lies beside it, and see it answer once.

    Args:
        path: the `.tflite` file; by default the one that ships with the project.

    Raises:
        ModelError: a file is missing, damaged, or not the one the card describes; with how to mend it.
    """
    path = Path(path) if path is not None else MODEL_PATH
    model, card = _read(path), _read_card(path.parent / CARD_NAME)
    try:
        expected = card["model"]["sha256"]
        if hashlib.sha256(model).hexdigest() != expected:
            raise ModelError(
                Message(
                    "The network `{name}` isn't the one its card describes: damaged or swapped. {remedy}", name=path.name, remedy=_REMEDY
                )
            )
        classifier = Classifier(model, card)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelError(Message("The network `{name}` or its card is damaged. {remedy}", name=path.name, remedy=_REMEDY)) from error
    classifier.logits(np.zeros((1, MODEL_SIDE_PX, MODEL_SIDE_PX), np.uint8))
    return classifier


_loading = threading.Lock()


def default_classifier() -> Classifier:
    """The project's own network, loaded once a process; after an error the next call tries again.

    Raises:
        ModelError: see `load_classifier`.
    """
    with _loading:
        return _load_default()


@lru_cache(maxsize=1)
def _load_default() -> Classifier:
    return load_classifier()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(Message("The network's file `{name}` is missing. {remedy}", name=path.name, remedy=_REMEDY)) from error


def _read_card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(_read(path))
    except ValueError as error:
        raise ModelError(_damaged_card(path)) from error
    if not isinstance(card, dict):
        raise ModelError(_damaged_card(path))
    return card


def _damaged_card(path: Path) -> Message:
    return Message("The network's card `{name}` is damaged. {remedy}", name=path.name, remedy=_REMEDY)
