"""Show small square pictures as a list of cards, all of one size and look."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

import streamlit as st


class PictureCard(NamedTuple):
    """A picture with its texts in plain text; an empty text is left out.

    Attributes:
        url: the picture, as `app.image_urls` makes it.
        alt: what it shows, for screen readers.
        text: below it.
        title: between both, large: a digit.
    """

    url: str
    alt: str
    text: str
    title: str = ""


def show_picture_cards(cards: Iterable[PictureCard]) -> None:
    """Show the cards in rows, as many in each as there is space for."""
    st.html(picture_cards_html(cards))


def picture_cards_html(cards: Iterable[PictureCard]) -> str:
    """Return the HTML of the cards."""
    return f'<ul class="digit-cards">{"".join(map(_html, cards))}</ul>'


def _html(card: PictureCard) -> str:
    title = f"<strong>{escape(card.title)}</strong>" if card.title else ""
    return f'<li><img src="{escape(card.url)}" alt="{escape(card.alt)}">{title}<span>{escape(card.text)}</span></li>'
