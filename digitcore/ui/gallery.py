"""Many pictures on one page: each read once, listed, and one of them shown in full."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
import streamlit as st

from digitcore import ImageError, Reading, annotate, read_image
from digitcore.ui.panels import show_answer, show_digits

READINGS_KEY: Final = "upload_readings"
"""What this visitor's pictures say, by the pictures' ids; forgotten with the session, or when a picture is removed."""

_PREVIEW_SIDE_PX: Final = 900


@dataclass(frozen=True, slots=True, eq=False)
class FileReading:
    """A file and what became of it."""

    name: str
    reading: Reading | None
    """Without its stages, which would take megabytes for each picture; None where the picture can't be read."""

    preview: npt.NDArray[np.uint8] | None
    """The picture with its digits marked, uint8 `(H, W, 3)` RGB."""

    error: str
    """Why it can't be read; else empty."""

    def to_row(self) -> dict[str, Any]:
        """A line of the overview."""
        says = {"blank": "nothing written", "no_digit": "no digit"}
        reading = self.reading
        return {"File": self.name, "Says": self.error if reading is None else reading.text or says[reading.status]}


def read_once(files: Sequence[tuple[str, str, bytes]]) -> list[FileReading]:
    """Read the files that weren't read before, and forget those that are gone.

    Args:
        files: for each its id, its name and its bytes.
    """
    known: dict[str, FileReading] = st.session_state.get(READINGS_KEY, {})
    readings = {file_id: known.get(file_id) or _read(name, encoded) for file_id, name, encoded in files}
    st.session_state[READINGS_KEY] = readings
    return list(readings.values())


def show_file(readings: Sequence[FileReading]) -> None:
    """The list of files where there are several, and one of them in full."""
    chosen = readings[0]
    if len(readings) > 1:
        st.dataframe([reading.to_row() for reading in readings], hide_index=True, width="stretch")
        index = st.selectbox("Show", range(len(readings)), format_func=lambda i: f"{i + 1}. {readings[i].name}", key="upload_show")
        chosen = readings[index]
    if chosen.reading is None or chosen.preview is None:
        st.error(chosen.error, icon=":material/error:")
        return
    picture, answer = st.columns([2, 3], gap="large")
    with picture:
        st.image(
            chosen.preview, caption="What was found", alt=f"The picture with its digits marked: {chosen.reading.text}", width="stretch"
        )
    with answer:
        show_answer(chosen.reading)
        show_digits(chosen.reading, key="upload")


def _read(name: str, encoded: bytes) -> FileReading:
    try:
        reading = read_image(encoded)
    except ImageError as error:
        return FileReading(name, None, None, str(error))
    marked = annotate(_preview(reading.stages[0].image), reading)
    return FileReading(name, replace(reading, stages=[]), marked, "")


def _preview(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Small pictures enlarged and large ones reduced to a size at which marks can be drawn legibly."""
    scale = _PREVIEW_SIDE_PX / max(image.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=how).astype(np.uint8, copy=False)
