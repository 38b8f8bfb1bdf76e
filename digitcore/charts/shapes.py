"""The chart of how well each shape of a digit is read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from digitcore.charts.palette import BLUE, stacked, table
from digitcore.messages import Translate

_ROW_PX: Final = 27


def shapes_chart(rows: Sequence[Mapping[str, Any]], _: Translate = str) -> alt.LayerChart:
    """Draw how many digits of each shape are read, as points in a row for each digit.

    Args:
        rows: for each shape its `digit`, 0 to 9, its displayed `name`, and `read_pct` in percent.
        _: translates titles and texts.

    Returns:
        A layered chart of one layer.

    Examples:
        >>> chart = shapes_chart([{"digit": 0, "name": "slashed", "read_pct": 97.0}])
        >>> chart.to_dict()["layer"][0]["mark"]["type"]
        'circle'
    """
    shares = [{"digit": str(row["digit"]), "name": row["name"], "read": row["read_pct"] / 100} for row in rows]
    digits = sorted({row["digit"] for row in shares})
    lowest = min((row["read"] for row in shares), default=0.0)
    points = (
        alt.Chart(table(shares))
        .mark_circle(color=BLUE, size=90, opacity=0.55)
        .encode(
            x=alt.X("read:Q", title=_("Read correctly"), axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[lowest, 1])),
            y=alt.Y("digit:N", title=_("Digit"), sort=digits),
            tooltip=[
                alt.Tooltip("digit:N", title=_("Digit")),
                alt.Tooltip("name:N", title=_("Shape")),
                alt.Tooltip("read:Q", title=_("Read correctly"), format=".0%"),
            ],
        )
    )
    return stacked(points, height_px=_ROW_PX * len(digits), description=_("How many digits of each shape are read, by digit."))
