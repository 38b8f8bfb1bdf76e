"""What the Inspector remembers: the settings, the picture that lies open, and what was read from it last."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import streamlit as st

from app.image_urls import data_url, preview_url, resize
from app.inspectable_images import InspectableImage
from digitcore import Reading, Settings, annotate, read_image
from digitcore.analysis.ablation import Outcome
from digitcore.io.decode import UprightPicture, load_picture
from digitcore.types import UInt8Array

SETTINGS_KEY: Final = "inspector_settings"
SHOWN_KEY: Final = "inspector_shown"
"""The picture that lies open, decoded once."""

INSPECTIONS_KEY: Final = "inspector_inspections"

PREVIEW_SIDE_PX: Final = 400
"""Stages are shown about half as wide on a desktop, and as wide as that on a phone."""

_MARKED_SIDE_PX: Final = 720
_MOST_INSPECTIONS: Final = 2
"""The present settings and those before: going back and forth reads nothing twice. A photo's stages take some 20 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """An opened picture."""

    subject: InspectableImage
    picture: UprightPicture
    """Upright and reduced: a changed setting decodes nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """A picture read by some settings, and what is shown of that, made once when it is first asked for."""

    shown: Shown
    settings: Settings
    reading: Reading
    outcomes: list[Outcome] = field(default_factory=list)
    """What matters; empty until somebody asks."""

    pictures: dict[str, str] = field(default_factory=dict)
    """`data:` addresses by name."""

    def stage_url(self, name: str) -> str:
        """A stage as a small picture."""
        return self._picture(name, lambda: preview_url(self.stage(name), PREVIEW_SIDE_PX))

    def marked_url(self) -> str:
        """The picture with its digits marked."""
        return self._picture("marked in it", lambda: data_url(self.marked(), "jpeg"))

    def stage(self, name: str) -> UInt8Array:
        """A stage's picture, as large as it is."""
        return next(stage.image for stage in self.reading.stages if stage.name == name)

    def marked(self) -> UInt8Array:
        """The picture with its digits marked, uint8 `(H, W, 3)` RGB."""
        return annotate(resize(self.shown.picture.pixels, _MARKED_SIDE_PX), self.reading)

    def _picture(self, name: str, make: Callable[[], str]) -> str:
        if name not in self.pictures:
            self.pictures[name] = make()
        return self.pictures[name]


def present_settings() -> Settings:
    """The settings as they are."""
    settings: Settings = st.session_state.setdefault(SETTINGS_KEY, Settings())
    return settings


def apply_settings(settings: Settings) -> None:
    """Read by these settings from now on."""
    st.session_state[SETTINGS_KEY] = settings


def usual_settings() -> Settings:
    """What Reset leads back to: how the open picture was read where it comes from."""
    shown: Shown | None = st.session_state.get(SHOWN_KEY)
    return shown.subject.settings if shown else Settings()


def lay_open(subject: InspectableImage, *, as_it_was_read: bool) -> Shown:
    """Decode a picture, unless it lies open already.

    Args:
        subject: what to look at.
        as_it_was_read: whether a new picture brings its own settings alone; else what was changed stays changed.

    Raises:
        ImageError: the picture can't be read.
    """
    shown: Shown | None = st.session_state.get(SHOWN_KEY)
    if shown is not None and shown.subject.image_id == subject.image_id and shown.subject.source is subject.source:
        return shown
    opened = Shown(subject, load_picture(subject.source))
    changed = {} if as_it_was_read else present_settings().changes(usual_settings())
    apply_settings(replace(subject.settings, **changed))
    st.session_state[SHOWN_KEY] = opened
    st.session_state[INSPECTIONS_KEY] = []
    return opened


def inspect(shown: Shown) -> Inspection:
    """Read the open picture by the present settings, unless it was just before."""
    settings = present_settings()
    known: list[Inspection] = st.session_state.get(INSPECTIONS_KEY, [])
    found = next((each for each in known if each.settings == settings and each.shown is shown), None)
    inspection = found or Inspection(shown, settings, read_image(shown.picture, settings))
    st.session_state[INSPECTIONS_KEY] = [inspection, *(each for each in known if each is not inspection)][:_MOST_INSPECTIONS]
    return inspection
