"""The sample photographs, which `make samples` creates."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import numpy as np
import streamlit as st

from app.image_urls import data_url
from app.language import N_, _
from digitcore.io.decode import load_picture

SAMPLES_DIR: Final = Path(__file__).resolve().parents[1] / "samples"

SAMPLE_ID_PREFIX: Final = "sample:"
"""The beginning of every sample's image id."""

_THUMBNAIL_WIDTH_PX: Final = 155


class Sample(NamedTuple):
    """A sample's file name and title."""

    file: str
    title: str

    @property
    def sample_id(self) -> str:
        """Return its image id."""
        return f"{SAMPLE_ID_PREFIX}{self.file}"

    @property
    def content(self) -> bytes:
        """Return the encoded image."""
        return _read_file(self.file)


SAMPLES: Final = (
    Sample("pen.jpg", N_("Blue pen")),
    Sample("pencil.jpg", N_("Pencil")),
    Sample("chalk.jpg", N_("Chalk")),
    Sample("shadow.jpg", N_("Hard shadow")),
    Sample("page.jpg", N_("Whole page")),
)


def show_samples(select: Callable[[Sample], None], key: str) -> None:
    """Show all samples, each with a button.

    Args:
        select: called with the sample whose button is clicked.
        key: the prefix of the page's widget keys.
    """
    with st.container(horizontal=True, key="samples"):
        for sample in SAMPLES:
            with st.container(width=_THUMBNAIL_WIDTH_PX):
                title = _(sample.title)
                alt = _("A photograph of handwriting: {title}").format(title=title)
                st.image(_thumbnail_url(sample.file), alt=alt, width="stretch")
                st.button(title, on_click=select, args=(sample,), key=f"{key}_try_{sample.file}", width="stretch")


def is_sample(image_id: str) -> bool:
    """Return whether a sample has this image id."""
    return any(image_id == sample.sample_id for sample in SAMPLES)


@lru_cache(maxsize=len(SAMPLES))
def _read_file(file: str) -> bytes:
    return (SAMPLES_DIR / file).read_bytes()


@lru_cache(maxsize=len(SAMPLES))
def _thumbnail_url(file: str) -> str:
    """Return a sample at twice its width on the page, for screens with two pixels per CSS pixel."""
    pixels = load_picture(_read_file(file)).pixels
    scale = 2 * _THUMBNAIL_WIDTH_PX / pixels.shape[1]
    reduced = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return data_url(reduced.astype(np.uint8, copy=False), "jpeg")
