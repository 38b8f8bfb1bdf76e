"""Find out which tuned numbers a computation depends on, by recording which fields of the parameter dataclasses it reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any
from unittest.mock import patch

from digitcore.parameters import ParameterGroup

ParameterField = tuple[type[ParameterGroup], str]
"""A field by the dataclass that declares it and its name."""


class ReadRecorder:
    """Records the fields that are read while it is active.

    A computation that reads a field of `ParameterGroup` may depend on it. One that doesn't read it can't: it would do the same with
    another value. What is read inside of `reads` within another `reads` belongs to both.

    Examples:
        >>> from digitcore.preprocessing.parameters import SheetParams
        >>> recorder = ReadRecorder()
        >>> with recorder.active(), recorder.reads() as found:
        ...     area = SheetParams().min_area
        >>> (SheetParams, "min_area") in found
        True
    """

    def __init__(self) -> None:
        self._open: list[set[ParameterField]] = []

    @contextmanager
    def active(self) -> Iterator[None]:
        """Watch all parameter dataclasses of the process."""

        def get(group: ParameterGroup, name: str) -> Any:
            if self._open:
                self._open[-1].add((type(group), name))
            return object.__getattribute__(group, name)

        with patch.object(ParameterGroup, "__getattribute__", get, create=True):
            yield

    @contextmanager
    def reads(self) -> Iterator[set[ParameterField]]:
        """Record what is read in this context; the set is complete when it ends."""
        found: set[ParameterField] = set()
        self._open.append(found)
        try:
            yield found
        finally:
            self._open.pop()
            if self._open:
                self._open[-1] |= found


def changed_fields(first: ParameterGroup, second: ParameterGroup) -> frozenset[ParameterField]:
    """Compare two groups of the same type.

    Args:
        first: any.
        second: the same with other values.

    Returns:
        The fields whose values differ, those of the groups in them included.
    """
    changed: set[ParameterField] = set()
    for each in fields(first):
        old, new = getattr(first, each.name), getattr(second, each.name)
        if isinstance(old, ParameterGroup):
            changed |= changed_fields(old, new)
        elif old != new:
            changed.add((type(first), each.name))
    return frozenset(changed)
