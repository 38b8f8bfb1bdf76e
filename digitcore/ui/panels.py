"""What every page shows of a reading: the answer, what the network saw, the chart and the table."""

from typing import Final

import streamlit as st

from digitcore import Digit, Reading
from digitcore.charts import probability_chart
from digitcore.model_input import MODEL_SIDE_PX
from digitcore.ui.pictures import data_url

_MODEL_INPUT_PX: Final = 6 * MODEL_SIDE_PX
"""The network's picture is shown with six screen pixels for each of its own; `style.py` keeps their edges hard."""

_NEARLY_SURE: Final = 0.999

CONFIDENCE_HELP: Final = "Calibrated: of all answers given with 90 %, about 90 in a hundred are right."


def show_answer(reading: Reading) -> None:
    """The text that was read, large; or why there is none."""
    if reading.status == "blank":
        st.info("There is nothing written here. Write a digit, darker or lighter than its background.", icon=":material/draw:")
    elif reading.status == "no_digit":
        st.warning(f"No digit: {reading.digits[0].reason}. Try again, larger and clearer.", icon=":material/help:")
    else:
        with st.container(key="reading-text"):
            st.markdown(reading.text)


def show_digits(reading: Reading, key: str) -> None:
    """The details of one digit, chosen by the user where there are several.

    Args:
        reading: what was read.
        key: the page's prefix of widget keys.
    """
    digits = [digit for digit in reading.digits if digit.accepted]
    if not digits:
        return
    chosen = digits[0]
    if len(digits) > 1:
        names = [f"{place}: {digit.label}" for place, digit in enumerate(digits, 1)]
        name = st.segmented_control("Which digit?", names, default=names[0], key=f"{key}_digit_of_{'_'.join(names)}")
        chosen = digits[names.index(name)] if name in names else chosen
    show_digit(chosen)


def show_digit(digit: Digit) -> None:
    """One digit: its confidence and any doubt, the network's picture of it, and all ten probabilities."""
    seen, sure = st.columns([1, 2], vertical_alignment="center")
    with seen, st.container(key="model-input"):
        alt = f"The digit in 28 by 28 pixels, read as {digit.label}"
        st.image(data_url(digit.model_input), caption="What the network saw", alt=alt, width=_MODEL_INPUT_PX)
    with sure:
        st.metric("Confidence", _confidence(digit.confidence), help=CONFIDENCE_HELP)
        if digit.reason:
            st.warning(f"{digit.reason.capitalize()}.", icon=":material/help:")
    chart, table = st.columns([3, 2])
    with chart:
        st.altair_chart(probability_chart(digit.probabilities), width="stretch")
    with table:
        st.table({"Digit": [str(d) for d in range(10)], "Probability": [f"{p:.2%}" for p in digit.probabilities]}, border="horizontal")


def _confidence(confidence: float) -> str:
    """In percent; never a full hundred, which no network can promise."""
    return f"{confidence:.1%}" if confidence < _NEARLY_SURE else f"over {_NEARLY_SURE:.1%}"
