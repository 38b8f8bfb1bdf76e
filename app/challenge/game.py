"""The state of a game between two runs of the page."""

import time
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import streamlit as st

from app.challenge.prompts import PROMPTS, Attempt, Prompt
from app.draw.canvas_state import CanvasState
from app.draw.history import History
from digitcore import Stroke
from digitcore.io.strokes import draw_strokes
from digitcore.types import UInt8Array

GAME_KEY: Final = "draw_game"
THUMBNAIL_WH: Final = (186, 124)
_SHEET_COLUMNS: Final = 3

MAX_BONUS: Final = 30
"""Points for speed: one less for every second."""


class Result(NamedTuple):
    """What the player has reached with one prompt.

    Attributes:
        points: all points, the bonus included; 0 if the prompt was skipped.
        read: what was read, lines separated by a slash; empty if there was no digit.
        thumbnail: uint8 `(124, 186)`, the drawing, black on white.
    """

    points: int
    read: str
    thumbnail: UInt8Array


class Game:
    """A game: prompt after prompt, the best attempt at each counts.

    Buttons call these methods rather than functions that access `st.session_state`, for the reason given in `app.draw.canvas_state`.

    Args:
        now_s: a clock, in seconds.

    Attributes:
        canvas: what is drawn for the prompt that is shown.
        results: of the prompts so far.
        best: the best attempt at the prompt that is shown; None before one counts.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._counted_s = 0.0
        self.canvas = CanvasState()
        self.best: Result | None = None
        self.start()

    @property
    def is_over(self) -> bool:
        """Return whether all prompts have been shown."""
        return len(self.results) == len(PROMPTS)

    @property
    def prompt(self) -> Prompt:
        """Return the prompt that is shown."""
        return PROMPTS[len(self.results)]

    @property
    def points(self) -> int:
        """Return the points so far, those of the best attempt at the current prompt included."""
        return sum(result.points for result in self.results) + (self.best.points if self.best else 0)

    @property
    def seconds(self) -> int:
        """Return for how long the prompt has been shown; it stands still once an attempt counts."""
        return round((self._counted_s or self._now_s()) - self._shown_s)

    @property
    def bonus(self) -> int:
        """Return the points for speed that an attempt gets now, or that the first one that counted got."""
        return max(MAX_BONUS - self.seconds, 0)

    def attempt(self, attempt: Attempt) -> int:
        """Judge an attempt, and keep it if it is the best so far.

        Args:
            attempt: a drawing, with what was read on it.

        Returns:
            Its points without the bonus; 0 if it doesn't count.
        """
        points = self.prompt.score(attempt)
        if points:
            self._counted_s = self._counted_s or self._now_s()
            result = Result(points + self.bonus, "/".join(attempt.reading.lines), thumbnail(attempt))
            self.best = max(self.best or result, result, key=lambda each: each.points)
        return points

    def proceed(self) -> None:
        """Show the next prompt, or end the game, on an empty canvas."""
        if not self.is_over:
            self.results.append(self.best or Result(0, "", thumbnail(None)))
            self._show_next()

    def start(self) -> None:
        """Begin with the first prompt again."""
        self.results: list[Result] = []
        self._show_next()

    def _show_next(self) -> None:
        self.best = None
        self._shown_s, self._counted_s = self._now_s(), 0.0
        self.canvas.replace_canvas(History())


def thumbnail(attempt: Attempt | None) -> UInt8Array:
    """Draw the strokes of an attempt, or an empty sheet, small: uint8 `(124, 186)`, black on white."""
    if attempt is None:
        return draw_strokes([], THUMBNAIL_WH)
    scale = min(THUMBNAIL_WH[0] / attempt.size_wh[0], THUMBNAIL_WH[1] / attempt.size_wh[1])
    return draw_strokes([Stroke(each.points * scale, each.pen_px * scale) for each in attempt.strokes], THUMBNAIL_WH)


def contact_sheet(pictures: list[UInt8Array]) -> UInt8Array:
    """Put pictures of one size into rows: uint8 `(H, W)`, the last row filled up with paper."""
    rows = -(-len(pictures) // _SHEET_COLUMNS)
    filled = [*pictures, *(np.full_like(pictures[0], 255) for _ in range(rows * _SHEET_COLUMNS - len(pictures)))]
    return np.vstack([np.hstack(filled[row * _SHEET_COLUMNS : (row + 1) * _SHEET_COLUMNS]) for row in range(rows)])


def current_game() -> Game:
    """Return the game of the visitor's session."""
    if GAME_KEY not in st.session_state:
        st.session_state[GAME_KEY] = Game()
    game: Game = st.session_state[GAME_KEY]
    return game
