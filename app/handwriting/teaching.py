"""Teaching: the visitor writes each digit twice. The second round shows what the first has changed; then both are used."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Final

import streamlit as st

from app.draw.canvas_state import CanvasState
from app.draw.history import History
from app.handwriting.session import Handwriting
from digitcore import Stroke, WriterProfile, default_classifier
from digitcore.recognition.model_input import CLASS_COUNT
from digitcore.recognition.teaching import Comparison, add_digits, compare, digits_in_fields
from digitcore.types import UInt8Array

TEACHING_KEY: Final = "ui_teaching"

ROUND_COUNT: Final = 2
"""Two examples of each digit bring most of the gain."""


class Phase(Enum):
    """What the visitor sees."""

    OFF = auto()
    WRITING = auto()
    RESULT = auto()


class Teaching:
    """The state of teaching in a session.

    Attributes:
        phase: what the visitor sees.
        canvas: the canvas of the current round.
        rounds: the digits of the rounds that are finished.
        comparisons: how the digits of the last round are read without and with those of the others; empty before the end.
    """

    def __init__(self) -> None:
        self.phase = Phase.OFF
        self.canvas = CanvasState()
        self.rounds: list[Mapping[int, UInt8Array]] = []
        self.comparisons: list[Comparison] = []

    @property
    def round_number(self) -> int:
        """Return the number of the current round, from 1 on."""
        return len(self.rounds) + 1

    def start(self) -> None:
        """Begin with the first round."""
        self.rounds, self.comparisons = [], []
        self.canvas.replace_canvas(History())
        self.phase = Phase.WRITING

    def stop(self) -> None:
        """Return to drawing; what was written in an unfinished round is dropped."""
        self.phase = Phase.OFF
        self.rounds, self.comparisons = [], []

    def finish_round(self, strokes: Sequence[Stroke], handwriting: Handwriting) -> None:
        """Finish a round; after the last one compare, and add the digits of all rounds to the handwriting.

        Args:
            strokes: what was written, in pixels of the canvas.
            handwriting: it is changed after the last round.

        Raises:
            DrawingError: the strokes can't be read.
            ProfileError: the handwriting has too many examples.
        """
        digits = digits_in_fields(strokes, self.canvas.size_wh) if strokes else {}
        if self.round_number == ROUND_COUNT:
            self._finish(digits, handwriting)
        self.rounds.append(digits)
        self.canvas.replace_canvas(History())

    def missing(self) -> list[int]:
        """Return the digits that were written in none of the finished rounds."""
        return [digit for digit in range(CLASS_COUNT) if not any(digit in each for each in self.rounds)]

    def _finish(self, last_round: Mapping[int, UInt8Array], handwriting: Handwriting) -> None:
        profile = WriterProfile()
        for digits in self.rounds:
            add_digits(profile, digits)
        handwriting.add(*self.rounds, last_round)
        self.comparisons = compare(last_round, profile, default_classifier()) if profile else []
        self.phase = Phase.RESULT


def current_teaching() -> Teaching:
    """Return the teaching of the visitor's session."""
    teaching: Teaching = st.session_state.setdefault(TEACHING_KEY, Teaching())
    return teaching
