"""Keep uploaded files in memory."""

import sys

from starlette.formparsers import MultiPartParser


def keep_uploads_in_memory() -> None:
    """Prevent Starlette from spooling uploads of more than 1 MB to temporary files: no picture may be written to disk.

    Streamlit's `server.maxUploadSize` still limits the size of a request's body.
    """
    MultiPartParser.spool_max_size = sys.maxsize
