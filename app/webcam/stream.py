"""One visitor's stream, from the camera to the server and back, and its place among the others."""

import time
from collections.abc import Callable
from typing import Any, Final

import streamlit as st
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

SIZE_WH: Final = (640, 480)
FRAMES_PER_SECOND: Final = 20
MOST_FRAMES_PER_SECOND: Final = 30

GRACE_S: Final = 2.0
"""A page that has lost its connection for less comes back."""

CONSTRAINTS: Final[dict[str, Any]] = {
    "video": {
        "width": {"ideal": SIZE_WH[0]},
        "height": {"ideal": SIZE_WH[1]},
        "frameRate": {"ideal": FRAMES_PER_SECOND, "max": MOST_FRAMES_PER_SECOND},
        "facingMode": {"ideal": "environment"},
    },
    "audio": False,
}
"""What is asked of the browser: the camera that looks away from a phone's owner, and no sound."""


class Stream:
    """A visitor's stream: what reads it, and what carries it. Kept for the visit."""

    def __init__(self) -> None:
        self.video = VideoStream(LiveReader(Settings()))
        self._session_id = session_id()
        self._processor = FrameProcessor(self.video)
        self._there_s = float("inf")
        self._visit = 0
        self._connection: IceConfiguration | None = None
        self._context: WebRtcStreamerContext[Any, Any] | None = None

    def is_abandoned(self, now_s: float) -> bool:
        """Whether its visitor has closed the page, or nothing will come of it any more."""
        if is_session_active(self._session_id):
            self._there_s = now_s
        return now_s - self._there_s >= GRACE_S or self.video.is_lost(now_s)

    def stop(self) -> None:
        """End the connection, also of a visitor who has left without a word."""
        # streamlit-webrtc has no public way to end a stream from outside its visitor's own script run.
        worker = self._context._get_worker() if self._context else None
        if worker is not None:
            worker.stop()

    def wanted(self) -> bool:
        """Whether the visitor's browser has started the camera."""
        context = st.session_state.get(STREAMER_KEY)
        return context is not None and (context.state.signalling or context.state.playing)

    def connected_by(self, ask: Callable[[], IceConfiguration]) -> IceConfiguration:
        """The connection to use: asked for anew before each start, and kept while the stream flows, whatever happens to a provider."""
        if self._connection is None or not self.wanted():
            self._connection = ask()
        return self._connection

    def carry(self, connection: IceConfiguration) -> None:
        """Show the video and keep it flowing; the visitor starts and stops it there."""
        if self._processor.has_ended:
            self._processor = FrameProcessor(self.video)
        self._stay()
        self._context = webrtc_streamer(
            key=STREAMER_KEY,
            mode=WebRtcMode.SENDRECV,
            rtc_configuration=connection.rtc_configuration,
            media_stream_constraints=CONSTRAINTS,
            sink_video_track=self._processor,
            source_video_track=self._processor.output,
            video_html_attrs={"autoPlay": True, "controls": False, "muted": True, "playsInline": True, "style": {"width": "100%"}},
            translations=_words(),
            media_toggle_controls=False,
        )

    def _stay(self) -> None:
        """Keep the stream flowing if the visitor has not left the page since it was shown last.

        A run that is given up before it comes to the streamer, as the next one has begun, is another page's run to streamlit-webrtc, which
        then ends the stream. It happens where the browser's addresses come within milliseconds of each other: at the start.
        """
        context, self._visit, before = st.session_state.get(STREAMER_KEY), page_visit(), self._visit
        if context is not None and self._visit == before:
            context._last_rendered_run_count = None

    def admit(self) -> bool:
        """Whether there is a place for it: it takes one if its visitor has started it, and else gives back what it had."""
        if not self.wanted():
            self.video.end()
            stream_slots().release(self)
            return stream_slots().is_available_to(self)
        if stream_slots().acquire(self):
            self._there_s = time.monotonic()
            self.video.start()
            return True
        del st.session_state[STREAMER_KEY]
        return False


def visitors_stream() -> Stream:
    """The stream of this visit."""
    if STREAM_KEY not in st.session_state:
        st.session_state[STREAM_KEY] = Stream()
    stream: Stream = st.session_state[STREAM_KEY]
    return stream


def _words() -> Translations:
    """What the video's own frame says."""
    return {
        "start": _("Start the camera"),
        "stop": _("Stop"),
        "select_device": _("Choose a camera"),
        "select_camera": _("Camera"),
        "media_api_not_available": _("This browser gives no camera to this page."),
        "device_ask_permission": _("Allow the camera when the browser asks."),
        "device_not_available": _("No camera can be opened. Connect one, or close other programs that use it."),
        "device_access_denied": _("The camera is blocked for this page. Allow it beside the page's address."),
    }
