"""What the network is, how good it is, and where it errs."""

import streamlit as st

from app.header_footer import show_header
from app.language import _
from app.model.architecture import card_download, show_anatomy
from app.model.engine_comparison import show_measuring
from app.model.quality import show_confidence, show_headlines, show_mistakes
from app.model.robustness import show_conditions
from app.model.sections import choose_part
from digitcore import default_classifier

show_header(_("Model"))
card = default_classifier().card
st.markdown(_("A small neural network reads the digits. This is how good it is, where it errs, and how it is built."))
measured = "test" in card
if measured:
    show_headlines(card)
else:
    st.info(_("This network hasn't been measured yet: run `make evaluate`."), icon=":material/straighten:")
match choose_part(measured):
    case "mistakes":
        show_mistakes(card)
    case "confidence":
        show_confidence(card)
    case "conditions":
        show_conditions(card)
    case "anatomy":
        show_anatomy(card)
    case "measuring":
        show_measuring()
card_download(card)
