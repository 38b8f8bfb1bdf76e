"""Charts, pure Altair: no Streamlit, no model. Readable on light and on dark."""

from typing import Final

import altair as alt
import numpy as np
import numpy.typing as npt

HIGHLIGHT: Final = "#1F83C9"
REST: Final = "#8A97A1"
"""Blue and grey of different lightness on white and on black: told apart by colour-blind people too."""

_REST_OPACITY: Final = 0.55

_HEIGHT_PX: Final = 300


def probability_chart(probabilities: npt.NDArray[np.float32]) -> alt.Chart:
    """Ten horizontal bars, the likeliest digit in blue.

    Args:
        probabilities: float32 `(10,)`, the digits' calibrated probabilities.
    """
    label = int(np.argmax(probabilities))
    rows = [{"digit": str(digit), "probability": float(p), "top": digit == label} for digit, p in enumerate(probabilities)]
    data = alt.Data(values=rows)  # type: ignore[no-untyped-call]
    chart: alt.Chart = (
        alt.Chart(data, height=_HEIGHT_PX, description=f"Probability of each digit; the likeliest is {label}.")
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("probability:Q", title="Probability", axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("digit:N", title="Digit", sort=None),
            color=alt.condition("datum.top", alt.value(HIGHLIGHT), alt.value(REST)),
            opacity=alt.condition("datum.top", alt.value(1), alt.value(_REST_OPACITY)),
            tooltip=[alt.Tooltip("digit:N", title="Digit"), alt.Tooltip("probability:Q", title="Probability", format=".2%")],
        )
    )
    return chart
