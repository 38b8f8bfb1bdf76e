"""The numbers that the webcam has read, with their times."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from app.language import _, confidence, number
from digitcore.video.log import LOG_INTERVAL_S, NumberLog

SHOWN: Final = 8
"""So many of the newest are shown; the file has all."""


def show_log(log: NumberLog) -> None:
    """The newest entries, and whether they are taken by themselves."""
    title = _("Numbers read")
    st.markdown(f"**{title}**")
    every = _("Take a reading every {seconds} seconds").format(seconds=number(LOG_INTERVAL_S))
    log.periodic = st.toggle(every, value=log.periodic, key="webcam_by_time")
    if not log.entries:
        st.caption(_("Each new number is written down here with its time."))
        return
    newest = log.entries[: -SHOWN - 1 : -1]
    st.table(
        {
            _("Time"): [_local(entry.at) for entry in newest],
            _("Number"): [entry.text for entry in newest],
            _("Confidence"): [confidence(entry.confidence) for entry in newest],
        },
        border="horizontal",
        hide_index=True,
    )


def _local(at: datetime) -> str:
    """The time of day where the visitor is."""
    zone = st.context.timezone
    if not zone:
        return at.strftime("%H:%M:%S UTC")
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S")
