"""Show the charts of `digitcore.charts`, with their numbers in the visitor's format, and the tables that go with them."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import streamlit as st
from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol

from app.language import DEFAULT_LANGUAGE, _, current_language
from digitcore.charts import probability_chart
from digitcore.types import Float32Array

AnyChart = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart

_TEXT_COLOR: Final = "currentColor"
"""The colour of the text around the chart, which follows the theme at once: a switch of the theme doesn't rerun the page. Streamlit's own
chart theme uses paler axis labels and sets no colour for text marks."""


def show_chart(chart: AnyChart) -> None:
    """Show a chart as wide as its container; its description is the text alternative.

    Args:
        chart: one of `digitcore.charts`.
    """
    st.altair_chart(_styled(chart, current_language()), width="stretch")


def show_probabilities_chart(probabilities: Float32Array) -> None:
    """Show the chart of the ten probabilities.

    Args:
        probabilities: float32 `(10,)`, in [0, 1].
    """
    spec = _probability_spec(tuple(probabilities.tolist()), current_language())
    st.vega_lite_chart(deepcopy(spec), width="stretch")


def show_table(columns: Mapping[str, Sequence[str]], collapsed: bool = True) -> None:
    """Show the numbers of a chart as a table.

    Args:
        columns: the cells of each column, by its title.
        collapsed: whether the table is inside an expander, closed at first.
    """
    if collapsed:
        with st.expander(_("The numbers as a table"), icon=":material/table:"):
            st.table(dict(columns), border="horizontal", hide_index=True)
    else:
        st.table(dict(columns), border="horizontal", hide_index=True)


@lru_cache(maxsize=256)  # live video shows the same probabilities many times
def _probability_spec(probabilities: tuple[float, ...], code: str) -> dict[str, Any]:
    chart = probability_chart(np.array(probabilities, np.float32), _)
    spec: dict[str, Any] = _styled(chart, code).to_dict()
    return spec


def _styled(chart: AnyChart, code: str) -> AnyChart:
    """Apply the number format of a language, and the colour of the text around the chart."""
    if code != DEFAULT_LANGUAGE:
        chart = chart.configure(locale={"number": _d3_number_format(code)})
    styled: AnyChart = chart.configure_text(color=_TEXT_COLOR).configure_axis(labelColor=_TEXT_COLOR, titleColor=_TEXT_COLOR)
    return styled


def _d3_number_format(code: str) -> dict[str, Any]:
    """Return the number format of a language as a locale definition of D3, which draws the charts."""
    return {
        "decimal": get_decimal_symbol(code),
        "thousands": get_group_symbol(code),
        "grouping": [3],
        "currency": ["", ""],
        "percent": Locale.parse(code).percent_formats[None].suffix[0],
    }
