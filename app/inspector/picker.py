"""The choice of the picture to inspect: one from another page, a sample, or a camera snapshot."""

from typing import Final

import streamlit as st

from app.inspectable_images import SELECTED_IMAGE_KEY, InspectableImage, registered_images
from app.language import _
from app.samples import SAMPLES, show_samples

CAMERA_ID: Final = "camera"
"""Id of the camera snapshot among the pictures."""

PICKER_KEY: Final = "inspector_picker"
CAMERA_KEY: Final = "inspector_camera"
SNAPSHOT_KEY: Final = "inspector_snapshot"

_CAMERA_WIDTH_PX: Final = 420


def pick_image() -> InspectableImage | None:
    """Show the list of pictures, and the camera if that is selected.

    Returns:
        The picture that the visitor selected last, here or on another page; None before that, or before the camera has taken one.
    """
    images = _available_images()
    selected = st.session_state.get(SELECTED_IMAGE_KEY)
    names = {image_id: image.name for image_id, image in images.items()} | {CAMERA_ID: _("Camera snapshot")}
    st.session_state[PICKER_KEY] = selected if selected in names else None
    st.selectbox(
        _("Picture"),
        list(names),
        index=None,
        format_func=lambda image_id: names.get(image_id, ""),
        placeholder=_("Choose a picture"),
        key=PICKER_KEY,
        on_change=lambda: select_image(st.session_state[PICKER_KEY]),
    )
    if selected == CAMERA_ID:
        st.camera_input(_("Hold a digit up to the camera"), key=CAMERA_KEY, on_change=_store_snapshot, width=_CAMERA_WIDTH_PX)
        return st.session_state.get(SNAPSHOT_KEY)
    return images.get(selected) if selected else None


def show_empty_state() -> None:
    """Explain the page and offer the samples, unless the camera is selected."""
    if st.session_state.get(SELECTED_IMAGE_KEY) == CAMERA_ID:
        return
    st.info(
        _("See how a picture becomes an answer, step by step, and change any step. Open one from Draw or Upload, or try one of these."),
        icon=":material/biotech:",
    )
    show_samples(lambda sample: select_image(sample.sample_id), key="inspector")


def select_image(image_id: str | None) -> None:
    """Select the picture to inspect; None selects nothing."""
    st.session_state[SELECTED_IMAGE_KEY] = image_id


def _available_images() -> dict[str, InspectableImage]:
    samples = [InspectableImage(each.sample_id, _("Sample: {title}").format(title=_(each.title)), each.content) for each in SAMPLES]
    return {image.image_id: image for image in [*registered_images(), *samples]}


def _store_snapshot() -> None:
    taken = st.session_state[CAMERA_KEY]
    st.session_state[SNAPSHOT_KEY] = InspectableImage(CAMERA_ID, _("Camera snapshot"), taken.getvalue()) if taken else None
