"""What stands beside the video, kept up to date without running the page again."""

from dataclasses import replace
from typing import Final

import numpy as np
import streamlit as st

from app.language import _, number
from app.reading_panels import choose_digit, show_answer, show_digits, show_probabilities
from app.webcam.log import show_log
from app.webcam.stream import Stream
from app.webcam.toolbar import Tools, offer_picture, tools_for
from digitcore.results import Digit
from digitcore.video.reader import LiveReader, LiveView
from digitcore.video.stream import StreamPhase

REFRESH_S: Final = 0.3
"""How often it is brought up to date while a stream flows."""

_DIGITS_SHOWN: Final = 3
"""Decimals of the probabilities, so that the chart is drawn anew only when it would look different."""


def show_beside(stream: Stream, trouble: str, tools: Tools) -> None:
    """The reading, its digits, the stream's numbers, and the log.

    Args:
        stream: of this visit.
        trouble: what to say when the server can't be reached.
        tools: what the page shows around it.
    """
    st.fragment(_show, run_every=None if tools.phase is StreamPhase.OFF else REFRESH_S)(stream, trouble, tools)


def _show(stream: Stream, trouble: str, tools: Tools) -> None:
    if tools_for(stream.video) != tools:
        st.rerun()  # the whole page
    phase, reader = stream.video.phase(), stream.video.reader
    if phase is StreamPhase.STARTING:
        st.info(_("Connecting to the camera…"), icon=":material/hourglass_top:")
    elif phase is StreamPhase.UNREACHABLE:
        st.error(trouble, icon=":material/wifi_off:")
    elif phase is StreamPhase.STOPPED:
        st.warning(_("The camera sends no pictures. If none come, stop it and start it again."), icon=":material/videocam_off:")
    elif phase is StreamPhase.LIVE and reader.view is not None:
        _show_view(reader, reader.view)
    else:
        st.info(
            _("Start the camera and hold handwritten digits before it. The number is read while you watch."), icon=":material/videocam:"
        )
    show_log(reader.log)


def _show_view(reader: LiveReader, view: LiveView) -> None:
    if view.reading.status == "ok":
        show_answer(view.reading)
    else:
        st.info(_("No digit in sight yet. Hold the paper still and near, in good light."), icon=":material/center_focus_weak:")
    offer_picture(view)
    if reader.frozen:
        show_digits(view.reading, key="webcam_held")
        return
    _show_flow(view)
    if view.reading.digits:
        show_probabilities(choose_digit([_rounded(digit) for digit in view.reading.digits], key="webcam"))


def _show_flow(view: LiveView) -> None:
    stats = view.stats
    st.caption(
        _("{rate} frames a second · {analysis} ms to read one · {age} ms old · {dropped} dropped").format(
            rate=number(stats.frames_per_second),
            analysis=number(stats.processing_ms),
            age=number(stats.delay_ms),
            dropped=number(stats.dropped),
        )
    )


def _rounded(digit: Digit) -> Digit:
    return replace(digit, probabilities=np.round(digit.probabilities, _DIGITS_SHOWN))
