"""The pictures of this visit that the Inspector can open: from Draw, from Upload, and the samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from app.language import _
from app.navigation import page
from digitcore import Settings, Stroke
from digitcore.io.strokes import draw_strokes, with_one_pen
from digitcore.types import UInt8Array

SELECTED_IMAGE_KEY: Final = "inspector_subject"
"""The id of what was opened last from another page."""

REGISTERED_IMAGES_KEY: Final = "inspector_offered"
"""What each page has to be opened, by the page's name."""


@dataclass(frozen=True, slots=True, eq=False)
class InspectableImage:
    """A picture to look at closely, and how it was read where it comes from."""

    image_id: str
    """The same for the same picture: `drawing`, `sample:pen.jpg`, `upload:…`."""

    name: str
    """For people."""

    source: bytes | UInt8Array
    """As `read_image` takes it."""

    settings: Settings = Settings()


def show_inspect_button(subject: InspectableImage, key: str) -> None:
    """A button that opens the picture in the Inspector; the page has offered it, or it is a sample."""
    if st.button(_("Open in the Inspector"), icon=":material/biotech:", key=key):
        st.session_state[SELECTED_IMAGE_KEY] = subject.image_id
        st.switch_page(page("inspector"))


def register_images(origin: str, subjects: Sequence[InspectableImage]) -> None:
    """What a page has for the Inspector from now on, in place of what it had.

    Args:
        origin: the page's name.
        subjects: its pictures, in order.
    """
    st.session_state[REGISTERED_IMAGES_KEY] = {**st.session_state.get(REGISTERED_IMAGES_KEY, {}), origin: list(subjects)}


def registered_images() -> list[InspectableImage]:
    """What all pages have for the Inspector."""
    return [subject for subjects in st.session_state.get(REGISTERED_IMAGES_KEY, {}).values() for subject in subjects]


def register_drawing(strokes: Sequence[Stroke], size_wh: tuple[int, int]) -> InspectableImage | None:
    """Offer a drawing as it is read, with MNIST's pen; None where there is nothing drawn."""
    if not strokes:
        register_images("draw", [])
        return None
    ink = draw_strokes(with_one_pen(strokes), size_wh)
    subject = InspectableImage("drawing", _("Your drawing"), ink, Settings.for_drawing())
    register_images("draw", [subject])
    return subject
