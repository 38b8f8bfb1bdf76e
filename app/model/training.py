"""The training runs of the network, as its card describes them."""

from collections.abc import Iterator
from typing import Final

import streamlit as st

from app.language import N_, _, number
from app.model import Card

BATCH_PARTS: Final = {
    "digits": N_("MNIST digits"),
    "handwritten": N_("digits drawn by this project"),
    "font_digits": N_("digits of handwriting fonts"),
    "touching": N_("digits split from numbers"),
    "negatives": N_("marks that aren't digits"),
    "font_negatives": N_("letters and signs of handwriting fonts"),
}
"""Titles of the parts of a training batch, by their names in the card."""


def show_training(training: Card) -> None:
    """Show each training run in an expander of its own, in order."""
    st.header(_("How it was trained"), anchor=False)
    runs = list(_training_runs(training))
    for step, run in enumerate(runs, 1):
        title = _("Training") if len(runs) == 1 else _("Training, step {step}").format(step=step)
        with st.expander(title, icon=":material/model_training:"):
            _show_run(run)


def _training_runs(training: Card) -> Iterator[Card]:
    """Yield the runs that led to the network, the first one first, as far as the card has them."""
    previous = training.get("start", {}).get("training")
    if previous:
        yield from _training_runs(previous)
    yield training


def _show_run(run: Card) -> None:
    st.code(run["command"], language="bash", wrap_lines=True)
    batch = ", ".join(f"{number(count)} {_(BATCH_PARTS.get(name, name))}" for name, count in run["a_batch"].items())
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    facts = {
        _("Training pictures"): number(run["training_pictures"]),
        _("Epochs"): number(run["epochs"]),
        _("In each batch"): batch,
        _("Time"): _("{minutes} min").format(minutes=number(run["minutes"])),
        _("Hardware"): run["hardware"],
        _("Versions"): f"Python {run['python']}, {versions}",
    }
    st.markdown("  \n".join(f"**{name}:** {value}" for name, value in facts.items()))
