"""The panel next to the video: the reading, its digits and the log, refreshed without running the page again."""

from dataclasses import replace
from typing import Final

import numpy as np
import streamlit as st

from app.handwriting.session import current_profile
from app.language import _, number
from app.reading_panel import show_answer, show_digits, show_live_digits
from app.webcam.log import show_log
from app.webcam.stream import VisitorStream
from app.webcam.toolbar import ToolbarState, register_frame, toolbar_state
from app.webcam.video import connection_help
from digitcore.results import Digit, Status
from digitcore.video.reader import LiveReader, LiveView
from digitcore.video.stats import StreamStats
from digitcore.video.stream import StreamPhase, VideoStream

REFRESH_INTERVAL_S: Final = 0.3

_PROBABILITY_DECIMALS: Final = 3
"""Rounded so far, equal charts are drawn only once."""


def show_reading_panel(stream: VisitorStream, toolbars: ToolbarState) -> None:
    """Show the reading, its digits, the stream's statistics and the log, and refresh them while the stream is on.

    Args:
        stream: the visitor's stream.
        toolbars: the toolbars that the page shows; once others are needed, the whole page runs again.
    """
    st.fragment(_show, run_every=None if toolbars.phase is StreamPhase.OFF else REFRESH_INTERVAL_S)(stream, toolbars)


def _show(stream: VisitorStream, toolbars: ToolbarState) -> None:
    if toolbar_state(stream.video) != toolbars:
        st.rerun()
    reader = stream.video.reader
    reader.profile = current_profile()
    _show_phase(stream.video)
    show_log(reader.log)


def _show_phase(video: VideoStream) -> None:
    """Show the reading of a live stream; in every other phase a message."""
    phase, reader = video.phase(), video.reader
    if phase is StreamPhase.STARTING:
        st.info(_("Connecting to the camera…"), icon=":material/hourglass_top:")
    elif phase is StreamPhase.UNREACHABLE:
        st.error(connection_help(), icon=":material/wifi_off:")
    elif phase is StreamPhase.STOPPED:
        st.warning(_stall_message(still_on=video.is_on), icon=":material/videocam_off:")
    elif phase is StreamPhase.LIVE and reader.view is not None:
        _show_view(reader, reader.view)
    else:
        text = _("Start the camera and hold handwritten digits up to it. The number is read while you watch.")
        st.info(text, icon=":material/videocam:")


def _stall_message(*, still_on: bool) -> str:
    """Return a message for a stream without new frames; the player can stop it only while it is on."""
    if still_on:
        return _("The camera has stopped sending pictures. If it doesn't recover, stop it and start it again.")
    return _("The camera has stopped sending pictures. Start it again.")


def _show_view(reader: LiveReader, view: LiveView) -> None:
    if view.reading.status == Status.OK:
        show_answer(view.reading, key="webcam")
    else:
        text = _("No digit found yet. Hold the paper still and close to the camera, in good light.")
        st.info(text, icon=":material/center_focus_weak:")
    register_frame(view)
    if reader.frozen:
        show_digits(view.reading, key="webcam")
        return
    _show_stats(view.stats)
    show_live_digits([_round_probabilities(digit) for digit in view.reading.digits], key="webcam")


def _show_stats(stats: StreamStats) -> None:
    figures = {
        _("Frames a second"): number(stats.frames_per_second),
        _("Time per frame"): f"{number(stats.processing_ms)} ms",
        _("Delay"): f"{number(stats.delay_ms)} ms",
        _("Skipped frames"): number(stats.dropped),
    }
    with st.popover(_("About the video"), icon=":material/info:", type="tertiary", key="webcam_stats"):
        st.table({_("Figure"): list(figures), _("Value"): list(figures.values())}, border="horizontal", hide_index=True, hide_header=True)


def _round_probabilities(digit: Digit) -> Digit:
    return replace(digit, probabilities=np.round(digit.probabilities, _PROBABILITY_DECIMALS))
