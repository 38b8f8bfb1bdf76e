"""Which picture the Inspector looks at: one from another page, a sample, or a snapshot of the camera."""

from typing import Final

import streamlit as st

from app.inspectable_images import SELECTED_IMAGE_KEY, InspectableImage, registered_images
from app.language import _
from app.samples import SAMPLES, show_samples

CAMERA: Final = "camera"
PICKER_KEY: Final = "inspector_picker"
CAMERA_KEY: Final = "inspector_camera"
SNAPSHOT_KEY: Final = "inspector_snapshot"

_CAMERA_PX: Final = 420


def pick_subject() -> InspectableImage | None:
    """Show what can be looked at, and the camera where that is chosen.

    Returns:
        What the visitor chose last, here or on another page; None before, or while the camera has taken no picture yet.
    """
    subjects = _at_hand()
    chosen = st.session_state.get(SELECTED_IMAGE_KEY)
    names = {image_id: subject.name for image_id, subject in subjects.items()} | {CAMERA: _("A snapshot of the camera")}
    st.session_state[PICKER_KEY] = chosen if chosen in names else None
    st.selectbox(
        _("Picture"),
        list(names),
        index=None,
        format_func=lambda image_id: names.get(image_id, ""),
        placeholder=_("Choose a picture"),
        key=PICKER_KEY,
        on_change=_pick,
    )
    if chosen == CAMERA:
        st.camera_input(_("Hold a digit before the camera"), key=CAMERA_KEY, on_change=_snap, width=_CAMERA_PX)
        return st.session_state.get(SNAPSHOT_KEY)
    return subjects.get(chosen) if chosen else None


def show_invitation() -> None:
    """For who has chosen nothing yet: what this page is for, and samples with one click."""
    if st.session_state.get(SELECTED_IMAGE_KEY) == CAMERA:
        return
    st.info(
        _("See how a picture becomes an answer, step by step, and change any step. Open one from Draw or Upload, or try a sample."),
        icon=":material/biotech:",
    )
    show_samples(lambda sample: open_subject(sample.sample_id), key="inspector")


def open_subject(image_id: str) -> None:
    """Look at this picture from now on."""
    st.session_state[SELECTED_IMAGE_KEY] = image_id


def _at_hand() -> dict[str, InspectableImage]:
    samples = [InspectableImage(each.sample_id, _("Sample: {title}").format(title=_(each.title)), each.content) for each in SAMPLES]
    return {subject.image_id: subject for subject in [*registered_images(), *samples]}


def _pick() -> None:
    st.session_state[SELECTED_IMAGE_KEY] = st.session_state[PICKER_KEY]


def _snap() -> None:
    taken = st.session_state[CAMERA_KEY]
    st.session_state[SNAPSHOT_KEY] = InspectableImage(CAMERA, _("A snapshot of the camera"), taken.getvalue()) if taken else None
