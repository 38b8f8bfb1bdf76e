"""The images of this visit that the Inspector can open: from other pages, and the samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from app.language import _, language_parameters
from app.navigation import page
from digitcore import Settings, Stroke
from digitcore.io.strokes import draw_strokes
from digitcore.layout.pen import with_uniform_pen
from digitcore.types import UInt8Array

SELECTED_IMAGE_KEY: Final = "inspector_subject"
"""Session state: the id of the image that the Inspector shows."""

REGISTERED_IMAGES_KEY: Final = "inspector_offered"
"""Session state: the images that each page has registered, by the page's name."""


@dataclass(frozen=True, slots=True, eq=False)
class InspectableImage:
    """An image for the Inspector, and the settings with which its page has read it.

    Attributes:
        image_id: the same for the same image: `drawing`, `sample:pen.jpg`, `upload:…`.
        name: the name to show.
        source: the encoded image, or its pixels as `digitcore.read_image` takes them.
        settings: how it was read.
    """

    image_id: str
    name: str
    source: bytes | UInt8Array
    settings: Settings = Settings()


def show_inspect_button(image: InspectableImage, key: str) -> None:
    """Show a button that opens an image in the Inspector.

    Args:
        image: a registered image, or a sample.
        key: the button's widget key.
    """
    if st.button(_("Open in the Inspector"), icon=":material/biotech:", key=key):
        st.session_state[SELECTED_IMAGE_KEY] = image.image_id
        st.switch_page(page("inspector"), query_params=language_parameters())


def register_images(page_name: str, images: Sequence[InspectableImage]) -> None:
    """Make a page's images available to the Inspector, in place of those that the page has registered before.

    Args:
        page_name: the page.
        images: its images, in the order to show them.
    """
    st.session_state[REGISTERED_IMAGES_KEY] = {**st.session_state.get(REGISTERED_IMAGES_KEY, {}), page_name: list(images)}


def registered_images() -> list[InspectableImage]:
    """Return the images that all pages have registered."""
    return [image for images in st.session_state.get(REGISTERED_IMAGES_KEY, {}).values() for image in images]


def register_drawing(strokes: Sequence[Stroke], size_wh: tuple[int, int]) -> InspectableImage | None:
    """Make a drawing available to the Inspector, as it is read: drawn with a pen of MNIST's stroke width.

    Args:
        strokes: the drawing, in pixels of the canvas.
        size_wh: the canvas's width and height in pixels.

    Returns:
        The image; None if nothing is drawn.
    """
    if not strokes:
        register_images("draw", [])
        return None
    ink = draw_strokes(with_uniform_pen(strokes), size_wh)
    image = InspectableImage("drawing", _("Your drawing"), ink, Settings.for_drawing())
    register_images("draw", [image])
    return image
