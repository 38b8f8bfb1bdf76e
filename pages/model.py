"""Show how accurate the network is, where it makes mistakes, and how it is built."""

import json

import streamlit as st

from app.classes import reads_digits
from app.downloads import show_download_button
from app.header_footer import show_header
from app.language import _
from app.model.architecture import show_architecture
from app.model.break_it import show_break_it
from app.model.calibration import show_confidence
from app.model.engine_comparison import show_engine_comparison
from app.model.handwriting import show_handwriting
from app.model.headlines import show_headlines
from app.model.learning import show_learning
from app.model.mistakes import show_mistakes
from app.model.quiz_view import show_quiz
from app.model.robustness import show_robustness
from app.model.sections import Section, choose_section, write_section
from digitcore import default_classifier

show_header(_("Model"))
card = default_classifier().card
st.markdown(_("A small neural network reads the digits. See how accurate it is, where it makes mistakes, and how it is built."))
is_evaluated = "test" in card
if is_evaluated:
    show_headlines(card)
elif reads_digits():
    st.info(_("This network hasn't been measured yet: run `make evaluate`."), icon=":material/straighten:")
section = choose_section(is_evaluated)
match section:
    case Section.MISTAKES:
        show_mistakes(card)
    case Section.CONFIDENCE:
        show_confidence(card)
    case Section.ROBUSTNESS:
        show_robustness(card)
    case Section.HANDWRITING:
        show_handwriting(card)
    case Section.ARCHITECTURE:
        show_architecture(card)
    case Section.SPEED:
        show_engine_comparison()
    case Section.QUIZ:
        show_quiz(card)
    case Section.BREAK:
        show_break_it()
    case Section.LEARN:
        show_learning()
show_download_button(_("Download the model card (JSON)"), lambda: json.dumps(card, indent=2), "card.json", key="model_card")
write_section(section)
