"""The video's place on the page: the stream, or why there is none."""

import streamlit as st

from app.language import _, localize
from app.webcam.camera import WHY_NOT, Camera
from app.webcam.connection import the_connection
from app.webcam.slots import stream_slots
from app.webcam.stream import Stream
from digitcore import DigitError
from digitcore.video.ice import IceConfiguration


def show_video(stream: Stream, camera: Camera | None) -> IceConfiguration | None:
    """The video, which the visitor starts and stops; how it travels, or None where there is none to start."""
    if camera in WHY_NOT:
        st.warning(localize(WHY_NOT[camera]), icon=":material/videocam_off:")
        return None
    try:
        admitted = stream.admit()
        connection = stream.connected_by(the_connection)
    except DigitError as error:
        st.error(localize(error.message), icon=":material/error:")
        return None
    if not admitted:
        _show_busy()
        return None
    stream.carry(connection)
    return connection


def trouble() -> str:
    """What to say when no picture reaches the server."""
    return _(
        "No picture has reached this server. If the browser asks for the camera, allow it. Else a firewall or router keeps the video back: "
        "try another network, or take a snapshot. Who runs this server can set up a TURN relay."
    )


def _show_busy() -> None:
    one = _("The only place for live video is taken at the moment. Try again in a minute, or take a snapshot.")
    several = _("All {count} places for live video are taken at the moment. Try again in a minute, or take a snapshot.")
    count = stream_slots().limit
    st.info(one if count == 1 else several.format(count=count), icon=":material/group:")
    st.button(_("Try again"), icon=":material/refresh:", key="webcam_try_again")


def show_connection(connection: IceConfiguration) -> None:
    """How the video travels, and what becomes of it."""
    private = _("The video is read in this server's memory, frame by frame, and none is kept.")
    st.caption(f"{localize(connection.description)} {private}")
