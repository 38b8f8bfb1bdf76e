"""Draw one reading: its probabilities, the histogram of its image, and the input of the network."""

from collections.abc import Callable
from typing import Final

import altair as alt
import numpy as np

from digitcore.charts.palette import BLUE, GREY, ORANGE, VERMILION, stacked, table
from digitcore.class_names import DIGITS
from digitcore.messages import Translate
from digitcore.types import Float32Array, UInt8Array

HIGHLIGHT: Final = BLUE
"""Colour of the bar that stands out, as `#RRGGBB`. It differs from `REST` in lightness, too, on a light and on a dark background."""

REST: Final = GREY
"""Colour of the other bars, as `#RRGGBB`. Both colours are distinguishable on white and on black, with colour-vision deficiency too."""

_REST_OPACITY: Final = 0.55
"""Opacity of the other bars, 0 to 1."""

_KIND_COLORS: Final = {"read": HIGHLIGHT, "unsure": ORANGE, "other": REST}
"""Colours of the bars by their kind: the digit that was read, the same if it is unsure, all others."""

_HEIGHT_PX: Final = 300
"""Height of the chart of probabilities in pixels."""

_BAR_AND_FIGURE_WIDTH: Final = 1.25
"""Width of the chart of probabilities, in widths of the bar of a certain digit: the rest is for its figure."""

_FIGURE_DISTANCE_PX: Final = 5
"""Distance of a figure from its bar in pixels."""

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
            color=alt.Color("ink:Q", scale=alt.Scale(range=["#000000", "#FFFFFF"], domain=[0, 255]), legend=None),
            tooltip=[
                alt.Tooltip("row:Q", title=_("Row")),
                alt.Tooltip("column:Q", title=_("Column")),
                alt.Tooltip("ink:Q", title=_("Ink")),
            ],
        )
    )
    return chart


def probability_chart(
    probabilities: Float32Array,
    _: Translate = str,
    *,
    classes: str = DIGITS,
    label: int | None = None,
    is_unsure: bool = False,
    format_share: Callable[[float], str] = "{:.1%}".format,
) -> alt.LayerChart:
    """Draw the probabilities of the ten digits, or of other classes, as horizontal bars with a figure at the end of each.

    The bar of the digit that was read is blue, or orange where it is unsure. Only the data differ between two charts in the same language,
    so that a page can draw another one without building the chart again.

    Args:
        probabilities: float32 `(K,)`, the calibrated probability of each class.
        _: translates titles and texts.
        classes: the names of the K classes, a character each.
        label: the index of the class that was read, of digits the digit itself; the most probable one by default.
        is_unsure: whether the answer is unsure.
        format_share: formats a probability in [0, 1].

    Returns:
        A layered chart: bars, and their figures.

    Raises:
        ValueError: `probabilities` is empty.

    Examples:
        >>> chart = probability_chart(np.eye(10, dtype=np.float32)[7])
        >>> [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]
        ['bar', 'text']
    """
    read = int(np.argmax(probabilities)) if label is None else label
    kinds = {True: "unsure" if is_unsure else "read", False: "other"}
    rows = [
        {"digit": name, "probability": float(p), "share": format_share(float(p)), "kind": kinds[index == read]}
        for index, (name, p) in enumerate(zip(classes, probabilities, strict=True))
    ]
    encoded = alt.Chart(table(rows)).encode(
        x=alt.X("probability:Q", axis=None, scale=alt.Scale(domain=[0, _BAR_AND_FIGURE_WIDTH])),
        y=alt.Y("digit:N", title=_("Digit"), sort=None, axis=alt.Axis(ticks=False, domain=False)),
        key="digit:N",  # the same bars with other lengths, rather than new ones
    )
    other = "datum.kind === 'other'"
    bars = encoded.mark_bar().encode(
        color=alt.Color("kind:N", scale=alt.Scale(domain=list(_KIND_COLORS), range=list(_KIND_COLORS.values())), legend=None),
        opacity=alt.condition(other, alt.value(_REST_OPACITY), alt.value(1)),
        tooltip=[alt.Tooltip("digit:N", title=_("Digit")), alt.Tooltip("share:N", title=_("Probability"))],
    )
    figures = encoded.mark_text(align="left", dx=_FIGURE_DISTANCE_PX).encode(text="share:N")
    return stacked(bars, figures, height_px=_HEIGHT_PX, description=_("The probability of each digit"))
