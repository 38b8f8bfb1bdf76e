"""Show the charts of `digitcore.charts`, with their numbers in the visitor's format, and the tables that go with them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from copy import deepcopy
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import streamlit as st
from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol

from app.language import DEFAULT_LANGUAGE, LEAST_GROUPED, _, bounded_percent, current_language
from digitcore import Digit
from digitcore.charts import probability_chart
from digitcore.class_names import DIGITS
from digitcore.types import Float32Array

AnyChart = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart

_TEXT_COLOR: Final = "currentColor"
"""The colour of the text around the chart, which follows the theme at once: a switch of the theme doesn't rerun the page. Streamlit's own
chart theme uses paler axis labels and sets no colour for text marks."""


_UNGROUPED: Final = 9
"""More digits than any number of a chart has before its decimal separator. D3 can't leave only numbers of four digits whole."""


def show_chart(chart: AnyChart) -> None:
    """Show a chart as wide as its container; its description is the text alternative.

    Args:
        chart: one of `digitcore.charts`.
    """
    st.altair_chart(_styled(chart, current_language()), width="stretch")


def show_selectable_chart(chart: AnyChart, on_select: Callable[[], None], key: str) -> None:
    """Show a chart whose marks can be clicked.

    Args:
        chart: one of `digitcore.charts` that has a selection.
        on_select: called after a click; the session state has the selection at `key`.
        key: the chart's widget key.
    """
    st.altair_chart(_styled(chart, current_language()), width="stretch", on_select=on_select, key=key)


def show_probability_chart(digit: Digit) -> None:
    """Show the chart of the probabilities of a mark.

    Args:
        digit: an accepted mark.
    """
    with st.container(key="probability-chart"):
        show_probabilities(digit.probabilities, digit.label, classes=digit.classes, is_unsure=bool(digit.reason))


def show_probabilities(
    probabilities: Float32Array, label: int, *, classes: str = DIGITS, is_unsure: bool = False, key: str | None = None
) -> None:
    """Show probabilities as the chart that all pages have for them.

    Args:
        probabilities: float32 `(K,)`.
        label: the index of the class that was read, of digits the digit itself.
        classes: the names of the K classes, a character each.
        is_unsure: whether the answer is unsure.
        key: the chart's key, if a page shows several.
    """
    spec = _probability_spec(tuple(probabilities.tolist()), classes, label, is_unsure, current_language())
    st.vega_lite_chart(deepcopy(spec), width="stretch", key=key)


def show_table(columns: Mapping[str, Sequence[str]], collapsed: bool = True) -> None:
    """Show columns as a table, such as the numbers of a chart, which is named by its columns for screen readers.

    Args:
        columns: the cells of each column, by its title.
        collapsed: whether the table is inside an expander, closed at first.
    """
    with st.expander(_("The numbers as a table"), icon=":material/table:") if collapsed else nullcontext():
        st.table(dict(columns), border="horizontal", hide_index=True, alt=" · ".join(columns))


@lru_cache(maxsize=256)  # live video shows the same probabilities many times
def _probability_spec(probabilities: tuple[float, ...], classes: str, label: int, is_unsure: bool, code: str) -> dict[str, Any]:
    rows = np.array(probabilities, np.float32)
    chart = probability_chart(rows, _, classes=classes, label=label, is_unsure=is_unsure, format_share=_bar_label)
    spec: dict[str, Any] = _styled(chart, code).to_dict()
    return spec


def _bar_label(share: float) -> str:
    return bounded_percent(share, 1)


def _styled(chart: AnyChart, code: str) -> AnyChart:
    """Apply the number format of a language, and the colour of the text around the chart."""
    if code != DEFAULT_LANGUAGE:
        chart = chart.configure(locale={"number": _d3_number_format(code)})
    coloured = chart.configure_text(color=_TEXT_COLOR).configure_legend(labelColor=_TEXT_COLOR)
    styled: AnyChart = coloured.configure_axis(labelColor=_TEXT_COLOR, titleColor=_TEXT_COLOR)
    return styled


def _d3_number_format(code: str) -> dict[str, Any]:
    """Return the number format of a language as a locale definition of D3, which draws the charts."""
    return {
        "decimal": get_decimal_symbol(code),
        "thousands": get_group_symbol(code),
        "grouping": [_UNGROUPED if code in LEAST_GROUPED else 3],
        "currency": ["", ""],
        "percent": Locale.parse(code).percent_formats[None].suffix[0],
    }
