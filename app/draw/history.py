"""Steps that can be taken back and taken again."""

from dataclasses import dataclass
from typing import Any

Strokes = list[dict[str, Any]]
"""The objects of a canvas, as its JSON holds them."""


@dataclass(frozen=True, slots=True)
class History:
    """What a drawing was after each step. Every change gives a new history."""

    steps: tuple[Strokes, ...] = ([],)
    place: int = 0
    """The step that is shown."""

    @property
    def strokes(self) -> Strokes:
        """What is drawn now."""
        return self.steps[self.place]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step before."""
        return self.place > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return self.place < len(self.steps) - 1

    def then(self, strokes: Strokes) -> "History":
        """After one more step; what was taken back before is forgotten. The same drawing is no step."""
        if _paths(strokes) == _paths(self.strokes):
            return self
        return History((*self.steps[: self.place + 1], strokes), self.place + 1)

    def undone(self) -> "History":
        """One step back, if there is one."""
        return History(self.steps, max(self.place - 1, 0))

    def redone(self) -> "History":
        """One step on again, if there is one."""
        return History(self.steps, min(self.place + 1, len(self.steps) - 1))


def _paths(strokes: Strokes) -> list[Any]:
    return [stroke.get("path") for stroke in strokes]
