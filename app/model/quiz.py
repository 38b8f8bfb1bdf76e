"""The state of the quiz on the Model page: pictures that the network misreads, and what the visitor has read."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import streamlit as st

from app.model.mistake_pictures import Mistake

QUIZ_KEY: Final = "model_quiz"

PICTURE_COUNT: Final = 10
"""How many pictures a game has; all, if the network misreads fewer."""


class Quiz:
    """A game: it is answered picture by picture, and only the first answer counts.

    Buttons call these methods rather than functions that access `st.session_state`, for the reason given in `app.draw.canvas_state`.

    Attributes:
        pictures: those of this game, in their order.
        answers: the digits that the visitor has read, for the first of the pictures.
        position: the index of the picture that is shown; the number of pictures at the end of the game.
    """

    def __init__(self, mistakes: Sequence[Mistake], seed: int | None = None) -> None:
        self._mistakes = tuple(mistakes)
        self._rng = np.random.default_rng(seed)
        self._start()

    @property
    def is_answered(self) -> bool:
        """Return whether the picture that is shown has been answered."""
        return len(self.answers) > self.position

    @property
    def is_over(self) -> bool:
        """Return whether all pictures have been shown."""
        return self.position == len(self.pictures)

    @property
    def score(self) -> int:
        """Return how many of the answers are right."""
        return sum(answer == picture.label for picture, answer in zip(self.pictures, self.answers, strict=False))

    def answer(self, digit: int) -> None:
        """Answer the picture that is shown, unless it has been answered.

        Args:
            digit: what the visitor reads, 0 to 9.
        """
        if not self.is_over and not self.is_answered:
            self.answers.append(digit)

    def proceed(self) -> None:
        """Show the next picture, or end the game, if the picture that is shown has been answered."""
        self.position += self.is_answered

    def play_again(self) -> None:
        """Draw other pictures, if the game is over."""
        if self.is_over:
            self._start()

    def _start(self) -> None:
        drawn = self._rng.permutation(len(self._mistakes))[:PICTURE_COUNT]
        self.pictures = [self._mistakes[index] for index in drawn]
        self.answers: list[int] = []
        self.position = 0


def current_quiz(mistakes: Sequence[Mistake]) -> Quiz:
    """Return the quiz of the visitor's session.

    Args:
        mistakes: all of the network's, of which a new quiz draws its pictures.
    """
    quiz: Quiz = st.session_state.setdefault(QUIZ_KEY, Quiz(mistakes))
    return quiz
