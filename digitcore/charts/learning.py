"""The learning curve of a network."""

from collections.abc import Sequence
from typing import Final

import altair as alt

from digitcore.charts.palette import BLUE, ORANGE, stacked, table
from digitcore.messages import Translate

_HEIGHT_PX: Final = 380


def learning_chart(accuracies: Sequence[tuple[float, float]], pass_count: int, _: Translate = str) -> alt.LayerChart:
    """Draw the accuracy after each pass as two lines: on the digits that a network learns from, and on digits that it hasn't seen.

    Args:
        accuracies: both after each pass, in [0, 1], the first before any.
        pass_count: the number of passes in all; the axes stay as they are while the lines grow.
        _: translates titles and texts.

    Returns:
        A layered chart of two lines and their ends.

    Examples:
        >>> chart = learning_chart([(0.1, 0.1), (0.8, 0.7)], 30)
        >>> [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]
        ['line', 'circle']
    """
    names = [_("digits that it learns from"), _("digits that it has never seen")]
    rows = [
        {"pass": index, "accuracy": accuracy, "digits": name, "is_last": index == len(accuracies) - 1}
        for index, both in enumerate(accuracies)
        for name, accuracy in zip(names, both, strict=True)
    ]
    legend = alt.Legend(orient="top", title=None, labelLimit=300, direction="vertical")
    base = alt.Chart(table(rows)).encode(
        x=alt.X("pass:Q", title=_("Pass"), scale=alt.Scale(domain=[0, pass_count]), axis=alt.Axis(format="d", tickMinStep=1)),
        y=alt.Y("accuracy:Q", title=_("Read correctly"), scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5)),
        color=alt.Color("digits:N", scale=alt.Scale(domain=names, range=[ORANGE, BLUE]), legend=legend),
        tooltip=[
            alt.Tooltip("pass:Q", title=_("Pass")),
            alt.Tooltip("digits:N", title=_("Measured on")),
            alt.Tooltip("accuracy:Q", title=_("Read correctly"), format=".1%"),
        ],
    )
    return stacked(
        base.mark_line(strokeWidth=3),
        base.transform_filter("datum.is_last").mark_circle(size=90, opacity=1),
        height_px=_HEIGHT_PX,
        description=_("How many digits the network reads correctly after each pass, of those that it learns from and of others."),
    )
