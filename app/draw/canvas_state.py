"""The state of a canvas between two runs of its page."""

from dataclasses import dataclass, field
from typing import Any

from app.draw.history import History, Strokes


@dataclass(slots=True)
class CanvasState:
    """A canvas of a visit and the history of its drawing.

    A button's callback changes this object rather than `st.session_state`: Streamlit silently abandons a callback that accesses
    `st.session_state` if another request arrives at that moment, and Clear may be clicked while the last stroke is being sent.

    Attributes:
        history: the drawing after each step.
        size_wh: width and height of the sheet in its pixels.
        generation: the number of the canvas widget. Undo, Redo and Clear replace the widget by a new one, as only a new one can be given a
            drawing.
        initial_drawing: the drawing that the widget was given, as the JSON of a canvas; None for an empty one.
        asks: whether the visitor's browser hasn't been asked yet for the drawing that it has kept.
        opened_link: the packed drawing of the link that was opened last; None if there was none.
        problem: why a drawing couldn't be opened.
    """

    history: History = field(default_factory=History)
    size_wh: tuple[int, int] = (0, 0)
    generation: int = 0
    initial_drawing: dict[str, Any] | None = None
    asks: bool = True
    opened_link: str | None = None
    problem: str = ""

    def record(self, strokes: Strokes) -> None:
        """Record what is on the canvas, as a step where it has changed.

        Args:
            strokes: the objects of the canvas.
        """
        history = self.history.with_step(strokes)
        if history is not self.history:
            self.history, self.problem = history, ""

    def undo(self) -> None:
        """Go back one step."""
        self.replace_canvas(self.history.undo())

    def redo(self) -> None:
        """Go forward one step."""
        self.replace_canvas(self.history.redo())

    def clear(self) -> None:
        """Continue with an empty canvas, as a step that can be undone."""
        self.replace_canvas(self.history.with_step([]))

    def show(self, strokes: Strokes) -> None:
        """Show a drawing, as a step that can be undone.

        Args:
            strokes: the objects of the canvas.
        """
        self.replace_canvas(self.history.with_step(strokes))

    def replace_canvas(self, history: History) -> None:
        """Continue on a new canvas with the drawing of a history."""
        self.history = history
        self.generation += 1
        self.initial_drawing = {"objects": history.strokes} if history.strokes else None

    def resize(self, size_wh: tuple[int, int]) -> None:
        """Set the size of the sheet; one with a drawing keeps its size."""
        if not self.size_wh[0] or not self.history.strokes:
            self.size_wh = size_wh
