"""Show small square pictures as a list of cards, all of one size and look."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

import streamlit as st

from app.image_urls import data_url
from app.language import _
from digitcore.types import UInt8Array


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


def misread_card(image: UInt8Array, label: int, predicted: int) -> PictureCard:
    """Return the card of a digit that a network misreads.

    Args:
        image: uint8 `(28, 28)`, white ink on black.
        label: what is written, 0 to 9.
        predicted: what the network takes it for, 0 to 9.
    """
    alt = _("A handwritten {label}, read as {digit}").format(label=label, digit=predicted)
    return PictureCard(data_url(image), alt, _("read as {digit}").format(digit=predicted), str(label))


def _html(card: PictureCard) -> str:
    title = f"<strong>{escape(card.title)}</strong>" if card.title else ""
    return f'<li><img src="{escape(card.url)}" alt="{escape(card.alt)}">{title}<span>{escape(card.text)}</span></li>'
