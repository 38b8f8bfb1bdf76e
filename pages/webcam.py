"""Read handwriting in live video."""

import streamlit as st

from app.handwriting.panel import show_handwriting_panel
from app.header_footer import show_header
from app.language import _
from app.webcam.camera import camera_state
from app.webcam.player_style import style_player
from app.webcam.reading_panel import show_reading_panel
from app.webcam.snapshot import show_snapshot_reading, take_snapshot, wants_snapshot
from app.webcam.stream import current_stream
from app.webcam.toolbar import show_frame_toolbar, show_log_toolbar, toolbar_state
from app.webcam.video import prepare_video, show_connection

show_header(_("Live webcam"))
with st.container(key="webcam-scripts"):
    camera = camera_state()
    style_player("webcam-video")
stream = current_stream()
left, right = st.columns([3, 2], gap="medium")
with left:
    video_area = st.container(key="webcam-video")
    with video_area:
        connection = prepare_video(stream, camera)
    toolbars = toolbar_state(stream.video)
    with st.container(key="webcam-below"):
        if toolbars.has_frame:
            show_frame_toolbar(stream.video.reader)
            snapshot = False
        else:
            snapshot = wants_snapshot(stream, camera, has_video=connection is not None)
with video_area:
    if snapshot:
        photo = take_snapshot(stream)
    elif connection is not None:
        with st.container(key="webcam-player"):
            stream.show(connection)
with right:
    if snapshot:
        show_snapshot_reading(photo)
    elif connection is not None:
        show_reading_panel(stream, toolbars)
        if toolbars.has_log_entries:
            show_log_toolbar(stream.video.reader.log)
if connection is not None:
    show_connection(connection)
show_handwriting_panel()
