"""Charts on the page, their numbers written as the visitor's language writes them, and as tables behind them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import streamlit as st

from digitcore.ui.language import _, language

AnyChart = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart

_SPANISH: Final[dict[str, Any]] = {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", " €"]}
"""As Spain's academy writes numbers, in the words of D3."""

_ON_LIGHT: Final = "#1f2429"
_ON_DARK: Final = "#e8eaec"
"""The theme's own colours of text: Streamlit gives charts paler ones, and words inside them none."""


def show_chart(chart: AnyChart) -> None:
    """A chart of `digitcore.charts` as wide as its place; its description says it to those who can't see it."""
    if language() == "es":
        chart = chart.configure(locale={"number": _SPANISH})
    ink = _ON_DARK if st.context.theme.type == "dark" else _ON_LIGHT
    chart = chart.configure_text(color=ink).configure_axis(labelColor=ink, titleColor=ink)
    st.altair_chart(chart, width="stretch")


def show_numbers(columns: Mapping[str, Sequence[str]], behind: bool = True) -> None:
    """The numbers of a chart as a table.

    Args:
        columns: title and cells of each.
        behind: behind a line that opens it, else in plain sight.
    """
    if behind:
        with st.expander(_("The numbers as a table"), icon=":material/table:"):
            st.table(dict(columns), border="horizontal", hide_index=True)
    else:
        st.table(dict(columns), border="horizontal", hide_index=True)
