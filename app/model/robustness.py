"""The Hard cases section: corrupted digits, marks that aren't digits, photographed pages, and networks trained with other seeds."""

from typing import Any, Final

import streamlit as st

from app.charts import show_chart, show_table
from app.language import N_, _, number, percent
from app.model import Card
from app.model.seeds import show_seeds
from digitcore.charts import corruption_chart

CORRUPTION_TITLES: Final = {
    "shot_noise": N_("Grain in low light"),
    "impulse_noise": N_("Salt-and-pepper noise"),
    "glass_blur": N_("Frosted glass"),
    "motion_blur": N_("Motion blur"),
    "shear": N_("Slanted"),
    "scale": N_("Smaller"),
    "rotate": N_("Rotated"),
    "brightness": N_("Overexposed"),
    "translate": N_("Shifted"),
    "stripe": N_("Stripe"),
    "fog": N_("Fog"),
    "spatter": N_("Spatter"),
    "dotted_line": N_("Dotted line"),
    "zigzag": N_("Zigzag line"),
    "canny_edges": N_("Outline only"),
}
"""Titles of the corruptions of MNIST-C (Mu and Gilmer 2019), by their names in the card."""

NOT_DIGIT_TITLES: Final = {
    "scribbles": N_("Scribbles"),
    "dots": N_("Dots"),
    "written signs": N_("Signs: # % & € …"),
    "fonts": N_("Letters and signs of fonts"),
    "lines": N_("Lines"),
    "blocks": N_("Blocks"),
    "noise": N_("Noise"),
    "gradients": N_("Gradients"),
    "fashion": N_("Clothes (Fashion-MNIST)"),
    "characters": N_("Letters of other scripts"),
}
"""Titles of the sets of marks that aren't digits, by their names in the card."""

UNCROPPED_SUFFIX: Final = ", not cropped"
"""The end of a set's name in the card where whole pictures were scaled down instead of the cropped mark."""


def show_robustness(card: Card) -> None:
    """Show how the network does on corrupted digits, other marks and whole pages, and across seeds."""
    _show_corruptions(card["corruptions"])
    marks, pages = st.columns([3, 2], gap="large")
    with marks:
        _show_not_digits(card["not_digits"])
    with pages:
        _show_pages(card["pages"])
    if card.get("seeds"):
        show_seeds(card)


def _show_corruptions(corruptions: Card) -> None:
    st.header(_("Corrupted pictures"), anchor=False)
    st.caption(
        _("Test digits misread under each kind of corruption. Those with a hollow mark and a star (★) were never part of the training.")
    )
    rows = _corruption_rows(corruptions)
    show_chart(corruption_chart(rows, _))
    rows.sort(key=lambda row: float(row["accuracy_pct"]))
    show_table(
        {
            _("Corruption"): [row["name"] for row in rows],
            _("Misread"): [percent(1 - row["accuracy_pct"] / 100, 2) for row in rows],
            _("Read correctly"): [percent(row["accuracy_pct"] / 100, 2) for row in rows],
            _("In training"): [_("never") if row["held_out"] else _("something similar") for row in rows],
        }
    )


def _corruption_rows(corruptions: Card) -> list[dict[str, Any]]:
    return [
        {"name": _(CORRUPTION_TITLES.get(name, name)), "accuracy_pct": pct, "held_out": name in corruptions["held_out_of_training"]}
        for name, pct in corruptions["accuracy_pct"].items()
    ]


def _show_not_digits(sets: Card) -> None:
    st.header(_("Not a digit"), anchor=False)
    st.caption(
        _(
            "Marks that should be refused. AUROC measures how well the digit score separates them from digits: "
            "1 is perfect, 0.5 is guessing."
        )
    )
    show_table(
        {
            _("Marks"): [_set_title(name) for name in sets],
            _("Count"): [number(each["count"]) for each in sets.values()],
            _("AUROC"): [number(each["auroc"], 4) for each in sets.values()],
            _("Refused"): [percent(each["refused_pct"] / 100) for each in sets.values()],
        },
        collapsed=False,
    )


def _set_title(name: str) -> str:
    """Return the title of a set of marks that aren't digits, in the visitor's language."""
    base = name.removesuffix(UNCROPPED_SUFFIX)
    title = _(NOT_DIGIT_TITLES.get(base, base))
    return title if base == name else _("{marks}, whole picture").format(marks=title)


def _show_pages(pages: Card) -> None:
    st.header(_("Photographed pages"), anchor=False)
    st.caption(_("Synthetic pages of numbers, with shadows, ruled paper and a table around the sheet."))
    same_text = pages["varied"]["same_text_pct"]
    percentages = {
        _("Characters read correctly"): pages["characters_pct"],
        _("Pages without any error"): pages["whole_pct"],
        _("Pages without digits: nothing read"): pages["without_digits"]["silent_pct"],
        _("Hard pages without any error"): pages["hard"]["whole_pct"],
        _("Hard pictures without digits: nothing read"): pages["hard"]["without_digits"]["silent_pct"],
        _("Same text when inverted"): same_text["inverted"],
        _("Same text when larger or smaller"): same_text["scaled"],
        _("Same text when rotated"): same_text["turned"],
        _("Same text when shifted"): same_text["moved"],
    }
    cells = [percent(pct / 100) for pct in percentages.values()]
    show_table({_("What was measured"): list(percentages), _("Share"): cells}, collapsed=False)
    counts = _("{pages} pages with digits, {without} without, {varied} changed in four ways.")
    st.caption(counts.format(pages=pages["count"], without=pages["without_digits"]["count"], varied=pages["varied"]["count"]))
    hard = _(
        "{count} hard pages imitate what makes real photographs difficult: lamps, folds, cluttered desks, sums, uneven writing, "
        "poor cameras."
    )
    st.caption(hard.format(count=number(pages["hard"]["count"])))
