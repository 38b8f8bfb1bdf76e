"""The Architecture section: the network's layers as a diagram and a table, and how they work."""

from collections.abc import Iterator, Sequence
from typing import Final

import streamlit as st

from app.charts import show_chart, show_table
from app.language import _, number
from app.model import Card
from app.model.training import show_training
from digitcore.charts import layer_titles, network_chart

_PAPER_URL: Final = "https://arxiv.org/abs/1409.4842"


def show_architecture(card: Card) -> None:
    """Show the layers next to their explanation, and each training run and the model's file in expanders."""
    diagram, text = st.columns([3, 2], gap="large")
    with text:
        _show_explanation(card["model"])
    with diagram:
        st.header(_("From picture to answer"), anchor=False)
        layers = card["model"].get("layers", [])
        if layers:
            show_chart(network_chart(layers, _, number))
            _show_layer_table(layers)
    with text:
        show_training(card["training"])
        with st.expander(_("Model file"), icon=":material/fingerprint:"):
            _show_file(card["model"])


def _show_explanation(model: Card) -> None:
    st.header(_("How it works"), anchor=False)
    st.markdown(
        _(
            "Each box turns a stack of pictures, called feature maps, into another. A **convolution** slides a small window over them "
            "and responds where it finds a pattern that it has learnt: an edge, an end, a loop. **Max pooling** keeps the strongest "
            "response of each neighbourhood, which makes the maps smaller. An **Inception block** uses windows of several sizes at "
            "once and stacks their results. At the end each map is averaged, and ten weighted sums give each digit's score."
        )
    )
    st.markdown(
        _("Each box shows its type, then height × width × maps, and how many of the {parameters} parameters it holds.").format(
            parameters=number(model["parameters"])
        )
    )
    st.markdown(_("Based on [Szegedy et al., *Going Deeper with Convolutions*]({paper}), 2015.").format(paper=_PAPER_URL))


def _show_layer_table(layers: Sequence[Card]) -> None:
    rows = list(_named_layers(layers))
    show_table(
        {
            _("Layer"): [name for name, _layer in rows],
            _("Type"): [layer_type(layer) for _name, layer in rows],
            _("Output"): ["×".join(map(str, layer["output_shape"])) for _name, layer in rows],
            _("Parameters"): [number(layer["parameters"]) for _name, layer in rows],
        }
    )


def _named_layers(layers: Sequence[Card]) -> Iterator[tuple[str, Card]]:
    """Yield each layer with its name; after a block, the layers of its branches."""
    for layer in layers:
        yield layer["name"], layer
        for branch in layer.get("branches", []):
            for step in branch["layers"]:
                yield f"{layer['name']}/{branch['name']}", step


def layer_type(layer: Card) -> str:
    """Return a layer's type in the visitor's language, with the size of its window if it has one."""
    kind: str = layer["kind"]
    title, window = layer_titles(_).get(kind, kind), layer.get("window_px")
    return f"{window}×{window} {title}" if window else title


def _show_file(model: Card) -> None:
    st.markdown("**" + _("File") + f":** {model['file']}")
    st.caption(_("SHA-256, checked whenever the server starts:"))
    st.code(model["sha256"], language=None, wrap_lines=True)
