"""Pictures to try with one click, made by this project (`make samples`)."""

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
"""What a sample's id begins with."""

_THUMBNAIL_PX: Final = 155


class Sample(NamedTuple):
    """A sample's file and what to call it."""

    file: str
    title: str

    @property
    def sample_id(self) -> str:
        """What it is called among a visit's pictures."""
        return f"{SAMPLE_ID_PREFIX}{self.file}"

    @property
    def content(self) -> bytes:
        """The encoded picture."""
        return _encoded(self.file)


SAMPLES: Final = (
    Sample("pen.jpg", N_("Blue pen")),
    Sample("pencil.jpg", N_("Pencil")),
    Sample("chalk.jpg", N_("Chalk")),
    Sample("shadow.jpg", N_("Hard shadow")),
    Sample("page.jpg", N_("Whole page")),
)


def show_samples(choose: Callable[[Sample], None], key: str) -> None:
    """All samples, each with its button; two abreast on a phone.

    Args:
        choose: called with the sample that was clicked.
        key: the page's prefix of widget keys.
    """
    with st.container(horizontal=True, key=f"{key}-samples"):
        for sample in SAMPLES:
            with st.container(width=_THUMBNAIL_PX):
                title = _(sample.title)
                alt = _("A photograph of handwriting: {title}").format(title=title)
                st.image(_thumbnail(sample.file), alt=alt, width="stretch")
                st.button(title, on_click=choose, args=(sample,), key=f"{key}_try_{sample.file}", width="stretch")


def is_sample(image_id: str) -> bool:
    """Whether there is a sample of this id."""
    return any(image_id == sample.sample_id for sample in SAMPLES)


@lru_cache(maxsize=len(SAMPLES))
def _encoded(file: str) -> bytes:
    return (SAMPLES_DIR / file).read_bytes()


@lru_cache(maxsize=len(SAMPLES))
def _thumbnail(file: str) -> str:
    """A sample at twice its size on the page, sharp on a phone too, as a `data:` address."""
    pixels = load_picture(_encoded(file)).pixels
    scale = 2 * _THUMBNAIL_PX / pixels.shape[1]
    reduced = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return data_url(reduced.astype(np.uint8, copy=False), "jpeg")
