"""Explain an answer of the network: exact class activation maps (Zhou et al. 2016) and the activations of each Inception branch.

A second LiteRT model computes them. It is loaded when the first explanation is asked for; reading never needs it.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from digitcore.recognition.artifacts import damaged_explainer, read_explainer
from digitcore.recognition.classifier import default_classifier
from digitcore.recognition.model_input import MODEL_SIDE_PX, to_model_input
from digitcore.types import Float32Array, UInt8Array


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """The class activation maps and branch activations of one image.

    Attributes:
        class_maps: float32 `(K, h, w)`: for each class the evidence at each position, above 0 for the class and below 0 against it. The
            mean of a map is the logit of the class without its bias (Zhou et al. 2016).
        branches: for each Inception branch, by `block/branch`, its activations, float32 `(channels, h, w)`, at least 0.

    Examples:
        >>> from pathlib import Path
        >>> from digitcore import read_image
        >>> digit = read_image(Path("samples/page.jpg").read_bytes()).digits[0]
        >>> explanation = explain(digit.model_input)
        >>> int(explanation.class_maps.mean(axis=(1, 2)).argmax()) == digit.label
        True
    """

    class_maps: Float32Array
    branches: dict[str, Float32Array]

    def class_map(self, digit: int) -> Float32Array:
        """Enlarge one digit's class activation map to the size of the network's input.

        Args:
            digit: the class, of digits 0 to 9.

        Returns:
            float32 `(28, 28)`, bicubic.

        Raises:
            ValueError: there is no such class.
        """
        if not isinstance(digit, (int, np.integer)) or isinstance(digit, bool) or digit not in range(len(self.class_maps)):
            raise ValueError(f"expected a digit from 0 to {len(self.class_maps) - 1}, received {digit!r}.")
        size_wh = (MODEL_SIDE_PX, MODEL_SIDE_PX)
        return np.asarray(cv2.resize(self.class_maps[digit], size_wh, interpolation=cv2.INTER_CUBIC), np.float32)


def explain(model_input: UInt8Array) -> Explanation:
    """Explain how the packaged network classifies one image.

    Args:
        model_input: uint8 `(28, 28)`, white ink on black, such as `Digit.model_input`.

    Returns:
        The class activation maps and the activations of each Inception branch.

    Raises:
        ExplanationError: the explainer is missing, damaged, or belongs to another network.
        ModelError: the network itself can't be loaded.
        ValueError: another shape or type; the text gives what was expected and received.

    Examples:
        >>> import numpy as np
        >>> explain(np.zeros((28, 28), np.uint8)).class_map(3).shape
        (28, 28)
    """
    inputs = to_model_input(np.asarray(model_input)[np.newaxis])
    with _explaining:
        explainer = _load_explainer()
        class_maps, *branches = explainer.run(inputs)
    return Explanation(class_maps, dict(zip(explainer.branch_names, branches, strict=True)))


class _Explainer:
    """A LiteRT interpreter with one output for the class maps and one for each branch; for one thread at a time."""

    def __init__(self, model: bytes, branch_names: list[str]) -> None:
        self.branch_names = branch_names
        self._interpreter = Interpreter(model_content=model, num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = _output_indices(self._interpreter)

    @property
    def output_count(self) -> int:
        return len(self._outputs)

    def run(self, inputs: Float32Array) -> list[Float32Array]:
        self._interpreter.set_tensor(self._input, inputs)
        self._interpreter.invoke()
        return [np.moveaxis(self._interpreter.get_tensor(index)[0], -1, 0) for index in self._outputs]


def _output_indices(interpreter: Interpreter) -> list[Any]:
    """Return the indices of the output tensors, in the order of the Keras model's outputs.

    The exporter stores outputs in an order of its own; each name ends in the output's number, as in "output_3".
    """
    names = interpreter.get_signature_list()["serving_default"]["outputs"]
    details = interpreter.get_signature_runner("serving_default").get_output_details()
    return [details[name]["index"] for name in sorted(names, key=lambda name: int(name.rsplit("_", 1)[-1]))]


_explaining = threading.Lock()


@lru_cache(maxsize=1)
def _load_explainer() -> _Explainer:
    explainer = _Explainer(*read_explainer(default_classifier().card))
    if explainer.output_count != 1 + len(explainer.branch_names):
        raise damaged_explainer()
    return explainer
