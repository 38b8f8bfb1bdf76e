"""The state of a canvas between two runs of its page."""

from dataclasses import dataclass, field
from typing import Any

from app.draw.history import History


@dataclass(slots=True)
class CanvasState:
    """A canvas of a visit and the history of its drawing.

    A button's callback changes this object rather than `st.session_state`: Streamlit silently abandons a callback that accesses
    `st.session_state` if another request arrives at that moment, and Clear may be clicked while the last stroke is being sent.

    Attributes:
        history: the drawing after each step.
        size_wh: width and height in pixels; None until the available width is known.
        generation: the number of the canvas widget. Undo, Redo and Clear replace the widget by a new one, as only a new one can be given a
            drawing.
        initial_drawing: the drawing that the widget was given, as the JSON of a canvas; None for an empty one.
    """

    history: History = field(default_factory=History)
    size_wh: tuple[int, int] | None = None
    generation: int = 0
    initial_drawing: dict[str, Any] | None = None

    def replace_canvas(self, history: History) -> None:
        """Continue on a new canvas with the drawing of a history."""
        self.history = history
        self.generation += 1
        self.initial_drawing = {"objects": history.strokes} if history.strokes else None

    def resize(self, size_wh: tuple[int, int] | None) -> None:
        """Set the size, unless it is unknown yet; a canvas with a drawing keeps its size."""
        if size_wh is not None and (self.size_wh is None or not self.history.strokes):
            self.size_wh = size_wh
