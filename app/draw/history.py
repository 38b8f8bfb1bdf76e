"""The history of a drawing, for Undo and Redo."""

from dataclasses import dataclass
from typing import Any

Strokes = list[dict[str, Any]]
"""The objects of a canvas, as in its JSON."""


@dataclass(frozen=True, slots=True)
class History:
    """The drawing after each step; every method returns a new history.

    Attributes:
        steps: the drawing after each step, at first an empty one.
        position: the index of the step that is shown.
    """

    steps: tuple[Strokes, ...] = ([],)
    position: int = 0

    @property
    def strokes(self) -> Strokes:
        """Return the drawing that is shown."""
        return self.steps[self.position]

    @property
    def can_undo(self) -> bool:
        """Return whether there is an earlier step."""
        return self.position > 0

    @property
    def can_redo(self) -> bool:
        """Return whether there is a later step."""
        return self.position < len(self.steps) - 1

    def with_step(self, strokes: Strokes) -> "History":
        """Append a step after the one that is shown, in place of all later steps.

        Args:
            strokes: the drawing after the step.

        Returns:
            The new history; this one if the drawing hasn't changed.
        """
        if _paths(strokes) == _paths(self.strokes):
            return self
        return History((*self.steps[: self.position + 1], strokes), self.position + 1)

    def undo(self) -> "History":
        """Go back one step, if there is an earlier one."""
        return History(self.steps, max(self.position - 1, 0))

    def redo(self) -> "History":
        """Go forward one step, if there is a later one."""
        return History(self.steps, min(self.position + 1, len(self.steps) - 1))


def _paths(strokes: Strokes) -> list[Any]:
    return [stroke.get("path") if isinstance(stroke, dict) else stroke for stroke in strokes]
