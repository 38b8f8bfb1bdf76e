"""What the visitor's handwriting has changed for one mark, and the examples that are most similar to it."""

from typing import Final

import numpy as np
import streamlit as st

from app.image_urls import data_url
from app.language import _, confidence
from app.picture_cards import PictureCard, show_picture_cards
from digitcore import Digit, WriterProfile, default_classifier
from digitcore.recognition.personalization import SimilarExample, nearest_examples

_MAX_EXAMPLES: Final = 5


def show_handwriting_effect(digit: Digit, profile: WriterProfile) -> None:
    """Show a mark's answer without and with the handwriting, and the nearest examples.

    Args:
        digit: the mark, read with the profile.
        profile: the visitor's examples.
    """
    st.header(_("What your handwriting changes"), anchor=False)
    (plain,) = default_classifier().probabilities(digit.model_input[np.newaxis])
    without, with_it = st.columns(2)
    label = int(plain.argmax())
    without.metric(_("Without your handwriting"), _answer(label, float(plain[label])))
    with_it.metric(_("With your handwriting"), _answer(digit.label, digit.confidence))
    st.markdown(
        "**" + _("Your most similar digits") + "**",
        help=_("Compared by the features that the network sees in them."),
    )
    nearest = nearest_examples(digit.model_input, profile, default_classifier(), _MAX_EXAMPLES)
    show_picture_cards(map(_card, nearest))


def _answer(label: int, share: float) -> str:
    return _("{label}: {share}").format(label=label, share=confidence(share))


def _card(example: SimilarExample) -> PictureCard:
    similarity = confidence(example.similarity)
    alt = _("Your {digit}, {similarity} similar").format(digit=example.label, similarity=similarity)
    return PictureCard(data_url(example.image), alt, similarity, str(example.label))
