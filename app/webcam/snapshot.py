"""A snapshot of the camera that needs no stream, for networks and browsers that allow none."""

from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.handwriting.session import current_profile
from app.image_urls import data_url
from app.inspectable_images import InspectableImage, register_images, show_inspect_button
from app.language import _, localize
from app.reading_panel import show_answer, show_digits
from app.webcam.camera import CAMERA_PROBLEMS, CameraState
from app.webcam.stream import VisitorStream
from app.webcam.video import connection_help
from digitcore import ImageError, annotate, read_image
from digitcore.io.decode import load_picture
from digitcore.video.stream import StreamPhase

ENABLED_KEY: Final = "webcam_snapshot_wanted"
CAMERA_KEY: Final = "webcam_snapshot"


def wants_snapshot(stream: VisitorStream, camera: CameraState | None, *, has_video: bool) -> bool:
    """Show a switch between video and snapshot, unless there is no camera; while a stream is on, it is disabled.

    Args:
        stream: the visitor's stream.
        camera: the state of the browser's camera; None if it isn't known yet.
        has_video: whether a stream can be started; if not, or if no frame has reached the server, the switch is on at first.

    Returns:
        Whether the visitor wants a snapshot.
    """
    unreachable = stream.video.phase() is StreamPhase.UNREACHABLE
    if camera in CAMERA_PROBLEMS:
        return False
    enabled = unreachable or not has_video
    disabled = stream.video.is_on and not unreachable
    return st.toggle(_("Take a snapshot instead"), value=enabled, key=f"{ENABLED_KEY}_{enabled}", disabled=disabled) and not disabled


def take_snapshot(stream: VisitorStream) -> UploadedFile | None:
    """Show the camera in place of the video, as a camera that is opened twice may be lost to both.

    Args:
        stream: the visitor's stream, which ends.

    Returns:
        The photo; None until the visitor has taken one.
    """
    if stream.video.phase() is StreamPhase.UNREACHABLE:
        st.error(connection_help(), icon=":material/wifi_off:")
    if stream.video.is_on:
        stream.disconnect()
    return st.camera_input(_("Hold handwritten digits up to the camera"), key=CAMERA_KEY, resolution="1080p")


def show_snapshot_reading(photo: UploadedFile | None) -> None:
    """Read a photo and show the reading.

    Args:
        photo: what `take_snapshot` returned.
    """
    if photo is None:
        st.info(_("Take a photo. The number is read here."), icon=":material/photo_camera:")
        return
    content = photo.getvalue()
    try:
        picture = load_picture(content)
        reading = read_image(picture, profile=current_profile())
    except ImageError as error:
        st.error(localize(error.message), icon=":material/error:")
        return
    show_answer(reading, key="webcam_taken")
    st.image(data_url(annotate(picture.pixels, reading), "jpeg"), alt=_("The snapshot with its digits marked"), width="stretch")
    show_digits(reading, key="webcam_taken")
    image = InspectableImage("webcam", _("Webcam picture"), content)
    register_images("webcam", [image])
    show_inspect_button(image, key="webcam_taken_inspect")
