"""A value that changes only once a new one has lasted."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

LASTING_S: Final = 0.2
"""For so long a new value must be the same. What flickers between two keeps the first."""

T = TypeVar("T")


class Steady(Generic[T]):
    """The last value whose name has lasted; a newer value of the same name replaces it at once."""

    def __init__(self, name: Callable[[T], str]) -> None:
        self._name = name
        self._value: T | None = None
        self._candidate = ""
        self._since_s = 0.0

    def take(self, value: T, now_s: float) -> T:
        """The value now, given what was seen at this moment. The first one is taken as it is."""
        name = self._name(value)
        if self._value is None or name == self._name(self._value):
            self._value, self._candidate = value, name
        elif name != self._candidate:
            self._candidate, self._since_s = name, now_s
        elif now_s - self._since_s >= LASTING_S:
            self._value = value
        return self._value
