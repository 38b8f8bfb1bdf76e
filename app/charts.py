"""Charts on the page, their numbers written as the visitor's language writes them, and as tables behind them."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import streamlit as st

from app.language import _, current_language
from digitcore.charts import probability_chart
from digitcore.types import Float32Array

AnyChart = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart

_SPANISH: Final[dict[str, Any]] = {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", " €"]}
"""As Spain's academy writes numbers, in the words of D3."""

_ON_LIGHT: Final = "#1f2429"
_ON_DARK: Final = "#e8eaec"
"""The theme's own colours of text: Streamlit gives charts paler ones, and words inside them none."""


def show_chart(chart: AnyChart) -> None:
    """A chart of `digitcore.charts` as wide as its place; its description says it to those who can't see it."""
    st.altair_chart(_styled(chart, current_language(), str(st.context.theme.type)), width="stretch")


def show_probabilities_chart(probabilities: Float32Array) -> None:
    """The chart of all ten classes, float32 `(10,)`; made once for the same numbers, as live video shows it again and again."""
    spec = _probability_spec(tuple(probabilities.tolist()), current_language(), str(st.context.theme.type))
    st.vega_lite_chart(deepcopy(spec), width="stretch")


@lru_cache(maxsize=256)
def _probability_spec(probabilities: tuple[float, ...], code: str, theme: str) -> dict[str, Any]:
    chart = probability_chart(np.array(probabilities, np.float32), _)
    spec: dict[str, Any] = _styled(chart, code, theme).to_dict()
    return spec


def _styled(chart: AnyChart, code: str, theme: str) -> AnyChart:
    """A chart in a language and a theme."""
    if code == "es":
        chart = chart.configure(locale={"number": _SPANISH})
    ink = _ON_DARK if theme == "dark" else _ON_LIGHT
    styled: AnyChart = chart.configure_text(color=ink).configure_axis(labelColor=ink, titleColor=ink)
    return styled


def show_table(columns: Mapping[str, Sequence[str]], collapsed: bool = True) -> None:
    """The numbers of a chart as a table.

    Args:
        columns: title and cells of each.
        collapsed: whether the table is inside an expander, closed at first.
    """
    if collapsed:
        with st.expander(_("The numbers as a table"), icon=":material/table:"):
            st.table(dict(columns), border="horizontal", hide_index=True)
    else:
        st.table(dict(columns), border="horizontal", hide_index=True)
