"""What each line may say otherwise, with the probability of each text."""

import streamlit as st

from app.language import _, probability
from app.reading_panel import confidence_help
from digitcore import Reading


def show_alternatives(reading: Reading) -> None:
    """Show a table for each line that may have several texts; none where no line may.

    Args:
        reading: the reading of one picture.
    """
    doubtful = [(line, texts) for line, texts in enumerate(reading.alternatives, 1) if len(texts) > 1]
    if not doubtful:
        return
    with st.container(key="inspector-alternatives"):
        st.markdown("**" + _("Possible readings") + "**", help=confidence_help())
        for line, texts in doubtful:
            title = _("Line {line}").format(line=line) if len(reading.alternatives) > 1 else _("Text")
            table = {title: [each.text for each in texts], _("Probability"): [probability(each.probability) for each in texts]}
            st.table(table, border="horizontal", hide_index=True)
