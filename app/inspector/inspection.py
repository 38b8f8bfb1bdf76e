"""The Inspector's state in the visitor's session: the settings, the open picture, and its latest readings."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import streamlit as st

from app.handwriting.session import current_profile
from app.image_urls import data_url, preview_url
from app.inspectable_images import InspectableImage
from app.server.reader_processes import load
from digitcore import Digit, Reading, Settings, WriterProfile, annotate, read_image
from digitcore.io.decode import UprightPicture
from digitcore.io.thumbnails import resize
from digitcore.stages import StageName
from digitcore.types import UInt8Array

SETTINGS_KEY: Final = "inspector_settings"
OPEN_IMAGE_KEY: Final = "inspector_shown"
INSPECTIONS_KEY: Final = "inspector_inspections"

PREVIEW_SIDE_PX: Final = 400
"""Longer side of a stage's preview: about twice its width on a desktop, and its width on a phone."""

_ANNOTATED_SIDE_PX: Final = 720
_ANNOTATED: Final = "annotated"
_MAX_INSPECTIONS: Final = 2
"""The current settings and those before, so that switching back and forth reads nothing twice. A photo's stages take about 20 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenImage:
    """The picture that is open in the Inspector."""

    origin: InspectableImage
    picture: UprightPicture
    """Decoded once, upright and reduced, so that a changed setting decodes nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """A reading of the open picture with some settings; its previews are made when they are first needed."""

    open_image: OpenImage
    settings: Settings
    profile: WriterProfile | None
    """The visitor's handwriting with which the picture was read."""

    reading: Reading
    urls: dict[str, str] = field(default_factory=dict)
    """`data:` URLs of previews, by the name of their stage."""

    def stage_url(self, name: StageName) -> str:
        """Return a stage's preview as a `data:` URL."""
        return self._cached_url(name, lambda: preview_url(self.stage_image(name), PREVIEW_SIDE_PX))

    def annotated_url(self) -> str:
        """Return the picture with its digits marked, as a `data:` URL."""
        return self._cached_url(_ANNOTATED, lambda: data_url(self._annotated(), "jpeg"))

    def stage_image(self, name: StageName) -> UInt8Array:
        """Return a stage's picture in full size, uint8 `(H, W)` or `(H, W, 3)` RGB."""
        return next(stage.image for stage in self.reading.stages if stage.name == name)

    def largest_digit(self) -> Digit | None:
        """Return the mark that the last stages show; None where nothing was found."""
        last = self.reading.stages[-1]
        return next((digit for digit in self.reading.digits if np.array_equal(digit.model_input, last.image)), None)

    def _annotated(self) -> UInt8Array:
        return annotate(resize(self.open_image.picture.pixels, _ANNOTATED_SIDE_PX), self.reading)

    def _cached_url(self, name: str, make: Callable[[], str]) -> str:
        if name not in self.urls:
            self.urls[name] = make()
        return self.urls[name]


def current_settings() -> Settings:
    """Return the settings that the visitor has chosen; the defaults at first."""
    settings: Settings = st.session_state.setdefault(SETTINGS_KEY, Settings())
    return settings


def apply_settings(settings: Settings) -> None:
    """Set the settings for the next reading."""
    st.session_state[SETTINGS_KEY] = settings


def initial_settings() -> Settings:
    """Return the settings that a reset restores: those with which the open picture was read on the page that it comes from."""
    open_image: OpenImage | None = st.session_state.get(OPEN_IMAGE_KEY)
    return open_image.origin.settings if open_image else Settings()


def open_image(image: InspectableImage, *, keep_changes: bool) -> OpenImage:
    """Decode a picture, unless it is open already, and set the settings that belong to it.

    Args:
        image: the picture to open.
        keep_changes: whether settings that the visitor has changed stay changed for a new picture.

    Returns:
        The open picture.

    Raises:
        ImageError: the picture can't be decoded.
        RequestError: the picture took too long, or the server is too busy.
    """
    current: OpenImage | None = st.session_state.get(OPEN_IMAGE_KEY)
    if current is not None and current.origin.image_id == image.image_id and current.origin.source is image.source:
        return current
    opened = OpenImage(image, load(image.source))
    changed = current_settings().changes(initial_settings()) if keep_changes else {}
    apply_settings(replace(image.settings, **changed))
    st.session_state[OPEN_IMAGE_KEY] = opened
    st.session_state[INSPECTIONS_KEY] = []
    return opened


def inspect(open_image: OpenImage) -> Inspection:
    """Read the open picture with the current settings and handwriting, or return the reading of before if it is among the latest."""
    settings, profile = current_settings(), current_profile()
    latest: list[Inspection] = st.session_state.get(INSPECTIONS_KEY, [])
    latest = [each for each in latest if each.profile is profile]
    known = next((each for each in latest if each.settings == settings and each.open_image is open_image), None)
    inspection = known or Inspection(open_image, settings, profile, read_image(open_image.picture, settings, profile=profile))
    st.session_state[INSPECTIONS_KEY] = [inspection, *(each for each in latest if each is not inspection)][:_MAX_INSPECTIONS]
    return inspection
