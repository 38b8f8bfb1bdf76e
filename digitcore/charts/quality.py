"""How good the network is: what it mistakes, how sure it may be, and what makes it err."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, Final

import altair as alt

from digitcore.charts.palette import BLUE, GREY, INK, ORANGE, VERMILION, stacked, table
from digitcore.messages import Translate

Rows = Sequence[Mapping[str, Any]]

_SQUARE_PX: Final = 400
_BAR_PX: Final = 27
_LOG: Final = alt.Scale(type="log", nice=False, padding=14)
_LOG_TICKS: Final = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]

_TWO_SIDED_95: Final = 1.96
"""Standard deviations that hold 95 % of a normal distribution."""


def confusion_chart(confusion: Sequence[Sequence[int]], _: Translate = str) -> alt.LayerChart:
    """Draw the confusion matrix: mistakes in orange, darker for more; correct answers in grey.

    Args:
        confusion: `[label][said]`, counts.
        _: gives the titles in another language, as in every chart here.
    """
    rows: list[dict[str, Any]] = [
        {"label": str(label), "said": str(said), "count": count, "right": label == said}
        for label, counts in enumerate(confusion)
        for said, count in enumerate(counts)
    ]
    most = max((row["count"] for row in rows if not row["right"]), default=1)
    digits = [str(digit) for digit in range(len(confusion))]
    base = alt.Chart(table(rows), height=_SQUARE_PX, description=_("Which digits get confused: mistakes are orange squares.")).encode(
        x=alt.X(
            "said:N",
            title=_("Read as"),
            scale=alt.Scale(domain=digits, padding=0.06),
            axis=alt.Axis(labelAngle=0, orient="top", grid=False),
        ),
        y=alt.Y("label:N", title=_("Written"), scale=alt.Scale(domain=digits, padding=0.06), axis=alt.Axis(grid=False)),
        tooltip=[
            alt.Tooltip("label:N", title=_("Written")),
            alt.Tooltip("said:N", title=_("Read as")),
            alt.Tooltip("count:Q", title=_("Times"), format=","),
        ],
    )
    mistakes = alt.Color("count:Q", scale=alt.Scale(domain=[1, max(most, 2)], range=["#F7D9A0", VERMILION]), legend=None)
    right = base.transform_filter("datum.right")
    wrong = base.transform_filter("!datum.right && datum.count > 0")
    return stacked(
        base.transform_filter("datum.count == 0").mark_rect(color=GREY, opacity=0.07, cornerRadius=3),
        right.mark_rect(color=GREY, opacity=0.25, cornerRadius=3),
        right.mark_text(fontSize=10).encode(text="count:Q"),
        wrong.mark_rect(cornerRadius=3).encode(color=mistakes),
        wrong.mark_text(fontSize=13, fontWeight="bold", color=INK).encode(text="count:Q"),
        height_px=_SQUARE_PX,
        description=_("Which digits get confused: mistakes are orange squares."),
    )


def misread_chart(recall_pct: Sequence[float], _: Translate = str) -> alt.Chart:
    """Draw how many of a thousand digits of each class are misread, as ten bars.

    Args:
        recall_pct: for each digit, the share that is read right, in percent.
        _: gives the titles in another language.
    """
    rows = [{"digit": str(digit), "misread": round(10 * (100 - pct), 1), "recall": pct / 100} for digit, pct in enumerate(recall_pct)]
    chart: alt.Chart = (
        alt.Chart(table(rows), height=_SQUARE_PX, description=_("How many of a thousand of each digit are misread."))
        .mark_bar(cornerRadiusEnd=3, color=BLUE)
        .encode(
            x=alt.X("misread:Q", title=_("Misread, of 1,000"), axis=alt.Axis(tickMinStep=1)),
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
        bins: `count`, mean `confidence` and `accuracy` of each, the last two in [0, 1].
        _: gives the titles in another language.
    """
    rows = [{**each, **_plausible(each["accuracy"], each["count"])} for each in bins]
    share = alt.Scale(domain=[0, 1])
    promised = alt.X("confidence:Q", title=_("Predicted confidence"), scale=share, axis=alt.Axis(format="%", tickCount=5))
    came_true = alt.Y("accuracy:Q", title=_("Actual accuracy"), scale=share, axis=alt.Axis(format="%", tickCount=5))
    tooltip = [
        alt.Tooltip("confidence:Q", title=_("Predicted confidence"), format=".1%"),
        alt.Tooltip("accuracy:Q", title=_("Actual accuracy"), format=".1%"),
        alt.Tooltip("count:Q", title=_("Digits"), format=","),
    ]
    size = alt.Size("count:Q", title=_("Digits"), scale=alt.Scale(type="log", range=[40, 420]), legend=None)
    base = alt.Chart(table(rows)).encode(x=promised, tooltip=tooltip)
    diagonal = alt.Chart(table([{"confidence": 0, "accuracy": 0}, {"confidence": 1, "accuracy": 1}]))
    described = _("Predicted confidence against actual accuracy; the closer the points are to the diagonal, the better.")
    return stacked(
        diagonal.mark_line(color=GREY, strokeDash=[5, 4]).encode(x=promised, y=came_true),
        base.mark_rule(color=BLUE, opacity=0.55).encode(y=alt.Y("low:Q", scale=share), y2="high:Q"),
        base.mark_circle(color=BLUE, opacity=1).encode(y=came_true, size=size),
        height_px=_SQUARE_PX,
        description=described,
    )


def _plausible(share: float, count: int) -> dict[str, float]:
    """Wilson's interval: where the true share lies, 95 times in a hundred, if `share` of `count` were seen."""
    z = _TWO_SIDED_95
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return {"low": max(middle - half, 0.0), "high": min(middle + half, 1.0)}


def coverage_chart(steps: Rows, demanded: float, _: Translate = str) -> alt.LayerChart:
    """Draw the share of unanswered digits against the share of wrong answers, the required confidence marked.

    Args:
        steps: `confidence` demanded, `coverage_pct`, `accuracy_pct`.
        demanded: one of these confidences.
        _: gives the titles in another language.
    """
    rows = [
        {
            "confidence": step["confidence"],
            "answered": step["coverage_pct"] / 100,
            "right": step["accuracy_pct"] / 100,
            "chosen": step["confidence"] == demanded,
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
    """Bars from zero, the worst first: hollow and starred are kinds of damage that training never showed the network.

    Args:
        rows: `name` for people, `accuracy_pct`, `held_out`.
        _: gives the titles in another language.
    """
    drawn = [
        {
            "name": f"{row['name']} ★" if row["held_out"] else row["name"],
            "wrong": round(100 - row["accuracy_pct"], 2) / 100,
            "right": row["accuracy_pct"] / 100,
            "held_out": row["held_out"],
        }
        for row in sorted(rows, key=lambda row: float(row["accuracy_pct"]))
    ]
    base = alt.Chart(table(drawn)).encode(
        x=alt.X("wrong:Q", title=_("Misread"), axis=alt.Axis(format="%", tickCount=5)),
        y=alt.Y("name:N", title=_("Corruption"), sort=[row["name"] for row in drawn], axis=alt.Axis(labelLimit=130, titlePadding=8)),
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
        height_px=_BAR_PX * len(drawn),
        description=_("How many digits are misread for each kind of corruption, worst first."),
    )


def seeds_chart(rows: Rows, _: Translate = str) -> alt.LayerChart:
    """Draw for each measure the served network among others that differ in the random seed.

    Args:
        rows: `measure` for people, `network` for people, `wrong` in [0, 1], `served`.
        _: gives the titles in another language.
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
