"""The served network compared with networks that were trained with other random seeds."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from app.charts import show_chart, show_table
from app.language import N_, _, percent
from app.model import Card
from digitcore.charts import seeds_chart

MEASURE_TITLES: Final = {
    "test_pct": N_("MNIST test"),
    "other_hands_pct": N_("Other people's handwriting"),
    "corruptions_mean_pct": N_("Corruption, mean"),
    "corruptions_lowest_pct": N_("Corruption, worst"),
}
"""Titles of the accuracies that are compared, by their names in the card."""


def show_seeds(card: Card) -> None:
    """Show the served network among the others, and the spread of these."""
    st.header(_("Variation across seeds"), anchor=False)
    st.caption(_("Circles are networks from different random seeds; the diamond is the network used here, trained longer. Left is better."))
    served = _served_accuracies(card)
    networks = {_("Seed {seed}").format(seed=seed): measured for seed, measured in card["seeds"]["networks"].items()}
    rows = [
        {"measure": _(title), "network": network, "wrong": 1 - measured[name] / 100, "served": measured is served}
        for name, title in MEASURE_TITLES.items()
        for network, measured in [*networks.items(), (_("This network"), served)]
    ]
    show_chart(seeds_chart(rows, _))
    _show_spread_table(served, card["seeds"]["spread"])


def _served_accuracies(card: Card) -> Mapping[str, float]:
    """Return the served network's accuracies in percent, by the names in `MEASURE_TITLES`."""
    return {
        "test_pct": card["test"]["accuracy_pct"],
        "other_hands_pct": card["other_hands"]["accuracy_pct"],
        "corruptions_mean_pct": card["corruptions"]["mean_pct"],
        "corruptions_lowest_pct": card["corruptions"]["lowest_pct"],
    }


def _show_spread_table(served: Mapping[str, float], spread: Card) -> None:
    others = [spread[name] for name in MEASURE_TITLES]
    show_table(
        {
            _("Read correctly"): [_(title) for title in MEASURE_TITLES.values()],
            _("This network"): [percent(served[name] / 100, 2) for name in MEASURE_TITLES],
            _("Others, mean"): [percent(each["mean"] / 100, 2) for each in others],
            _("Standard deviation"): [percent(each["standard_deviation"] / 100, 2) for each in others],
            _("Lowest"): [percent(each["lowest"] / 100, 2) for each in others],
            _("Highest"): [percent(each["highest"] / 100, 2) for each in others],
        }
    )
