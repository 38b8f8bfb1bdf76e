"""Draw one reading: its probabilities, the histogram of its image, and the input of the network."""

from typing import Final

import altair as alt
import numpy as np

from digitcore.charts.palette import BLUE, GREY, VERMILION, table
from digitcore.messages import Translate
from digitcore.types import Float32Array, UInt8Array

HIGHLIGHT: Final = BLUE
"""Colour of the bar that stands out, as `#RRGGBB`. It differs from `REST` in lightness, too, on a light and on a dark background."""

REST: Final = GREY
"""Colour of the other bars, as `#RRGGBB`. Both colours are distinguishable on white and on black, with colour-vision deficiency too."""

_REST_OPACITY: Final = 0.55
"""Opacity of the other bars, 0 to 1."""

_HEIGHT_PX: Final = 300
"""Height of the chart of probabilities in pixels."""

_LABEL_INSET_PX: Final = 4
"""How far the labels of an axis's ends are moved inward, in pixels: fonts may be wider than Vega expects, which would cut them off."""

THRESHOLD: Final = VERMILION
"""Colour of the line that marks a threshold, as `#RRGGBB`."""

_BIN_COUNT: Final = 64
"""Bins of a histogram: four grey levels each."""

_HISTOGRAM_HEIGHT_PX: Final = 220
"""Height of a histogram in pixels."""

_CELL_PX: Final = 12
"""Side of a cell of the heat map in pixels."""


def histogram(image: UInt8Array, bins: int = _BIN_COUNT) -> list[tuple[int, int, float]]:
    """Count the grey levels of an image in bins of equal width.

    Args:
        image: uint8, of any shape, not empty.
        bins: number of bins, a divisor of 256.

    Returns:
        For each bin its first and its last grey level, and its share of the pixels, 0 to 1.

    Raises:
        ValueError: `bins` doesn't divide 256.

    Examples:
        >>> histogram(np.array([[0, 0, 0, 255]], np.uint8), bins=2)
        [(0, 127, 0.75), (128, 255, 0.25)]
    """
    if bins < 1 or 256 % bins:
        raise ValueError(f"expected a divisor of 256, received {bins}.")
    width = 256 // bins
    counts = np.bincount(image.ravel(), minlength=256).reshape(bins, width).sum(axis=1)
    return [(index * width, (index + 1) * width - 1, float(count) / image.size) for index, count in enumerate(counts)]


def histogram_chart(image: UInt8Array, threshold: float | None, _: Translate = str) -> alt.LayerChart:
    """Draw the histogram of an image, with a line at its global threshold.

    The vertical axis has a square-root scale: ink covers only a few percent of most pictures, which a linear one hardly shows.

    Args:
        image: uint8 `(H, W)`, not empty.
        threshold: grey level, 0 to 255; None where there is no global threshold.
        _: translates titles and texts.

    Returns:
        A layered chart: bars, the line of the threshold, and its label.

    Examples:
        >>> chart = histogram_chart(np.array([[0, 0, 0, 255]], np.uint8), 127)
        >>> [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]
        ['bar', 'rule', 'text']
    """
    rows = [{"from": low, "to": high + 1, "share": share} for low, high, share in histogram(image)]
    description = _("How many pixels have each grey level, 0 black to 255 white.")
    if threshold is not None:
        description += " " + _("The threshold is at {level}.").format(level=round(threshold))
    shares = alt.Y("share:Q", title=_("Share of pixels"), axis=alt.Axis(format=".1%", tickCount=4), scale=alt.Scale(type="sqrt"))
    bars = (
        alt.Chart(table(rows), height=_HISTOGRAM_HEIGHT_PX, description=description)
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
    lines = [] if threshold is None else [{"level": threshold, "name": _("Threshold {level}").format(level=round(threshold))}]
    line = alt.Chart(table(lines)).encode(x=alt.X("level:Q"))
    label_left = threshold is not None and threshold > 128
    label = line.mark_text(
        align="right" if label_left else "left", dx=-6 if label_left else 6, y=8, color=THRESHOLD, fontWeight="bold"
    ).encode(text="name:N")
    return alt.LayerChart(layer=[bars, line.mark_rule(color=THRESHOLD, strokeWidth=2, strokeDash=[6, 3]), label])


def model_input_chart(model_input: UInt8Array, _: Translate = str) -> alt.Chart:
    """Draw the network's input as a heat map, with each pixel's value on hover.

    Args:
        model_input: uint8 `(28, 28)`, white ink on black.
        _: translates titles and texts.

    Returns:
        A heat map.

    Examples:
        >>> spec = model_input_chart(np.zeros((28, 28), np.uint8)).to_dict()
        >>> spec["mark"]["type"], spec["height"]
        ('rect', 336)
    """
    rows = [{"row": row, "column": column, "ink": int(value)} for (row, column), value in np.ndenumerate(model_input)]
    side_px = _CELL_PX * len(model_input)
    axis = alt.Axis(values=list(range(0, len(model_input), 4)), labelAngle=0, grid=False)
    chart: alt.Chart = (
        alt.Chart(
            table(rows),
            height=side_px,
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
    """Draw the probabilities of the ten digits as horizontal bars, the most probable in blue.

    Args:
        probabilities: float32 `(10,)`, the calibrated probability of each digit.
        _: translates titles and texts.

    Returns:
        A bar chart.

    Raises:
        ValueError: `probabilities` is empty.

    Examples:
        >>> chart = probability_chart(np.eye(10, dtype=np.float32)[7])
        >>> chart.to_dict()["mark"]["type"]
        'bar'
    """
    label = int(np.argmax(probabilities))
    rows = [{"digit": str(digit), "probability": float(p), "top": digit == label} for digit, p in enumerate(probabilities)]
    axis = alt.Axis(format="%", tickCount=5, labelFlushOffset=-_LABEL_INSET_PX)
    chart: alt.Chart = (
        alt.Chart(table(rows), height=_HEIGHT_PX, description=_("Probability of each digit; the likeliest is {label}.").format(label=label))
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("probability:Q", title=_("Probability"), axis=axis, scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("digit:N", title=_("Digit"), sort=None),
            color=alt.condition("datum.top", alt.value(HIGHLIGHT), alt.value(REST)),
            opacity=alt.condition("datum.top", alt.value(1), alt.value(_REST_OPACITY)),
            tooltip=[alt.Tooltip("digit:N", title=_("Digit")), alt.Tooltip("probability:Q", title=_("Probability"), format=".2%")],
        )
    )
    return chart
