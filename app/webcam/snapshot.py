"""A picture of the camera without any stream: for networks and browsers that let none through."""

from typing import Final

import streamlit as st

from app.image_urls import data_url
from app.inspectable_images import InspectableImage, register_images, show_inspect_button
from app.language import _, localize
from app.reading_panels import show_answer, show_digits
from digitcore import ImageError, annotate, read_image
from digitcore.io.decode import load_picture

WANTED_KEY: Final = "webcam_snapshot_wanted"
CAMERA_KEY: Final = "webcam_snapshot"


def show_snapshot(offered: bool) -> None:
    """A switch, and behind it the camera; its picture is read as any other.

    Args:
        offered: whether it is switched on by itself, as there is no stream to be had.
    """
    wanted = st.toggle(_("Take a snapshot instead"), value=offered, key=f"{WANTED_KEY}_{offered}")
    if not wanted:
        return
    taken = st.camera_input(_("Hold handwritten digits before the camera"), key=CAMERA_KEY)
    if taken is not None:
        _show_reading(taken.getvalue())


def _show_reading(content: bytes) -> None:
    try:
        picture = load_picture(content)
        reading = read_image(picture)
    except ImageError as error:
        st.error(localize(error.message), icon=":material/error:")
        return
    st.image(data_url(annotate(picture.pixels, reading), "jpeg"), alt=_("The snapshot with what was read"), width="stretch")
    show_answer(reading)
    show_digits(reading, key="webcam_taken")
    subject = InspectableImage("webcam", _("Picture of the webcam"), content)
    register_images("webcam", [subject])
    show_inspect_button(subject, key="webcam_taken_inspect")
