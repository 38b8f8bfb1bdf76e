"""The Confidence section: the network's calibration, and how many digits it answers at a required confidence."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from app.charts import show_chart, show_table
from app.language import _, confidence, number, percent
from app.model import Card
from digitcore.charts import coverage_chart, reliability_chart

REQUIRED_CONFIDENCE_KEY: Final = "model_demanded"
DEFAULT_REQUIRED_CONFIDENCE: Final = 0.9


def show_confidence(card: Card) -> None:
    """Show the calibration next to the effect of a required confidence."""
    left, right = st.columns(2, gap="large")
    with left:
        _show_calibration(card["test"]["reliability_bins"])
    with right:
        _show_coverage(card["test"])


def _show_calibration(bins: Sequence[Card]) -> None:
    st.header(_("Calibration"), anchor=False)
    st.caption(
        _("On the dashed line, predicted confidence equals actual accuracy. Vertical lines show how far chance could have moved a point.")
    )
    show_chart(reliability_chart(bins, _))
    show_table(
        {
            _("Predicted confidence"): [confidence(each["confidence"]) for each in bins],
            _("Actual accuracy"): [percent(each["accuracy"]) for each in bins],
            _("Digits"): [number(each["count"]) for each in bins],
        }
    )


@st.fragment
def _show_coverage(test: Card) -> None:
    steps = test["coverage_accuracy"]
    st.header(_("How sure must it be?"), anchor=False)
    required = st.select_slider(
        _("Required confidence"),
        [step["confidence"] for step in steps],
        value=DEFAULT_REQUIRED_CONFIDENCE,
        format_func=percent,
        key=REQUIRED_CONFIDENCE_KEY,
        persist_state="session",
    )
    with st.container(key="model-coverage"):
        st.markdown(coverage_text(next(step for step in steps if step["confidence"] == required), test["count"]))
    show_chart(coverage_chart(steps, required, _))
    show_table(
        {
            _("Required confidence"): [percent(step["confidence"]) for step in steps],
            _("Answered"): [percent(step["coverage_pct"] / 100, 2) for step in steps],
            _("Right, of those answered"): [percent(step["accuracy_pct"] / 100, 2) for step in steps],
        }
    )


def coverage_text(step: Card, count: int) -> str:
    """Describe how many digits are answered, and how many of these wrongly, at a required confidence.

    Args:
        step: `coverage_pct` and `accuracy_pct` at that confidence, in percent.
        count: the number of digits in the test set.

    Returns:
        Two sentences in the visitor's language, in Markdown.
    """
    answered = round(count * step["coverage_pct"] / 100)
    wrong = round(answered * (100 - step["accuracy_pct"]) / 100)
    text = _(
        "Of {count} digits, **{answered}** would be answered, **{wrong}** of them wrong. The other **{left}** would be left to a person."
    )
    return text.format(count=number(count), answered=number(answered), wrong=number(wrong), left=number(count - answered))
