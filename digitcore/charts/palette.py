"""The colours of Okabe and Ito (2008), which colour-blind people tell apart, and what charts do in the same way."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from digitcore.io.palette import VERMILION_RGB

ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#1F83C9"
"""A little lighter than the palette's own, so that it shows on black, too."""

VERMILION: Final = "#{:02X}{:02X}{:02X}".format(*VERMILION_RGB)
PURPLE: Final = "#CC79A7"
GREY: Final = "#8A97A1"

INK: Final = "#14181D"
"""For words that stand on one of these colours."""


def table(rows: Sequence[Mapping[str, Any]]) -> alt.Data:
    """Rows as the data of a chart."""
    return alt.Data(values=[dict(row) for row in rows])  # type: ignore[no-untyped-call]


def stacked(*charts: alt.Chart, height_px: int, description: str) -> alt.LayerChart:
    """Charts over one another, the last on top, and what they say to those who can't see them."""
    return alt.LayerChart(layer=charts, height=height_px, description=description)
