"""The Marks tab: all marks as cards, and one mark in detail.

Its 28×28 pixels and probabilities, what would make it another digit, its class activation maps, and the network's branches.
"""

from typing import Final

import streamlit as st

from app.charts import show_chart, show_probability_chart, show_table
from app.inspector.activation_maps import show_branches, show_class_maps
from app.inspector.handwriting import show_handwriting_effect
from app.inspector.inspection import Inspection
from app.language import _, confidence, localize, localize_sentence, number
from app.mark_labels import shown_label
from app.reading_panel import MAX_CARDS, confidence_help, show_cards
from app.reading_panel.digits import probability_columns, show_separator
from app.why_not import show_for_ink
from digitcore import Digit, ExplanationError, explain
from digitcore.charts import model_input_chart

_MODEL_INPUT_WIDTH_PX: Final = 400
_TABLE_HEIGHT_PX: Final = 300


def show_marks(inspection: Inspection) -> None:
    """Show the mark that the visitor chooses among all, rejected ones included."""
    digits = inspection.reading.digits[:MAX_CARDS]
    if not digits:
        st.info(_("No marks were found in this picture."), icon=":material/search_off:")
        return
    digit = show_cards(digits, [digit.model_input for digit in digits], "inspector", inspection.open_image.origin.image_id)
    _show_answer(digit)
    _show_model_input(digit)
    show_for_ink(digit, inspection.settings)
    if inspection.profile is not None:
        show_handwriting_effect(digit, inspection.profile)
    try:
        explanation = explain(digit.model_input)
    except ExplanationError as error:
        st.warning(localize(error.message), icon=":material/info:")
        return
    show_class_maps(digit, explanation)
    show_branches(explanation)


def _show_answer(digit: Digit) -> None:
    with st.container(horizontal=True, gap="medium"):
        if digit.separator is not None:
            st.metric(_("Read as"), shown_label(digit), width="content")
        elif digit.accepted:
            st.metric(_("Most likely digit"), digit.name, width="content")
            st.metric(_("Confidence"), confidence(digit.confidence), width="content", help=confidence_help())
        score_help = _("How much the mark looks like a digit, whichever one.")
        st.metric(_("Looks like a digit"), confidence(digit.digit_score), width="content", help=score_help)
    if digit.separator is not None:
        show_separator(digit)
    elif digit.reason:
        st.warning(localize_sentence(digit.reason), icon=":material/help:")
    x, y, width, height = (number(each) for each in digit.box_xywh)
    position = _("Line {line} · {x} px from the left, {y} px from the top · {width} × {height} px")
    st.caption(position.format(line=digit.line + 1, x=x, y=y, width=width, height=height))


def _show_model_input(digit: Digit) -> None:
    """Show the 28×28 pixels that the network classified; of an accepted mark next to its probabilities."""
    pixels, probabilities = st.columns(2)
    with pixels, st.container(width=_MODEL_INPUT_WIDTH_PX):
        st.markdown("**" + _("What the network sees") + "**")
        show_chart(model_input_chart(digit.model_input, _))
    if digit.accepted:
        with probabilities:
            st.markdown("**" + _("What it answers") + "**")
            show_probability_chart(digit)
    with st.expander(_("All values as tables")):
        if digit.accepted:
            show_table(probability_columns(digit), collapsed=False)
        columns = {str(column): values for column, values in enumerate(digit.model_input.T)}
        st.dataframe(columns, height=_TABLE_HEIGHT_PX)
