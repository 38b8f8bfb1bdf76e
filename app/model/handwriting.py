"""The Handwriting section: shapes of digits, fonts, and the gain of one's own examples, each measured outside of the training."""

from typing import Any, Final

import streamlit as st

from app.charts import show_chart, show_table
from app.language import N_, _, number, percent
from app.model import Card
from digitcore.charts import shapes_chart

SHAPE_TITLES: Final = {
    "plain": N_("plain"),
    "slashed": N_("slashed"),
    "slashed the other way": N_("slashed the other way"),
    "barred": N_("with a bar"),
    "wide": N_("wide"),
    "square": N_("square"),
    "dotted": N_("with a dot"),
    "open at the top": N_("open at the top"),
    "with a loop": N_("with a loop"),
    "bar": N_("a bar"),
    "short flag": N_("with a short flag"),
    "level flag": N_("with a level flag"),
    "long flag": N_("with a long flag"),
    "roof": N_("like a roof"),
    "foot": N_("with a foot"),
    "flag and foot": N_("with flag and foot"),
    "corner": N_("with a corner"),
    "loop": N_("with a loop"),
    "straight neck": N_("with a straight neck"),
    "wave": N_("wavy"),
    "round": N_("round"),
    "flat top": N_("with a flat top"),
    "closed": N_("closed"),
    "open": N_("open"),
    "gap": N_("with a gap"),
    "one stroke": N_("in one stroke"),
    "two strokes": N_("in two strokes"),
    "detached bar": N_("with a detached bar"),
    "long bar": N_("with a long bar"),
    "curved": N_("curved"),
    "straight": N_("straight"),
    "curled": N_("curled"),
    "small loop": N_("with a small loop"),
    "narrow loop": N_("with a narrow loop"),
    "unjoined": N_("not closed"),
    "two bars": N_("with two bars"),
    "serif": N_("with a serif"),
    "serif and bar": N_("with serif and bar"),
    "two circles": N_("two circles"),
}
"""Descriptions of the shapes of digits, by their names in the card."""


def show_handwriting(card: Card) -> None:
    """Show how the network does on handwriting that MNIST lacks, and what a visitor's own examples gain."""
    _show_shapes(card["shapes"])
    _show_fonts_and_profiles(card["fonts"], card["profiles"])


def _show_shapes(shapes: Card) -> None:
    st.header(_("Ways to write a digit"), anchor=False)
    caption = _("Digits in {count} shapes, each by {writers} computed writers that the training never saw. One point is one shape.")
    st.caption(caption.format(count=number(len(shapes["read_pct"])), writers=number(shapes["writers"])))
    rows = [_shape_row(name, read_pct) for name, read_pct in shapes["read_pct"].items()]
    show_chart(shapes_chart(rows, _))
    rows.sort(key=lambda row: float(row["read_pct"]))
    show_table(
        {
            _("Digit"): [str(row["digit"]) for row in rows],
            _("Shape"): [row["name"] for row in rows],
            _("Read correctly"): [percent(row["read_pct"] / 100) for row in rows],
        }
    )


def _shape_row(name: str, read_pct: float) -> dict[str, Any]:
    digit, shape = name.split(", ", 1)
    return {"digit": int(digit), "name": _(SHAPE_TITLES.get(shape, shape)), "read_pct": read_pct}


def _show_fonts_and_profiles(fonts: Card, profiles: Card) -> None:
    st.header(_("Fonts and your own handwriting"), anchor=False)
    caption = _(
        "{digits} digits of handwriting fonts, and digits by {writers} computed writers who taught {examples} of each digit. "
        "The training saw neither the fonts nor the writers."
    )
    st.caption(
        caption.format(
            digits=number(fonts["count"]), writers=number(profiles["writers"]), examples=number(profiles["examples_of_each_digit"])
        )
    )
    percentages = {
        _("Digits of fonts read correctly"): fonts["read_pct"],
        _("Writers' digits misread"): profiles["error_pct"],
        _("Misread once their handwriting was taught"): profiles["error_with_profile_pct"],
    }
    cells = [*(percent(pct / 100, 2) for pct in percentages.values()), number(profiles["writers_worse"])]
    show_table({_("What was measured"): [*percentages, _("Writers for whom it became worse")], _("Result"): cells}, collapsed=False)
