"""Charts, pure Altair: no Streamlit, no model. Readable on light and on dark."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import numpy as np

from digitcore.charts.palette import BLUE, GREY, VERMILION
from digitcore.messages import Translate
from digitcore.types import Float32Array, UInt8Array

HIGHLIGHT: Final = BLUE
REST: Final = GREY
"""Blue and grey that differ in lightness on white and on black, so that they are distinguishable with colour-vision deficiency."""

_REST_OPACITY: Final = 0.55

_HEIGHT_PX: Final = 300

THRESHOLD: Final = VERMILION
"""For a line across bars."""

_BANDS: Final = 64
"""Bars of a histogram: four grey levels each."""

_HISTOGRAM_HEIGHT_PX: Final = 220
_CELL_PX: Final = 12


def histogram(image: UInt8Array, bands: int = _BANDS) -> list[tuple[int, int, float]]:
    """Count the grey levels of a picture in equal bands.

    Args:
        image: uint8, of any shape.
        bands: how many bands the 256 levels are counted in; divides 256.

    Returns:
        For each band its first and last level, and its share of the pixels, 0 to 1.
    """
    width = 256 // bands
    counts = np.bincount(image.ravel(), minlength=256).reshape(bands, width).sum(axis=1)
    return [(band * width, (band + 1) * width - 1, float(count) / image.size) for band, count in enumerate(counts)]


def histogram_chart(image: UInt8Array, level: float | None, _: Translate = str) -> alt.LayerChart:
    """Draw the grey levels of a picture, with its threshold as a line where there is one.

    The vertical axis has a square-root scale: ink covers only a few percent of most pictures, which a linear one hardly shows.

    Args:
        image: uint8 `(H, W)`.
        level: 0 to 255; None where no one level divides the picture.
        _: gives the titles in another language.
    """
    rows = [{"from": low, "to": high + 1, "share": share} for low, high, share in histogram(image)]
    description = _("How many pixels have each grey level, 0 black to 255 white.")
    if level is not None:
        description += " " + _("The threshold is at {level}.").format(level=round(level))
    shares = alt.Y("share:Q", title=_("Share of pixels"), axis=alt.Axis(format=".1%", tickCount=4), scale=alt.Scale(type="sqrt"))
    bars = (
        alt.Chart(_rows(rows), height=_HISTOGRAM_HEIGHT_PX, description=description)
        .mark_bar(color=REST, binSpacing=0)
        .encode(
            x=alt.X("from:Q", bin="binned", title=_("Grey level"), scale=alt.Scale(domain=[0, 256], nice=False)),
            x2="to:Q",
            y=shares,
            tooltip=[
                alt.Tooltip("from:Q", title=_("Grey level from")),
                alt.Tooltip("share:Q", title=_("Share of pixels"), format=".2%"),
            ],
        )
    )
    lines = [] if level is None else [{"level": level, "name": _("Threshold {level}").format(level=round(level))}]
    at = alt.Chart(alt.Data(values=lines)).encode(x=alt.X("level:Q"))  # type: ignore[no-untyped-call]
    left = level is not None and level > 128
    label = at.mark_text(align="right" if left else "left", dx=-6 if left else 6, y=8, color=THRESHOLD, fontWeight="bold").encode(
        text="name:N"
    )
    return alt.LayerChart(layer=[bars, at.mark_rule(color=THRESHOLD, strokeWidth=2, strokeDash=[6, 3]), label])


def _rows(rows: Sequence[Mapping[str, object]]) -> Any:
    """Wrap rows as inline data; `alt.Data` would validate hundreds of rows one by one, which takes a tenth of a second."""
    return {"values": list(rows)}


def model_input_chart(model_input: UInt8Array, _: Translate = str) -> alt.Chart:
    """Draw the network's input as a heat map, with each pixel's value on hover.

    Args:
        model_input: uint8 `(28, 28)`, white ink on black.
        _: gives the titles in another language.
    """
    rows = [{"row": row, "column": column, "ink": int(value)} for (row, column), value in np.ndenumerate(model_input)]
    side = _CELL_PX * len(model_input)
    axis = alt.Axis(values=list(range(0, len(model_input), 4)), labelAngle=0, grid=False)
    chart: alt.Chart = (
        alt.Chart(
            _rows(rows),
            height=side,
            description=_("The network's picture, 28 by 28 pixels, each with its ink from 0 to 255."),
        )
        .mark_rect()
        .encode(
            x=alt.X("column:O", title=_("Column"), axis=axis, scale=alt.Scale(padding=0)),
            y=alt.Y("row:O", title=_("Row"), axis=axis, scale=alt.Scale(padding=0)),
            color=alt.Color("ink:Q", scale=alt.Scale(scheme="viridis", domain=[0, 255]), legend=None),
            tooltip=[
                alt.Tooltip("row:Q", title=_("Row")),
                alt.Tooltip("column:Q", title=_("Column")),
                alt.Tooltip("ink:Q", title=_("Ink")),
            ],
        )
    )
    return chart


def probability_chart(probabilities: Float32Array, _: Translate = str) -> alt.Chart:
    """Draw ten horizontal bars, the likeliest digit in blue.

    Args:
        probabilities: float32 `(10,)`, the digits' calibrated probabilities.
        _: gives the titles in another language, as in every chart here.
    """
    label = int(np.argmax(probabilities))
    rows = [{"digit": str(digit), "probability": float(p), "top": digit == label} for digit, p in enumerate(probabilities)]
    data = alt.Data(values=rows)  # type: ignore[no-untyped-call]
    chart: alt.Chart = (
        alt.Chart(data, height=_HEIGHT_PX, description=_("Probability of each digit; the likeliest is {label}.").format(label=label))
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("probability:Q", title=_("Probability"), axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("digit:N", title=_("Digit"), sort=None),
            color=alt.condition("datum.top", alt.value(HIGHLIGHT), alt.value(REST)),
            opacity=alt.condition("datum.top", alt.value(1), alt.value(_REST_OPACITY)),
            tooltip=[alt.Tooltip("digit:N", title=_("Digit")), alt.Tooltip("probability:Q", title=_("Probability"), format=".2%")],
        )
    )
    return chart
