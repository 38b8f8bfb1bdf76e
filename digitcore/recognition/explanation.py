"""Why the network says what it says: exact class activation maps, and what each Inception branch sees.

Served by a second LiteRT file that is loaded only when somebody asks. Reading goes on without it.
"""

import hashlib
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from digitcore.errors import ExplanationError
from digitcore.messages import Message
from digitcore.recognition.classifier import MODEL_PATH, default_classifier
from digitcore.recognition.model_input import CLASS_COUNT, MODEL_SIDE_PX, to_model_input
from digitcore.types import Float32Array, UInt8Array

FOR_RGB: Final = (213, 94, 0)
AGAINST_RGB: Final = (0, 114, 178)
"""Vermilion and blue of Okabe and Ito's palette (2008): told apart by colour-blind people too."""

PAPER_LEVEL: Final = 250.0
_INK_GREY: Final = 70.0
_TINT: Final = 0.35
"""How much of the map's colour the paper takes: the ink shows it in full."""

OVERLAY_SCALE: Final = 8
"""Pixels of the overlay for each of the network's own."""

EXPLAINER_PATH: Final = MODEL_PATH.with_name("explainer.tflite")

_REMEDY: Final = Message("Reading goes on; restore the file with `git checkout -- model`.")


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """What the network looked at."""

    class_maps: Float32Array
    """float32 `(10, h, w)`: for each digit, how much each place speaks for it (above 0) or against it (below). The mean
    of a map is the digit's logit but for its bias (Zhou et al. 2016)."""

    branches: dict[str, Float32Array]
    """For each Inception branch, by `block/branch`: float32 `(channels, h, w)`, its activations, at least 0."""

    def class_map(self, digit: int) -> Float32Array:
        """One digit's map enlarged to the network's picture, float32 `(28, 28)`.

        Raises:
            ValueError: not a digit from 0 to 9.
        """
        if digit not in range(CLASS_COUNT):
            raise ValueError(f"expected a digit from 0 to {CLASS_COUNT - 1}, received {digit!r}.")
        size_wh = (MODEL_SIDE_PX, MODEL_SIDE_PX)
        return np.asarray(cv2.resize(self.class_maps[digit], size_wh, interpolation=cv2.INTER_CUBIC), np.float32)


def overlay(model_input: UInt8Array, class_map: Float32Array, strongest: float | None = None) -> UInt8Array:
    """A class activation map laid over the ink it belongs to: orange speaks for the class, blue against it, grey is mere ink.

    Args:
        model_input: uint8 `(28, 28)`, white ink on black.
        class_map: float32 `(28, 28)`, as `Explanation.class_map` gives it.
        strongest: the value that is shown in full colour; by default the map's own strongest.

    Returns:
        uint8 `(224, 224, 3)` RGB, dark ink on light paper.
    """
    side = OVERLAY_SCALE * MODEL_SIDE_PX
    ink = cv2.resize(model_input, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.float32)[..., np.newaxis] / 255
    heat = cv2.resize(class_map, (side, side), interpolation=cv2.INTER_CUBIC)[..., np.newaxis]
    full = float(np.abs(class_map).max()) if strongest is None else strongest
    strength = np.clip(np.abs(heat) / max(full, 1e-6), 0, 1)
    colour = np.where(heat > 0, np.array(FOR_RGB, np.float32), np.array(AGAINST_RGB, np.float32))
    paper = PAPER_LEVEL + _TINT * strength * (colour - PAPER_LEVEL)
    inked = _INK_GREY + strength * (colour - _INK_GREY)
    return np.clip(paper + ink * (inked - paper), 0, 255).astype(np.uint8)


def branch_picture(maps: Float32Array) -> UInt8Array:
    """What one Inception branch sees: the mean of its channels, the brightest place white.

    Args:
        maps: float32 `(channels, h, w)`, at least 0, as `Explanation.branches` holds them.

    Returns:
        uint8 `(h, w)`; all zero where the branch sees nothing.
    """
    mean = maps.mean(axis=0)
    return np.asarray(np.round(mean * (255 / max(float(mean.max()), 1e-6))), np.uint8)


def explain(model_input: UInt8Array) -> Explanation:
    """Explain what the network makes of one picture.

    Args:
        model_input: uint8 `(28, 28)`, white ink on black, as `Digit.model_input`.

    Raises:
        ExplanationError: the explainer's file is missing, damaged, or belongs to another network.
        ModelError: the network itself can't be loaded.
        ValueError: another shape or type.
    """
    inputs = to_model_input(np.asarray(model_input)[np.newaxis])
    names = default_classifier().card["model"]["branches"]
    with _explaining:
        class_maps, *branches = _explainer().run(inputs)
    return Explanation(class_maps, dict(zip(names, branches, strict=True)))


class _Explainer:
    """The interpreter and its outputs; for one thread at a time."""

    def __init__(self, model: bytes) -> None:
        self._interpreter = Interpreter(model_content=model, num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        # The order of outputs in the file is the exporter's own; their names end in their place.
        outputs = sorted(self._interpreter.get_signature_list()["serving_default"]["outputs"], key=_place)
        details = self._interpreter.get_signature_runner("serving_default").get_output_details()
        self._outputs = [details[name]["index"] for name in outputs]

    def run(self, inputs: Float32Array) -> list[Float32Array]:
        self._interpreter.set_tensor(self._input, inputs)
        self._interpreter.invoke()
        return [np.moveaxis(self._interpreter.get_tensor(index)[0], -1, 0) for index in self._outputs]


_explaining = threading.Lock()


@lru_cache(maxsize=1)
def _explainer() -> _Explainer:
    expected = default_classifier().card["model"].get("explainer_sha256")
    model = _read(EXPLAINER_PATH)
    if hashlib.sha256(model).hexdigest() != expected:
        raise ExplanationError(
            Message(
                "`{name}` is damaged or belongs to another network, so this can't be explained. {remedy}",
                name=EXPLAINER_PATH.name,
                remedy=_REMEDY,
            )
        )
    return _Explainer(model)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExplanationError(
            Message("`{name}` is missing, so this can't be explained. {remedy}", name=path.name, remedy=_REMEDY)
        ) from error


def _place(name: str) -> int:
    return int(name.rsplit("_", 1)[-1])
