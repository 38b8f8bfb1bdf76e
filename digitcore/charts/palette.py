"""Define the colours of the charts, after Okabe and Ito (2008), and helpers that all charts share.

Okabe and Ito, "Color Universal Design" (2008): a palette that stays distinguishable with colour vision deficiency.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from digitcore.io.palette import VERMILION_RGB

ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#1F83C9"
"""Slightly lighter than the palette's blue, for contrast on a black background."""

VERMILION: Final = "#{:02X}{:02X}{:02X}".format(*VERMILION_RGB)
PURPLE: Final = "#CC79A7"
GREY: Final = "#8A97A1"

INK: Final = "#14181D"
"""Colour of text on a background in one of these colours."""


def table(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Wrap rows as the inline data of a chart, without `altair.Data`, whose validation of each of hundreds of rows takes 0.1 s.

    Args:
        rows: one mapping for each row, from field name to value.

    Returns:
        The data, as `altair.Chart` takes it.

    Examples:
        >>> table([{"digit": "3", "count": 2}])
        {'values': [{'digit': '3', 'count': 2}]}
    """
    return {"values": [dict(row) for row in rows]}


def stacked(*charts: alt.Chart, height_px: int, description: str) -> alt.LayerChart:
    """Layer charts on top of one another, the last in front.

    Args:
        *charts: the layers, from back to front.
        height_px: height of the chart in pixels.
        description: alternative text for screen readers.

    Returns:
        The layered chart.

    Examples:
        >>> line = alt.Chart(table([{"x": 1, "y": 2}])).mark_line().encode(x="x:Q", y="y:Q")
        >>> stacked(line, height_px=100, description="A line.").to_dict()["height"]
        100
    """
    return alt.LayerChart(layer=charts, height=height_px, description=description)
