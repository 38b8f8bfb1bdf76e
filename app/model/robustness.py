"""What the network makes of hard cases: damage, marks that are no digits, whole pages, and chance in its training."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from app.charts import show_chart, show_table
from app.language import N_, _, number, percent
from digitcore.charts import corruption_chart, seeds_chart

Card = Mapping[str, Any]

CORRUPTIONS: Final = {
    "shot_noise": N_("Grain in the dark"),
    "impulse_noise": N_("Salt and pepper"),
    "glass_blur": N_("Frosted glass"),
    "motion_blur": N_("Moved camera"),
    "shear": N_("Slanted"),
    "scale": N_("Smaller"),
    "rotate": N_("Turned"),
    "brightness": N_("Overexposed"),
    "translate": N_("Moved aside"),
    "stripe": N_("Stripe"),
    "fog": N_("Fog"),
    "spatter": N_("Spatter"),
    "dotted_line": N_("Dotted line"),
    "zigzag": N_("Zigzag line"),
    "canny_edges": N_("Outline only"),
}
"""The card's kinds of damage, for people."""

NOT_DIGITS: Final = {
    "scribbles": N_("Scribbles"),
    "dots": N_("Dots"),
    "lines": N_("Lines"),
    "blocks": N_("Blocks"),
    "noise": N_("Noise"),
    "gradients": N_("Gradients"),
    "fashion": N_("Clothes (Fashion-MNIST)"),
    "characters": N_("Letters of other scripts"),
}
"""The card's marks that are no digits, for people."""

UNCROPPED: Final = ", not cropped"
"""How the card's names end for marks that were squeezed in whole."""

SEED_MEASURES: Final = {
    "test_pct": N_("MNIST test"),
    "other_hands_pct": N_("Other hands"),
    "corruptions_mean_pct": N_("Damage, mean"),
    "corruptions_lowest_pct": N_("Damage, worst"),
}
"""The card's measures that are compared between networks, for people; all are percent read right."""


def show_conditions(card: Card) -> None:
    """Damage, what is no digit, photographed pages, and other networks of the same kind."""
    _show_corruptions(card["corruptions"])
    marks, pages = st.columns([3, 2], gap="large")
    with marks:
        _show_not_digits(card["not_digits"])
    with pages:
        _show_pages(card["pages"])
    if card.get("seeds"):
        _show_seeds(card)


def _show_corruptions(corruptions: Card) -> None:
    st.header(_("Damaged pictures"), anchor=False)
    st.caption(_("Misread test digits for each kind of damage. Training never showed the network what is hollow and starred (★)."))
    rows = [
        {"name": _(CORRUPTIONS.get(name, name)), "accuracy_pct": pct, "held_out": name in corruptions["held_out_of_training"]}
        for name, pct in corruptions["accuracy_pct"].items()
    ]
    show_chart(corruption_chart(rows, _))
    rows.sort(key=lambda row: float(row["accuracy_pct"]))
    show_table(
        {
            _("Damage"): [row["name"] for row in rows],
            _("Misread"): [percent(1 - row["accuracy_pct"] / 100, 2) for row in rows],
            _("Read right"): [percent(row["accuracy_pct"] / 100, 2) for row in rows],
            _("In training"): [_("never") if row["held_out"] else _("something like it") for row in rows],
        }
    )


def _show_not_digits(sets: Card) -> None:
    st.header(_("Not a digit"), anchor=False)
    st.caption(
        _("Marks that should be refused. AUROC says how well the digit score tells them from digits: 1 is perfect, 0.5 is guessing.")
    )
    names = [name.removesuffix(UNCROPPED) for name in sets]
    show_table(
        {
            _("What was shown"): [
                _("{marks}, whole picture").format(marks=_(NOT_DIGITS.get(name, name)))
                if whole.endswith(UNCROPPED)
                else _(NOT_DIGITS.get(name, name))
                for name, whole in zip(names, sets, strict=True)
            ],
            _("Count"): [number(each["count"]) for each in sets.values()],
            _("AUROC"): [number(each["auroc"], 4) for each in sets.values()],
            _("Refused"): [percent(each["refused_pct"] / 100) for each in sets.values()],
        },
        collapsed=False,
    )


def _show_pages(pages: Card) -> None:
    st.header(_("Photographed pages"), anchor=False)
    st.caption(_("Pages of numbers made by this project's page factory: shadows, ruled paper, a desk around the sheet."))
    varied = pages["varied"]["same_text_pct"]
    shares = {
        _("Characters read right"): pages["characters_pct"],
        _("Pages without a mistake"): pages["whole_pct"],
        _("Pages without a digit: nothing read"): pages["without_digits"]["silent_pct"],
        _("Same text when inverted"): varied["inverted"],
        _("Same text when larger or smaller"): varied["scaled"],
        _("Same text when turned"): varied["turned"],
        _("Same text when moved"): varied["moved"],
    }
    cells = [percent(pct / 100) for pct in shares.values()]
    show_table({_("What was looked at"): list(shares), _("Share"): cells}, collapsed=False)
    counts = _("{pages} pages with digits, {without} without, {varied} changed in four ways.")
    st.caption(counts.format(pages=pages["count"], without=pages["without_digits"]["count"], varied=pages["varied"]["count"]))


def _show_seeds(card: Card) -> None:
    """The served network among others that were trained alike, and the spread of those."""
    seeds = card["seeds"]
    st.header(_("Was it luck?"), anchor=False)
    st.caption(_("Circles are networks trained alike but for the dice of chance; the diamond is the one that reads here. Left is better."))
    served = {
        "test_pct": card["test"]["accuracy_pct"],
        "other_hands_pct": card["other_hands"]["accuracy_pct"],
        "corruptions_mean_pct": card["corruptions"]["mean_pct"],
        "corruptions_lowest_pct": card["corruptions"]["lowest_pct"],
    }
    networks = {_("Seed {seed}").format(seed=seed): measured for seed, measured in seeds["networks"].items()} | {_("This network"): served}
    rows = [
        {"measure": _(title), "network": network, "wrong": 1 - measured[name] / 100, "served": measured is served}
        for name, title in SEED_MEASURES.items()
        for network, measured in networks.items()
    ]
    show_chart(seeds_chart(rows, _))
    spread = [seeds["spread"][name] for name in SEED_MEASURES]
    show_table(
        {
            _("Read right"): [_(title) for title in SEED_MEASURES.values()],
            _("This network"): [percent(served[name] / 100, 2) for name in SEED_MEASURES],
            _("Others, mean"): [percent(each["mean"] / 100, 2) for each in spread],
            _("Standard deviation"): [percent(each["standard_deviation"] / 100, 2) for each in spread],
            _("Lowest"): [percent(each["lowest"] / 100, 2) for each in spread],
            _("Highest"): [percent(each["highest"] / 100, 2) for each in spread],
        }
    )
