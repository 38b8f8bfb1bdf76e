"""What can be done with the picture and with the log.

These buttons stand outside of what is refreshed by itself: Streamlit gives a file to take along a new name whenever its button is made
anew, and a click on one that has just been replaced brings nothing.
"""

from typing import NamedTuple

import streamlit as st

from app.downloads import show_download_button
from app.inspectable_images import InspectableImage, register_images, show_inspect_button
from app.language import _
from digitcore.io.decode import encode
from digitcore.video.log import NumberLog
from digitcore.video.reader import LiveReader, LiveView
from digitcore.video.stream import StreamPhase, VideoStream


class Tools(NamedTuple):
    """Which tools there are at one moment."""

    phase: StreamPhase
    of_picture: bool
    of_log: bool


def tools_for(video: VideoStream) -> Tools:
    """The tools that a stream has now: where they change, the page has to run again."""
    phase = video.phase()
    return Tools(phase, phase in (StreamPhase.LIVE, StreamPhase.STOPPED) and video.reader.view is not None, bool(video.reader.log.entries))


def offer_picture(view: LiveView) -> InspectableImage:
    """Offer the last frame to the Inspector."""
    subject = InspectableImage("webcam", _("Picture of the webcam"), view.picture)
    register_images("webcam", [subject])
    return subject


def show_tools(reader: LiveReader) -> None:
    """Hold the picture, take it along, look at it closely."""
    if reader.view is None:
        return
    subject = offer_picture(reader.view)
    with st.container(horizontal=True, gap="xsmall", key="webcam-tools"):
        if reader.frozen:
            st.button(_("Go on"), icon=":material/play_arrow:", on_click=reader.resume, key="webcam_go_on")
        else:
            st.button(_("Hold"), icon=":material/pause:", on_click=reader.freeze, key="webcam_hold")
        show_download_button(_("Snapshot (PNG)"), lambda: _snapshot(reader), "webcam.png", key="webcam_snapshot_png")
        show_inspect_button(subject, key="webcam_inspect")


def show_log_tools(log: NumberLog) -> None:
    """Take the log along, or clear it."""
    with st.container(horizontal=True, gap="xsmall", key="webcam-log-tools"):
        show_download_button(_("Log (CSV)"), log.to_csv, "numbers.csv", key="webcam_log_csv")
        st.button(_("Clear the log"), icon=":material/delete:", on_click=log.clear, key="webcam_log_clear")


def _snapshot(reader: LiveReader) -> bytes:
    """The picture at the moment of the click."""
    return encode(reader.view.annotated, "png") if reader.view is not None else b""
