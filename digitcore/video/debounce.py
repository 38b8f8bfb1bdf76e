"""Debounce a value: adopt a change only once it has lasted."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

SETTLING_TIME_S: Final = 0.2
"""How long a new key must stay the same before it is adopted, by default; a value that flickers faster than this is ignored."""

T = TypeVar("T")


class Debouncer(Generic[T]):
    """Holds a value until another one with a different key has lasted for the settling time.

    A newer value with the same key replaces the older one at once.

    Args:
        key: gives what is compared: two values with the same key count as equal.
        settling_time_s: how long a new key must stay the same, in seconds.
    """

    def __init__(self, key: Callable[[T], str], settling_time_s: float = SETTLING_TIME_S) -> None:
        self._key = key
        self._settling_time_s = settling_time_s
        self._value: T | None = None
        self._candidate_key = ""
        self._candidate_since_s = 0.0

    def update(self, value: T, now_s: float) -> T:
        """Take the value observed now and return the debounced one.

        Args:
            value: the new observation; the first one is adopted as it is.
            now_s: the time, in seconds of a clock that never goes back.

        Returns:
            The value to use.
        """
        key = self._key(value)
        if self._value is None or key == self._key(self._value):
            self._value, self._candidate_key = value, key
        elif key != self._candidate_key:
            self._candidate_key, self._candidate_since_s = key, now_s
        elif now_s - self._candidate_since_s >= self._settling_time_s:
            self._value = value
        return self._value
