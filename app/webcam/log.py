"""The log of the numbers that the camera has read, with their times."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from app.charts import show_table
from app.language import _, confidence, number
from digitcore.video.log import LOG_INTERVAL_S, NumberLog

MAX_ENTRIES_SHOWN: Final = 8
"""The newest entries are shown; the CSV file has all."""


def show_log(log: NumberLog) -> None:
    """Show the newest entries, and the switch that logs a reading at regular intervals."""
    st.markdown("**" + _("Numbers read") + "**")
    label = _("Log a reading every {seconds} seconds").format(seconds=number(LOG_INTERVAL_S))
    log.periodic = st.toggle(label, value=log.periodic, key="webcam_by_time")
    if not log.entries:
        st.caption(_("Each new number is logged here with its time."))
        return
    newest = log.entries[: -MAX_ENTRIES_SHOWN - 1 : -1]
    columns = {
        _("Read at"): [_local_time(entry.at) for entry in newest],
        _("Number"): [entry.text for entry in newest],
        _("Confidence"): [confidence(entry.confidence) for entry in newest],
    }
    show_table(columns, collapsed=False)


def _local_time(at: datetime) -> str:
    """Format the time of day in the visitor's time zone, or in UTC if that is unknown."""
    zone = st.context.timezone
    if not zone:
        return at.strftime("%H:%M:%S UTC")
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S")
