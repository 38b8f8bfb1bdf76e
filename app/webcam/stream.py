"""A visitor's video stream, from the browser's camera to the server and back, and its slot."""

import time
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any, Final

import streamlit as st
from aiortc import MediaStreamTrack
from streamlit_webrtc import Translations, WebRtcMode, WebRtcStreamerContext, webrtc_streamer

from app.language import _
from app.session import is_session_active, page_visit, session_id
from app.webcam.slots import stream_slots
from digitcore import Settings
from digitcore.video.ice import IceConfiguration
from digitcore.video.reader import LiveReader
from digitcore.video.stream import VideoStream
from digitcore.video.webrtc import FrameProcessor

STREAM_KEY: Final = "webcam_stream"
STREAMER_KEY: Final = "webcam_streamer"

FRAME_SIZE_WH: Final = (640, 480)
FRAMES_PER_SECOND: Final = 20
MAX_FRAMES_PER_SECOND: Final = 30

RECONNECT_TIMEOUT_S: Final = 2.0
"""A page that has lost its connection to the server for less than this reconnects."""

MEDIA_CONSTRAINTS: Final[dict[str, Any]] = {
    "video": {
        "width": {"ideal": FRAME_SIZE_WH[0]},
        "height": {"ideal": FRAME_SIZE_WH[1]},
        "frameRate": {"ideal": FRAMES_PER_SECOND, "max": MAX_FRAMES_PER_SECOND},
        "facingMode": {"ideal": "environment"},
    },
    "audio": False,
}
"""What is requested from the browser: a phone's rear camera, and no sound."""

_VIDEO_STYLE: Final = {"width": "100%", "aspectRatio": "4 / 3", "objectFit": "contain", "background": "#8883", "borderRadius": "0.6rem"}
"""The place of the video has the same size before and after the start, whatever the shape of the camera's picture."""

_VIDEO_ATTRIBUTES: Final = {"autoPlay": True, "controls": False, "muted": True, "playsInline": True, "style": _VIDEO_STYLE}


class VisitorStream:
    """A visitor's stream: what reads its frames, and its WebRTC connection. It is kept for the whole session."""

    def __init__(self) -> None:
        self.video = VideoStream(LiveReader(Settings()))
        self._session_id = session_id()
        self._processor = FrameProcessor(self.video)
        self._last_active_s = float("inf")
        self._page_visit = 0
        self._connection: IceConfiguration | None = None
        self._context: WebRtcStreamerContext[Any, Any] | None = None

    def is_abandoned(self, now_s: float) -> bool:
        """Return whether the visitor has closed the page, or no more frames will arrive.

        Args:
            now_s: the time, in seconds of `time.monotonic`.
        """
        if is_session_active(self._session_id):
            self._last_active_s = now_s
        return now_s - self._last_active_s >= RECONNECT_TIMEOUT_S or self.video.is_lost(now_s)

    def stop(self) -> None:
        """Close the connection; for any thread, also after the visitor has left."""
        # streamlit-webrtc has no public way to end a stream outside a script run of its visitor.
        worker = self._context._get_worker() if self._context else None
        if worker is not None:
            worker.stop()

    def forget_earlier_visit(self) -> None:
        """End the stream, and forget its last frame, if the visitor has left the page since its last run: the browser has then ended it."""
        if self._page_visit != page_visit():
            self._page_visit = page_visit()
            self.disconnect()
            self.video.reset()

    def disconnect(self) -> None:
        """Close the connection and release the slot; a video that is shown afterwards is another one."""
        self.stop()
        self._processor.stop()
        self._processor = FrameProcessor(self.video)
        self._context = None
        st.session_state.pop(STREAMER_KEY, None)
        if self.video.is_on:
            self.video.end()
            stream_slots().release(self)

    def is_requested(self) -> bool:
        """Return whether the visitor has started the camera in the browser."""
        context = st.session_state.get(STREAMER_KEY)
        return context is not None and (context.state.signalling or context.state.playing)

    def use_connection(self, make_connection: Callable[[], IceConfiguration]) -> IceConfiguration:
        """Return the connection for the stream: a new one before each start, the same one while it runs, even if a provider fails."""
        if self._connection is None or not self.is_requested():
            self._connection = make_connection()
        return self._connection

    def show(self, connection: IceConfiguration) -> None:
        """Show the video with its buttons, and keep the stream running from one run of the page to the next."""
        if self._processor.has_ended:
            self._processor = FrameProcessor(self.video)
        self._keep_running()
        self._context = webrtc_streamer(
            key=STREAMER_KEY,
            mode=WebRtcMode.SENDRECV,
            rtc_configuration=connection.rtc_configuration,
            media_stream_constraints=MEDIA_CONSTRAINTS,
            sink_video_track=self._processor,
            player_factory=_player_factory(self._processor.output),
            video_html_attrs=_VIDEO_ATTRIBUTES,
            translations=_translations(),
            media_toggle_controls=False,
        )

    def _keep_running(self) -> None:
        """Keep the stream running although the previous run may not have shown it.

        A run of the page that ends before it reaches the streamer, because the next run has begun, looks to streamlit-webrtc like a run
        of another page, upon which it ends the stream. This happens at the start, where the browser reports its ICE candidates within
        milliseconds.
        """
        context = st.session_state.get(STREAMER_KEY)
        if context is not None:
            context._last_rendered_run_count = None

    def update_slot(self) -> bool:
        """Acquire a slot if the visitor has started the camera, else release the slot.

        Returns:
            Whether the stream has a slot, or would get one at its start.
        """
        if not self.is_requested():
            self.video.end()
            stream_slots().release(self)
            return stream_slots().is_available_to(self)
        if stream_slots().acquire(self):
            self._last_active_s = time.monotonic()
            self.video.start()
            return True
        del st.session_state[STREAMER_KEY]
        return False


def _player_factory(track: MediaStreamTrack) -> Any:
    """Return a factory of something that has a video track, as streamlit-webrtc's players do.

    A `source_video_track` would be subscribed to twice by its relay, which then waits for ever for the first subscription to end.
    """
    return partial(SimpleNamespace, audio=None, video=track)


def current_stream() -> VisitorStream:
    """Return the stream of the visitor's session; it is made at the first call, and ends when the visitor leaves the page."""
    if STREAM_KEY not in st.session_state:
        st.session_state[STREAM_KEY] = VisitorStream()
    stream: VisitorStream = st.session_state[STREAM_KEY]
    stream.forget_earlier_visit()
    return stream


def _translations() -> Translations:
    """Return the texts of the streamer's own controls."""
    return {
        "start": _("Start the camera"),
        "stop": _("Stop"),
        "select_device": _("Choose a camera"),
        "select_camera": _("Camera"),
        "media_api_not_available": _("This browser doesn't let this page use a camera."),
        "device_ask_permission": _("Allow the camera when the browser asks."),
        "device_not_available": _("No camera could be opened. Connect one, or close other programs that are using it."),
        "device_access_denied": _("The camera is blocked for this page. Allow it in the address bar."),
    }
