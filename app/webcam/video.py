"""The video on the page, or the reason why there is none."""

import streamlit as st

from app.language import _, localize, ngettext, number
from app.navigation import page
from app.webcam.camera import CAMERA_PROBLEMS, CameraState, request_camera
from app.webcam.connection import current_connection
from app.webcam.slots import stream_slots
from app.webcam.stream import VisitorStream
from digitcore import DigitError
from digitcore.video.ice import IceConfiguration


def prepare_video(stream: VisitorStream, camera: CameraState | None) -> IceConfiguration | None:
    """Prepare the video, or show why there is none.

    Args:
        stream: the visitor's stream.
        camera: the state of the browser's camera; None if it isn't known yet.

    Returns:
        The connection of the video; None where no video can be started.
    """
    if camera in CAMERA_PROBLEMS:
        _show_camera_problem(camera)
        return None
    try:
        has_slot = stream.update_slot()
        connection = stream.use_connection(current_connection)
    except DigitError as error:
        st.error(localize(error.message), icon=":material/error:")
        return None
    if not has_slot:
        _show_busy()
        return None
    return connection


def connection_help() -> str:
    """Return what the visitor can do when no frame reaches the server, in the visitor's language."""
    return _(
        "No picture has reached this server. If the browser asks for the camera, allow it. Otherwise a firewall or router may be "
        "blocking the video: try another network, or take a snapshot. Whoever runs this server can set up a TURN relay."
    )


def _show_camera_problem(camera: CameraState) -> None:
    st.warning(_(CAMERA_PROBLEMS[camera]), icon=":material/videocam_off:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if camera is CameraState.BLOCKED:
            st.button(_("Try again"), icon=":material/refresh:", on_click=request_camera, key="webcam_request")
        st.page_link(page("upload"), label=_("Upload a photo"), icon=":material/upload_file:")


def _show_busy() -> None:
    count = stream_slots().limit
    text = ngettext(
        "The only live-video slot is in use. Try again in a minute, or take a snapshot.",
        "All {count} live-video slots are in use. Try again in a minute, or take a snapshot.",
        count,
    )
    st.info(text.format(count=number(count)), icon=":material/group:")
    st.button(_("Try again"), icon=":material/refresh:", key="webcam_try_again")


def show_connection(connection: IceConfiguration) -> None:
    """Show how the video is transmitted, and that it isn't saved."""
    privacy = _("The video is read in this server's memory, frame by frame, and never saved.")
    st.caption(f"{localize(connection.description)} {privacy}")
