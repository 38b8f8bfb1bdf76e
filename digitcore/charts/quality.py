"""Draw the quality of the network: its errors, its calibration, its robustness, and its variation across seeds."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, Final

import altair as alt

from digitcore.charts.palette import BLUE, GREY, INK, ORANGE, VERMILION, stacked, table
from digitcore.messages import Translate

Rows = Sequence[Mapping[str, Any]]
"""Rows of a table, each by field name."""

CELL_SELECTION: Final = "cell"
"""The selection of the confusion matrix: the `label` and the `predicted` of the cell that was clicked, as texts."""

_SQUARE_PX: Final = 400
"""Height of charts that are about as high as wide, in pixels."""

_BAR_PX: Final = 27
"""Height of a bar with its share of the space between bars, in pixels."""

_LOG: Final = alt.Scale(type="log", nice=False, padding=14)
_LOG_TICKS: Final = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]

_TWO_SIDED_95: Final = 1.96
"""Half-width of the two-sided 95 % interval of a normal distribution, in standard deviations."""


def confusion_chart(confusion: Sequence[Sequence[int]], _: Translate = str) -> alt.LayerChart:
    """Draw the confusion matrix: mistakes in orange, darker for more; correct answers in grey. A click selects a cell: `CELL_SELECTION`.

    Args:
        confusion: counts, indexed by label and then by prediction: a square matrix of non-negative integers.
        _: translates titles and texts.

    Returns:
        A layered chart: empty cells, correct cells and their counts, wrong cells and their counts.

    Examples:
        >>> chart = confusion_chart([[90, 0], [3, 80]])
        >>> wrong = chart.to_dict()["layer"][3]
        >>> wrong["mark"]["type"], wrong["encoding"]["color"]["scale"]["domain"]
        ('rect', [1, 3])
    """
    rows: list[dict[str, Any]] = [
        {"label": str(label), "predicted": str(predicted), "count": count, "right": label == predicted}
        for label, counts in enumerate(confusion)
        for predicted, count in enumerate(counts)
    ]
    max_errors = max((row["count"] for row in rows if not row["right"]), default=1)
    digits = [str(digit) for digit in range(len(confusion))]
    base = alt.Chart(table(rows), height=_SQUARE_PX, description=_("Which digits get confused: mistakes are orange squares.")).encode(
        x=alt.X(
            "predicted:N",
            title=_("Read as"),
            scale=alt.Scale(domain=digits, padding=0.06),
            axis=alt.Axis(labelAngle=0, orient="top", grid=False),
        ),
        y=alt.Y("label:N", title=_("Written"), scale=alt.Scale(domain=digits, padding=0.06), axis=alt.Axis(grid=False)),
        tooltip=[
            alt.Tooltip("label:N", title=_("Written")),
            alt.Tooltip("predicted:N", title=_("Read as")),
            alt.Tooltip("count:Q", title=_("Times"), format=","),
        ],
    )
    error_colour = alt.Color("count:Q", scale=alt.Scale(domain=[1, max(max_errors, 2)], range=["#F7D9A0", VERMILION]), legend=None)
    right = base.transform_filter("datum.right")
    wrong = base.transform_filter("!datum.right && datum.count > 0")
    cell = alt.selection_point(name=CELL_SELECTION, fields=["label", "predicted"])
    return stacked(
        base.transform_filter("datum.count == 0").mark_rect(color=GREY, opacity=0.07, cornerRadius=3),
        right.mark_rect(color=GREY, opacity=0.25, cornerRadius=3),
        right.mark_text(fontSize=10).encode(text=alt.Text("count:Q", format=",")),
        wrong.mark_rect(cornerRadius=3, cursor="pointer").encode(color=error_colour).add_params(cell),
        wrong.mark_text(fontSize=13, fontWeight="bold", color=INK, cursor="pointer").encode(text="count:Q"),
        height_px=_SQUARE_PX,
        description=_("Which digits get confused: mistakes are orange squares."),
    )


def misread_chart(recall_pct: Sequence[float], _: Translate = str) -> alt.Chart:
    """Draw how many of a thousand digits of each class are misread, as ten bars.

    Args:
        recall_pct: recall of each digit from 0 on, in percent.
        _: translates titles and texts.

    Returns:
        A bar chart.

    Examples:
        >>> spec = misread_chart([99.9, 99.3]).to_dict()
        >>> spec["mark"]["type"], [row["misread"] for row in spec["data"]["values"]]
        ('bar', [1.0, 7.0])
    """
    rows = [{"digit": str(digit), "misread": round(10 * (100 - pct), 1), "recall": pct / 100} for digit, pct in enumerate(recall_pct)]
    beyond_last_tick = 1.04 * max(1.0, 10 * (100 - min(recall_pct)))  # else half of the tick's label would be cut off
    chart: alt.Chart = (
        alt.Chart(table(rows), height=_SQUARE_PX, description=_("How many of a thousand of each digit are misread."))
        .mark_bar(cornerRadiusEnd=3, color=BLUE)
        .encode(
            x=alt.X(
                "misread:Q",
                title=_("Misread, of 1,000"),
                scale=alt.Scale(domainMax=beyond_last_tick, nice=False),
                axis=alt.Axis(tickMinStep=1),
            ),
            y=alt.Y("digit:N", title=_("Digit"), sort=None),
            tooltip=[
                alt.Tooltip("digit:N", title=_("Digit")),
                alt.Tooltip("misread:Q", title=_("Misread, of 1,000"), format=".1f"),
                alt.Tooltip("recall:Q", title=_("Recall"), format=".2%"),
            ],
        )
    )
    return chart


def reliability_chart(bins: Rows, _: Translate = str) -> alt.LayerChart:
    """Draw predicted confidence against actual accuracy; on the dashed line they are equal.

    Args:
        bins: for each bin of confidence its `count`, mean `confidence` and `accuracy`, the last two in [0, 1].
        _: translates titles and texts.

    Returns:
        A layered chart: the diagonal, the confidence interval of each accuracy, and a circle for each bin.

    Raises:
        ZeroDivisionError: a bin is empty.

    Examples:
        >>> chart = reliability_chart([{"count": 400, "confidence": 0.9, "accuracy": 0.92}])
        >>> [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]
        ['line', 'rule', 'circle']
    """
    rows = [{**each, **_wilson_interval(each["accuracy"], each["count"])} for each in bins]
    share = alt.Scale(domain=[0, 1])
    predicted_probability = alt.X("confidence:Q", title=_("Predicted confidence"), scale=share, axis=alt.Axis(format="%", tickCount=5))
    observed_accuracy = alt.Y("accuracy:Q", title=_("Actual accuracy"), scale=share, axis=alt.Axis(format="%", tickCount=5))
    tooltip = [
        alt.Tooltip("confidence:Q", title=_("Predicted confidence"), format=".1%"),
        alt.Tooltip("accuracy:Q", title=_("Actual accuracy"), format=".1%"),
        alt.Tooltip("count:Q", title=_("Digits"), format=","),
    ]
    size = alt.Size("count:Q", title=_("Digits"), scale=alt.Scale(type="log", range=[40, 420]), legend=None)
    base = alt.Chart(table(rows)).encode(x=predicted_probability, tooltip=tooltip)
    diagonal = alt.Chart(table([{"confidence": 0, "accuracy": 0}, {"confidence": 1, "accuracy": 1}]))
    description = _("Predicted confidence against actual accuracy; the closer the points are to the diagonal, the better.")
    return stacked(
        diagonal.mark_line(color=GREY, strokeDash=[5, 4]).encode(x=predicted_probability, y=observed_accuracy),
        base.mark_rule(color=BLUE, opacity=0.55).encode(y=alt.Y("low:Q", scale=share), y2="high:Q"),
        base.mark_circle(color=BLUE, opacity=1).encode(y=observed_accuracy, size=size),
        height_px=_SQUARE_PX,
        description=description,
    )


def _wilson_interval(share: float, count: int) -> dict[str, float]:
    """Compute the 95 % confidence interval of a proportion (Wilson 1927).

    Args:
        share: the observed proportion, 0 to 1.
        count: number of observations, 1 or more.

    Returns:
        The bounds `low` and `high`, 0 to 1.
    """
    z = _TWO_SIDED_95
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half_width = z / (1 + z * z / count) * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return {"low": max(centre - half_width, 0.0), "high": min(centre + half_width, 1.0)}


def coverage_chart(steps: Rows, threshold: float, _: Translate = str) -> alt.LayerChart:
    """Draw accuracy against coverage for several thresholds of confidence, one of them marked.

    Args:
        steps: for each threshold its `confidence` in [0, 1], and `coverage_pct` and `accuracy_pct` in percent.
        threshold: the required confidence to mark, one of those of `steps`.
        _: translates titles and texts.

    Returns:
        A layered chart: a line with points, and the marked point.

    Examples:
        >>> steps = [
        ...     {"confidence": 0.0, "coverage_pct": 100.0, "accuracy_pct": 99.6},
        ...     {"confidence": 0.9, "coverage_pct": 99.0, "accuracy_pct": 99.9},
        ... ]
        >>> line, marked = coverage_chart(steps, 0.9).to_dict()["layer"]
        >>> line["mark"]["type"], marked["mark"]["shape"]
        ('line', 'diamond')
    """
    rows = [
        {
            "confidence": step["confidence"],
            "answered": step["coverage_pct"] / 100,
            "right": step["accuracy_pct"] / 100,
            "chosen": step["confidence"] == threshold,
        }
        for step in steps
    ]
    base = alt.Chart(table(rows)).encode(
        x=alt.X("answered:Q", title=_("Answered"), scale=alt.Scale(zero=False, reverse=True), axis=alt.Axis(format=".0%", tickCount=5)),
        y=alt.Y("right:Q", title=_("Right, of those answered"), scale=alt.Scale(zero=False), axis=alt.Axis(format=".2%", tickCount=5)),
        tooltip=[
            alt.Tooltip("confidence:Q", title=_("Required confidence"), format=".1%"),
            alt.Tooltip("answered:Q", title=_("Answered"), format=".2%"),
            alt.Tooltip("right:Q", title=_("Right, of those answered"), format=".2%"),
        ],
    )
    chosen = base.transform_filter("datum.chosen")
    return stacked(
        base.mark_line(color=BLUE, point=alt.OverlayMarkDef(color=BLUE, size=45)),
        chosen.mark_point(shape="diamond", filled=True, color=ORANGE, stroke=INK, size=330, opacity=1),
        height_px=300,
        description=_("The fewer digits are answered, the more of the answers are right; the required confidence is marked."),
    )


def corruption_chart(rows: Rows, _: Translate = str) -> alt.LayerChart:
    """Draw the error rate under each corruption as bars, worst first; those held out of training are hollow and starred.

    Args:
        rows: for each corruption its displayed `name`, `accuracy_pct` in percent, and whether it was `held_out` of training.
        _: translates titles and texts.

    Returns:
        A layered chart: filled bars, and hollow ones.

    Examples:
        >>> chart = corruption_chart([{"name": "Fog", "accuracy_pct": 99.0, "held_out": False}])
        >>> chart.to_dict()["layer"][0]["mark"]["type"]
        'bar'
    """
    sorted_rows = [
        {
            "name": f"{row['name']} ★" if row["held_out"] else row["name"],
            "wrong": round(100 - row["accuracy_pct"], 2) / 100,
            "right": row["accuracy_pct"] / 100,
            "held_out": row["held_out"],
        }
        for row in sorted(rows, key=lambda row: float(row["accuracy_pct"]))
    ]
    base = alt.Chart(table(sorted_rows)).encode(
        x=alt.X("wrong:Q", title=_("Misread"), axis=alt.Axis(format="%", tickCount=5)),
        y=alt.Y("name:N", title=_("Corruption"), sort=[row["name"] for row in sorted_rows], axis=alt.Axis(labelLimit=180, titlePadding=8)),
        tooltip=[
            alt.Tooltip("name:N", title=_("Corruption")),
            alt.Tooltip("wrong:Q", title=_("Misread"), format=".2%"),
            alt.Tooltip("right:Q", title=_("Read correctly"), format=".2%"),
        ],
    )
    return stacked(
        base.transform_filter("!datum.held_out").mark_bar(color=BLUE, cornerRadiusEnd=3),
        base.transform_filter("datum.held_out").mark_bar(
            fill=ORANGE, fillOpacity=0.18, stroke=ORANGE, strokeWidth=2, strokeDash=[4, 3], cornerRadiusEnd=3
        ),
        height_px=_BAR_PX * len(sorted_rows),
        description=_("How many digits are misread for each kind of corruption, worst first."),
    )


def seeds_chart(rows: Rows, _: Translate = str) -> alt.LayerChart:
    """Draw the error rates of the served network and of networks trained from other random seeds, on a logarithmic axis.

    Args:
        rows: for each measurement the displayed names of `measure` and `network`, the error rate `wrong` in (0, 1], and whether the network
            is the `served` one.
        _: translates titles and texts.

    Returns:
        A layered chart: the other networks as circles, the served one as a diamond.

    Examples:
        >>> chart = seeds_chart([{"measure": "MNIST", "network": "seed 1", "wrong": 0.004, "served": True}])
        >>> chart.to_dict()["layer"][1]["mark"]["shape"]
        'diamond'
    """
    measures = list(dict.fromkeys(row["measure"] for row in rows))
    base = alt.Chart(table(rows)).encode(
        x=alt.X("wrong:Q", title=_("Error"), scale=_LOG, axis=alt.Axis(format="~%", values=_LOG_TICKS)),
        y=alt.Y("measure:N", title=None, sort=measures, axis=alt.Axis(labelLimit=150, grid=True)),
        tooltip=[
            alt.Tooltip("network:N", title=_("Network")),
            alt.Tooltip("measure:N", title=_("Measured on")),
            alt.Tooltip("wrong:Q", title=_("Error"), format=".2%"),
        ],
    )
    return stacked(
        base.transform_filter("!datum.served").mark_point(color=BLUE, size=90, strokeWidth=2),
        base.transform_filter("datum.served").mark_point(shape="diamond", filled=True, color=ORANGE, stroke=INK, size=190, opacity=1),
        height_px=52 * len(measures),
        description=_("The error rates of networks that differ in the seed alone."),
    )
