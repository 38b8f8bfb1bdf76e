"""Read handwriting in live video."""

import streamlit as st

from app.handwriting.panel import show_handwriting_panel
from app.header_footer import show_header
from app.language import _
from app.webcam.camera import camera_state
from app.webcam.reading_panel import show_reading_panel
from app.webcam.snapshot import show_snapshot
from app.webcam.stream import current_stream
from app.webcam.toolbar import show_frame_toolbar, show_log_toolbar, toolbar_state
from app.webcam.video import show_connection, show_video
from digitcore.video.stream import StreamPhase

show_header(_("Live webcam"))
show_handwriting_panel()
stream = current_stream()
left, right = st.columns([3, 2], gap="medium")
with left:
    connection = show_video(stream, camera_state())
    toolbars = toolbar_state(stream.video)
    if toolbars.has_frame:
        show_frame_toolbar(stream.video.reader)
    # Not while a stream has merely stopped: a camera that is opened twice may be lost to both.
    show_snapshot(enabled=connection is None or toolbars.phase is StreamPhase.UNREACHABLE)
if connection is not None:
    with right:
        show_reading_panel(stream, toolbars)
        if toolbars.has_log_entries:
            show_log_toolbar(stream.video.reader.log)
    show_connection(connection)
