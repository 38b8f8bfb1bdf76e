"""What the server does before its first visitor: keep uploads in memory, and have the network ready."""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from starlette.formparsers import MultiPartParser

from digitcore import ModelError, default_classifier

ROUTER_PATH: Final = Path(__file__).resolve().parent / "router.py"

_logger = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Around the server's life. A missing network doesn't stop it: every page then says how to mend it."""
    keep_uploads_in_memory()
    try:
        default_classifier()
    except ModelError as error:
        _logger.error("%s", error)
    yield {}


def keep_uploads_in_memory() -> None:
    """Starlette moves uploads of more than 1 MB into a temporary file; no picture may touch a disk here.

    The body's size is bounded all the same, by Streamlit's `server.maxUploadSize`.
    """
    MultiPartParser.spool_max_size = sys.maxsize
