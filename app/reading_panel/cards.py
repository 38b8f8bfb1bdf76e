"""A card for each mark. The cards are buttons: a click chooses a mark."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import streamlit as st

from app.corrections import correction_of
from app.image_urls import data_url
from app.language import _, bounded_percent
from app.mark_labels import shown_label, spoken_label
from app.reading_panel.mark_choice import follow_choice
from digitcore import Digit
from digitcore.types import UInt8Array

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component(
    "digits.cards", html='<div class="mark-cards" role="toolbar"></div>', js=_SCRIPT, isolate_styles=False
)


def show_cards(marks: Sequence[Digit], images: Sequence[UInt8Array], key: str, picture: str = "") -> Digit:
    """Show the cards, grouped by line.

    Args:
        marks: at least one mark, in reading order.
        images: uint8 `(28, 28)` or `(28, 28, 3)`, the picture on each card.
        key: the prefix of the page's widget keys.
        picture: identifies the picture that was read.

    Returns:
        The chosen mark.
    """
    component_key = f"{key}_cards"
    chosen = follow_choice(marks, component_key, picture, st.session_state.get(component_key))
    cards = [_card(number, mark, image, chosen) for number, (mark, image) in enumerate(zip(marks, images, strict=True))]
    lines = [
        {"name": _("Line {line}").format(line=line + 1), "cards": [card for _mark, card in group]}
        for line, group in groupby(zip(marks, cards, strict=True), key=lambda pair: pair[0].line)
    ]
    data = {"name": _("The digits one by one"), "picture": picture, "lines": lines}
    _component(data=data, key=component_key, on_clicked_change=lambda: None, width="stretch", height="content")
    return marks[chosen]


def _card(index: int, mark: Digit, image: UInt8Array, chosen: int) -> dict[str, Any]:
    """Describe one card for the script."""
    kind, spoken, note, correction = _kind(mark), spoken_label(mark), _note(mark), correction_of(mark)
    name = f"{index + 1}: {spoken}"
    if correction is not None:
        name += " → " + (correction or _("not a digit"))
    alt = _("A mark in 28 by 28 pixels, rejected") if kind == "rejected" else _("The mark in 28 by 28 pixels, read as {label}")
    return {
        "name": ", ".join(filter(None, (name, note if kind == "unsure" else ""))),
        "box": list(mark.box_xywh),
        "chosen": index == chosen,
        "kind": kind,
        "image": data_url(image),
        "alt": alt.format(label=spoken),
        "label": shown_label(mark),
        "correction": correction,
        "note": note,
    }


def _kind(mark: Digit) -> str:
    if mark.separator is not None:
        return "separator"
    return "rejected" if not mark.accepted else "unsure" if mark.reason else "sure"


def _note(mark: Digit) -> str:
    """Return how sure a doubtful digit is, and the second most likely one; empty without doubt; the name of what is no digit."""
    if mark.separator is not None or not mark.accepted:
        return spoken_label(mark)
    if not mark.reason:
        return ""
    second = next(int(label) for label in mark.probabilities.argsort()[::-1] if label != mark.label)
    other = _("or {digit}: {share}").format(digit=mark.classes[second], share=bounded_percent(float(mark.probabilities[second])))
    return f"{bounded_percent(mark.confidence)} · {other}"
