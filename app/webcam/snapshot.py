"""A snapshot of the camera that needs no stream, for networks and browsers that allow none."""

from typing import Final

import streamlit as st

from app.handwriting.session import current_profile
from app.image_urls import data_url
from app.inspectable_images import InspectableImage, register_images, show_inspect_button
from app.language import _, localize
from app.reading_panel import show_answer, show_digits
from digitcore import ImageError, annotate, read_image
from digitcore.io.decode import load_picture

ENABLED_KEY: Final = "webcam_snapshot_wanted"
CAMERA_KEY: Final = "webcam_snapshot"


def show_snapshot(enabled: bool) -> None:
    """Show a switch and, if that is on, the camera and the reading of its snapshot.

    Args:
        enabled: whether the switch is on at first, because there is no stream.
    """
    if not st.toggle(_("Take a snapshot instead"), value=enabled, key=f"{ENABLED_KEY}_{enabled}"):
        return
    taken = st.camera_input(_("Hold handwritten digits up to the camera"), key=CAMERA_KEY)
    if taken is not None:
        _show_reading(taken.getvalue())


def _show_reading(content: bytes) -> None:
    try:
        picture = load_picture(content)
        reading = read_image(picture, profile=current_profile())
    except ImageError as error:
        st.error(localize(error.message), icon=":material/error:")
        return
    st.image(data_url(annotate(picture.pixels, reading), "jpeg"), alt=_("The snapshot with its digits marked"), width="stretch")
    show_answer(reading, key="webcam_taken")
    show_digits(reading, key="webcam_taken")
    image = InspectableImage("webcam", _("Webcam picture"), content)
    register_images("webcam", [image])
    show_inspect_button(image, key="webcam_taken_inspect")
