"""What the network is made of, how it was trained, and its card to take away."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import streamlit as st

from app.charts import show_chart, show_table
from app.downloads import show_download_button
from app.language import N_, _, number
from digitcore.charts import layer_titles, network_chart

Card = Mapping[str, Any]

BATCH: Final = {
    "digits": N_("digits of MNIST"),
    "handwritten": N_("digits drawn by this project"),
    "touching": N_("digits cut out of numbers"),
    "negatives": N_("marks that are no digits"),
}
"""The card's parts of a training batch, for people."""


def show_anatomy(card: Card) -> None:
    """The layers as a picture, each explained, and the training behind a line that opens it."""
    picture, words = st.columns([3, 2], gap="large")
    with words:
        _show_words(card["model"])
    with picture:
        st.header(_("From picture to answer"), anchor=False)
        layers = card["model"].get("layers", [])
        if layers:
            show_chart(network_chart(layers, _, number))
            _show_layers(layers)
    with words:
        st.header(_("How it was trained"), anchor=False)
        steps = list(_steps(card["training"]))
        for place, step in enumerate(steps, 1):
            title = _("Training") if len(steps) == 1 else _("Training, step {step}").format(step=place)
            with st.expander(title, icon=":material/model_training:"):
                _show_training(step)
        with st.expander(_("Which file this is"), icon=":material/fingerprint:"):
            _show_file(card["model"])


def _show_words(model: Card) -> None:
    st.header(_("In words"), anchor=False)
    st.markdown(
        _(
            "Each box turns a stack of pictures, called maps, into another. A **convolution** slides a small window over them and answers "
            "where it sees what it has learnt: an edge, an end, a loop. **Max pooling** keeps the strongest answer of each neighbourhood, "
            "so that the maps get smaller. An **Inception block** looks through windows of several sizes at once and stacks what they see. "
            "At the end each map is averaged, and ten sums say how much speaks for each digit."
        )
    )
    st.markdown(
        _("In a box: its kind, then height × width × maps, and how many of the {parameters} learnt numbers are in it.").format(
            parameters=number(model["parameters"])
        )
    )
    paper = "https://arxiv.org/abs/1409.4842"
    st.markdown(_("After [Szegedy and others, *Going Deeper with Convolutions*]({paper}), 2015.").format(paper=paper))


def _show_layers(layers: list[dict[str, Any]]) -> None:
    rows = list(_flat(layers))
    show_table(
        {
            _("Layer"): [name for name, _layer in rows],
            _("Kind"): [kind_of(layer) for _name, layer in rows],
            _("Output"): ["×".join(map(str, layer["output_shape"])) for _name, layer in rows],
            _("Parameters"): [number(layer["parameters"]) for _name, layer in rows],
        }
    )


def _flat(layers: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each layer with its name, a block's branches after it."""
    for layer in layers:
        yield layer["name"], layer
        for branch in layer.get("branches", []):
            for step in branch["layers"]:
                yield f"{layer['name']}/{branch['name']}", step


def kind_of(layer: Mapping[str, Any]) -> str:
    """What a layer is, in words, with its window if it has one."""
    kind, window = layer_titles(_).get(layer["kind"], layer["kind"]), layer.get("window_px")
    return f"{window}×{window} {kind}" if window else kind


def _steps(training: Card) -> Iterator[Card]:
    """The trainings that led here, the first one first, as far as the card knows them."""
    before = training.get("start", {}).get("training")
    if before:
        yield from _steps(before)
    yield training


def _show_training(step: Card) -> None:
    st.code(step["command"], language="bash", wrap_lines=True)
    batch = ", ".join(f"{number(count)} {_(BATCH.get(name, name))}" for name, count in step["a_batch"].items())
    versions = ", ".join(f"{name} {version}" for name, version in step["versions"].items())
    facts = {
        _("Training pictures"): number(step["training_pictures"]),
        _("Epochs"): number(step["epochs"]),
        _("In each batch"): batch,
        _("Time"): _("{minutes} minutes").format(minutes=number(step["minutes"])),
        _("Hardware"): step["hardware"],
        _("Versions"): f"Python {step['python']}, {versions}",
    }
    st.markdown("  \n".join(f"**{what}:** {value}" for what, value in facts.items()))


def _show_file(model: Card) -> None:
    st.markdown("**" + _("File") + f":** {model['file']}")
    st.caption(_("Its SHA-256, checked each time the server starts:"))
    st.code(model["sha256"], language=None, wrap_lines=True)


def card_download(card: Card) -> None:
    """Everything that this page shows, for programs."""
    show_download_button(_("Download the model card (JSON)"), lambda: json.dumps(card, indent=2), "card.json", key="model_card")
