"""Ways to damage a network on purpose, each by its weights alone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from digitcore.analysis.damage.weights import NetworkWeights
from digitcore.types import Float32Array

MAX_NOISE: Final = 1.0
"""The most noise, in standard deviations of a layer's weights; from 0.7 on nothing is left of what was learned."""

_LEVELS_8_BIT: Final = 127
"""Integers from -127 to 127, as in symmetric quantization to 8 bits (Jacob et al. 2018)."""


class DamageKind(StrEnum):
    """What is done to the network. Their values are in addresses that people share."""

    NOISE = "noise"
    BRANCH = "branch"
    LAYER = "layer"
    EIGHT_BITS = "8bit"
    SEED = "seed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A damage; each kind has one field of its own.

    Attributes:
        kind: what is done.
        noise: of `NOISE`: the standard deviation of what is added to each weight, in those of its layer's weights; 0 to `MAX_NOISE`.
        block: of `BRANCH`: the Inception block, from 0.
        branch: of `BRANCH`: the branch that is switched off, from 0.
        layer: of `LAYER`: the layer that is reset to random weights, from 0.
        seed: of everything that is random.

    Raises:
        ValueError: the noise is out of range.
    """

    kind: DamageKind
    noise: float = 0.3
    block: int = 0
    branch: int = 0
    layer: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.noise <= MAX_NOISE:
            raise ValueError(f"expected a noise from 0 to {MAX_NOISE:g}, received {self.noise!r}.")


def apply_damage(model: bytes, damage: Damage, other_weights: list[Float32Array] | None = None) -> bytes:
    """Damage a copy of a network.

    Args:
        model: the content of its `.tflite` file.
        damage: what to do.
        other_weights: of `DamageKind.SEED`: the weights, then the biases, of a network that was trained with another random seed.

    Returns:
        The content of a `.tflite` file.

    Raises:
        ValueError: there is no such block, branch or layer, or the other weights don't fit.

    Examples:
        >>> from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_model
        >>> model, _ = read_model(PACKAGED_NETWORK)
        >>> apply_damage(model, Damage(kind=DamageKind.NOISE, noise=0.5)) == model
        False
    """
    network = NetworkWeights(model)
    weights, biases = list(network.weights), list(network.biases)
    match damage.kind:
        case DamageKind.NOISE:
            rng = np.random.default_rng(damage.seed)
            weights = [each + _normal(each.shape, damage.noise * float(each.std()), rng) for each in weights]
        case DamageKind.BRANCH:
            index = _find_branch(network, damage)
            weights[index], biases[index] = np.zeros_like(weights[index]), np.zeros_like(biases[index])
        case DamageKind.LAYER:
            if not 0 <= damage.layer < len(weights):
                raise ValueError(f"expected a layer from 0 to {len(weights) - 1}, received {damage.layer}.")
            weights[damage.layer] = _initialized(weights[damage.layer].shape, damage.seed)
            biases[damage.layer] = np.zeros_like(biases[damage.layer])
        case DamageKind.EIGHT_BITS:
            weights = [_quantized(each) for each in weights]
        case DamageKind.SEED:
            others = other_weights or []
            weights, biases = others[: len(weights)], others[len(weights) :]
    return network.replace(weights, biases).to_bytes()


def _find_branch(network: NetworkWeights, damage: Damage) -> int:
    """Return the index of the last layer of a branch: without its weights and biases, the branch gives only zeros."""
    ends = [(layer.block, layer.branch) for layer in network.layers]
    if (damage.block, damage.branch) not in ends:
        raise ValueError(f"expected a block and a branch among {[end for end in ends if end[0] is not None]}, received {damage!r}.")
    return ends.index((damage.block, damage.branch))


def _initialized(shape: tuple[int, ...], seed: int) -> Float32Array:
    """Draw random weights as before a training (He et al. 2015)."""
    return _normal(shape, float(np.sqrt(2 / np.prod(shape[1:]))), np.random.default_rng(seed))


def _normal(shape: tuple[int, ...], deviation: float, rng: np.random.Generator) -> Float32Array:
    return rng.normal(0, deviation, shape).astype(np.float32)


def _quantized(weights: Float32Array) -> Float32Array:
    """Round weights to 8 bits, with one scale for the whole layer."""
    scale = float(np.abs(weights).max()) / _LEVELS_8_BIT or 1.0
    return np.asarray(np.round(weights / scale) * scale, np.float32)
