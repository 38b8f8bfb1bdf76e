"""The controls of each kind of damage in the Break it section."""

from functools import lru_cache
from typing import Final

import streamlit as st

from app.language import _, number, percent
from digitcore.analysis.damage import Damage, DamageKind, Layer, NetworkWeights
from digitcore.analysis.damage.damage import MAX_NOISE
from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_model

_NOISE_STEP: Final = 0.05
_DEFAULT_NOISE: Final = 0.3


def choose_damage(kind: DamageKind) -> Damage:
    """Show the controls of a kind of damage with an explanation.

    Args:
        kind: what is done to the network.

    Returns:
        The damage that the visitor has chosen.
    """
    match kind:
        case DamageKind.NOISE:
            return _choose_noise()
        case DamageKind.BRANCH:
            return _choose_branch()
        case DamageKind.LAYER:
            return _choose_layer()
        case DamageKind.EIGHT_BITS:
            st.caption(_("Each weight is rounded to one of 255 values, so that it takes a quarter of the memory. Does it still read?"))
        case DamageKind.SEED:
            st.caption(_("A network that learned from the same pictures, but began with other random weights."))
    return Damage(kind=kind)


def _choose_noise() -> Damage:
    steps = [round(step * _NOISE_STEP, 2) for step in range(round(MAX_NOISE / _NOISE_STEP) + 1)]
    noise = st.select_slider(
        _("Noise, compared with how much the weights vary"),
        steps,
        _DEFAULT_NOISE,
        format_func=lambda share: percent(share, 0),
        key="model_break_noise",
    )
    st.caption(_("A random number is added to every weight."))
    return Damage(kind=DamageKind.NOISE, noise=noise)


def _choose_branch() -> Damage:
    ends = sorted((layer.block, layer.branch) for layer in network_layers() if layer.block is not None and layer.branch is not None)
    index = st.pills(
        _("Branch"),
        range(len(ends)),
        default=1,
        format_func=lambda index: _branch_name(*ends[index]),
        required=True,
        key="model_break_branch",
    )
    st.caption(
        _("Each of the three Inception blocks looks through windows of several sizes at once; one of these branches now sees nothing.")
    )
    block, branch = ends[index]
    return Damage(kind=DamageKind.BRANCH, block=block, branch=branch)


def _choose_layer() -> Damage:
    layers = network_layers()
    layer = st.selectbox(
        _("Layer"), range(len(layers)), format_func=lambda index: _layer_name(index, layers[index]), key="model_break_layer"
    )
    st.caption(_("Its weights are random again, as before the training; all other layers keep what they have learned."))
    return Damage(kind=DamageKind.LAYER, layer=layer)


@lru_cache(maxsize=1)
def network_layers() -> tuple[Layer, ...]:
    """Return the layers of the served network that have weights."""
    return tuple(NetworkWeights(read_model(PACKAGED_NETWORK)[0]).layers)


def _branch_name(block: int, branch: int) -> str:
    window = ("1×1", "3×3", "5×5", _("max pooling"))[branch]
    return _("Block {number}: {window}").format(number=number(block + 1), window=window)


def _layer_name(index: int, layer: Layer) -> str:
    if not layer.kernel_px:
        return _("{number}: the ten answers").format(number=number(index + 1))
    text = _("{number}: windows of {px}×{px}, {channels} channels")
    return text.format(number=number(index + 1), px=layer.kernel_px, channels=number(layer.channels))
