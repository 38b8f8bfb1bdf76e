"""Pictures to try with one click, made by this project (`make samples`)."""

from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import numpy as np
import streamlit as st

from digitcore.images import load_picture
from digitcore.ui.pictures import data_url

SAMPLES_DIR: Final = Path(__file__).resolve().parents[2] / "samples"
CHOSEN_KEY: Final = "upload_sample"

_THUMBNAIL_PX: Final = 155


class Sample(NamedTuple):
    """A sample's file and what to call it."""

    file: str
    title: str


SAMPLES: Final = (
    Sample("pen.jpg", "Blue pen"),
    Sample("pencil.jpg", "Pencil"),
    Sample("chalk.jpg", "Chalk"),
    Sample("shadow.jpg", "Hard shadow"),
)


def show_samples() -> None:
    """All samples, each with its button; two abreast on a phone."""
    st.caption("Samples to try:")
    with st.container(horizontal=True):
        for sample in SAMPLES:
            with st.container(width=_THUMBNAIL_PX):
                st.image(_thumbnail(sample.file), alt=f"A photographed digit: {sample.title}", width="stretch")
                st.button(sample.title, on_click=_choose, args=(sample.file,), key=f"upload_try_{sample.file}", width="stretch")


def chosen_sample() -> tuple[str, str, bytes] | None:
    """The sample that was clicked last as `(id, name, encoded picture)`, if any since the last upload."""
    file = st.session_state.get(CHOSEN_KEY)
    return (f"sample:{file}", file, (SAMPLES_DIR / file).read_bytes()) if file else None


def forget_sample() -> None:
    """After an upload: what was dropped last is what is shown."""
    st.session_state.pop(CHOSEN_KEY, None)


@lru_cache(maxsize=len(SAMPLES))
def _thumbnail(file: str) -> str:
    """A sample at twice its size on the page, sharp on a phone too, as a `data:` address."""
    pixels = load_picture((SAMPLES_DIR / file).read_bytes()).pixels
    scale = 2 * _THUMBNAIL_PX / pixels.shape[1]
    reduced = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return data_url(reduced.astype(np.uint8, copy=False), "jpeg")


def _choose(file: str) -> None:
    st.session_state[CHOSEN_KEY] = file
