"""Hold handwriting before the camera and see it read while it moves."""

import streamlit as st

from app.header_footer import show_header
from app.language import _
from app.webcam.camera import camera_state
from app.webcam.reading_panel import show_beside
from app.webcam.snapshot import show_snapshot
from app.webcam.stream import visitors_stream
from app.webcam.toolbar import show_log_tools, show_tools, tools_for
from app.webcam.video import show_connection, show_video, trouble
from digitcore.video.stream import StreamPhase

show_header(_("Live webcam"))
stream = visitors_stream()
picture, beside = st.columns([3, 2], gap="medium")
with picture:
    connection = show_video(stream, camera_state())
    tools = tools_for(stream.video)
    if tools.of_picture:
        show_tools(stream.video.reader)
    # Not for a stream that only falters: a camera that is opened twice may be lost to both.
    show_snapshot(offered=connection is None or tools.phase is StreamPhase.UNREACHABLE)
if connection is not None:
    with beside:
        show_beside(stream, trouble(), tools)
        if tools.of_log:
            show_log_tools(stream.video.reader.log)
    show_connection(connection)
