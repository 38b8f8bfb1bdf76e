"""Load what the first visitor needs before the first visitor comes."""

import gc
import importlib
from typing import Final

import numpy as np

from digitcore.api import LazyApi
from digitcore.recognition.model_input import CLASS_COUNT

PRELOADED_MODULES: Final = ("pandas", "pyarrow", "altair", "babel.numbers", "aiortc")
"""Modules that take long to import and that the first page or the first reading needs."""


def preload(api: LazyApi) -> None:
    """Import slow modules, validate one chart, which loads Altair's schema, and load the API.

    All objects that exist afterwards are permanent, so they are excluded from garbage collection: Streamlit collects after every run of
    a script, and over all modules that would block every other thread, video included, for 40 ms.

    Args:
        api: the API to load.
    """
    for name in PRELOADED_MODULES:
        importlib.import_module(name)
    charts = importlib.import_module("digitcore.charts")
    charts.probability_chart(np.full(CLASS_COUNT, 1 / CLASS_COUNT, np.float32)).to_dict()
    api.load()
    gc.collect()
    gc.freeze()
