"""The panel of what was read, the same on every page that reads: the text, a card for each mark, and one mark in detail."""

from app.reading_panel.answer import show_answer
from app.reading_panel.cards import show_cards
from app.reading_panel.digits import MAX_CARDS, confidence_help, show_digits, show_live_digits

__all__ = ["MAX_CARDS", "confidence_help", "show_answer", "show_cards", "show_digits", "show_live_digits"]
