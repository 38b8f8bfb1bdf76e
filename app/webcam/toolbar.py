"""The buttons for the current frame and for the log.

They are outside the fragment that refreshes itself: Streamlit gives a download a new URL whenever its button is made again, and a click
on a button that has just been replaced downloads nothing.
"""

from typing import NamedTuple

import streamlit as st

from app.downloads import show_download_button
from app.inspectable_images import InspectableImage, register_images, show_inspect_button
from app.language import _
from digitcore.io.encode import encode_image
from digitcore.video.log import NumberLog
from digitcore.video.reader import LiveReader, LiveView
from digitcore.video.stream import StreamPhase, VideoStream


class ToolbarState(NamedTuple):
    """What decides which toolbars the page shows."""

    phase: StreamPhase
    has_frame: bool
    has_log_entries: bool


def toolbar_state(video: VideoStream) -> ToolbarState:
    """Return the toolbars that a stream needs now; when they change, the page has to run again."""
    phase = video.phase()
    has_frame = video.is_on and phase in (StreamPhase.LIVE, StreamPhase.STOPPED) and video.reader.view is not None
    return ToolbarState(phase, has_frame, bool(video.reader.log.entries))


def register_frame(view: LiveView) -> InspectableImage:
    """Register the latest frame for the Inspector."""
    image = InspectableImage("webcam", _("Webcam picture"), view.picture)
    register_images("webcam", [image])
    return image


def show_frame_toolbar(reader: LiveReader) -> None:
    """Show the buttons that freeze, download and inspect the current frame."""
    if reader.view is None:
        return
    image = register_frame(reader.view)
    with st.container(horizontal=True, gap="xsmall", key="webcam-tools"):
        if reader.frozen:
            st.button(_("Resume"), icon=":material/play_arrow:", on_click=reader.resume, key="webcam_go_on")
        else:
            st.button(_("Freeze"), icon=":material/pause:", on_click=reader.freeze, key="webcam_hold")
        show_download_button(_("Snapshot (PNG)"), lambda: _annotated_png(reader), "webcam.png", key="webcam_snapshot_png")
        show_inspect_button(image, key="webcam_inspect")


def show_log_toolbar(log: NumberLog) -> None:
    """Show the buttons that download and clear the log."""
    with st.container(horizontal=True, gap="xsmall", key="webcam-log-tools"):
        show_download_button(_("Log (CSV)"), log.to_csv, "numbers.csv", key="webcam_log_csv")
        st.button(_("Clear the log"), icon=":material/delete:", on_click=log.clear, key="webcam_log_clear")


def _annotated_png(reader: LiveReader) -> bytes:
    """Encode the frame that is current at the click."""
    return encode_image(reader.view.annotated, "png") if reader.view is not None else b""
