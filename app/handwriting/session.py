"""The examples of the visitor's handwriting, in the memory of the session, for all of its pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from digitcore import WriterProfile
from digitcore.types import UInt8Array

HANDWRITING_KEY: Final = "ui_handwriting"


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One of the visitor's digits.

    Attributes:
        model_input: uint8 `(28, 28)`, white ink on black.
        label: which digit it shows.
        mark_id: of the mark that the visitor has corrected; empty for other examples.
    """

    model_input: UInt8Array
    label: int
    mark_id: str = ""


class Handwriting:
    """The examples of a session.

    Each change makes a new profile: the earlier one may be in use by the thread that reads video. Buttons call these methods rather than
    functions that access `st.session_state`, for the reason given in `app.draw.canvas_state`.

    Attributes:
        version: identifies the profile among those of the session: part of the key of every kept reading. 0 while there are no examples.
    """

    def __init__(self) -> None:
        self.version = 0
        self._examples: tuple[Example, ...] = ()
        self._profile = WriterProfile()
        self._change_count = 0

    @property
    def profile(self) -> WriterProfile | None:
        """Return the profile to read with, which never changes; None while there are no examples."""
        return self._profile if self._examples else None

    def __len__(self) -> int:
        return len(self._examples)

    def add(self, *rounds: Mapping[int, UInt8Array]) -> None:
        """Add taught digits.

        Args:
            rounds: uint8 `(28, 28)` each, by the digits that they show.

        Raises:
            ProfileError: there would be too many examples; nothing is added.
        """
        taught = [Example(model_input, label) for digits in rounds for label, model_input in digits.items()]
        self._replace((*self._examples, *taught))

    def load(self, profile: WriterProfile) -> None:
        """Use the examples of a profile in place of all others."""
        self._replace(Example(*each) for each in zip(profile.images, profile.labels.tolist(), strict=True))

    def learn(self, mark_id: str, model_input: UInt8Array, label: int) -> None:
        """Add a corrected mark, in place of an earlier correction of the same mark.

        Args:
            mark_id: identifies the mark.
            model_input: uint8 `(28, 28)`, white ink on black.
            label: which digit it shows.

        Raises:
            ProfileError: there would be too many examples; nothing is changed.
        """
        self._replace((*self._without(mark_id), Example(model_input, label, mark_id)))

    def unlearn(self, mark_id: str) -> None:
        """Remove the example of a corrected mark, if there is one."""
        kept = self._without(mark_id)
        if len(kept) < len(self._examples):
            self._replace(kept)

    def forget(self) -> None:
        """Remove all examples."""
        self._replace(())

    def to_json(self) -> str:
        """Write all examples for a download."""
        return self._profile.to_json()

    def _without(self, mark_id: str) -> list[Example]:
        return [each for each in self._examples if each.mark_id != mark_id]

    def _replace(self, examples: Iterable[Example]) -> None:
        kept, profile = tuple(examples), WriterProfile()
        for example in kept:
            profile.add(example.model_input, example.label)
        self._examples, self._profile = kept, profile
        self._change_count += 1
        self.version = self._change_count if kept else 0


def current_handwriting() -> Handwriting:
    """Return the handwriting of the visitor's session; at first it has no examples."""
    handwriting: Handwriting = st.session_state.setdefault(HANDWRITING_KEY, Handwriting())
    return handwriting


def current_profile() -> WriterProfile | None:
    """Return the profile with which the visitor's pictures are read; None while there are no examples."""
    return current_handwriting().profile
