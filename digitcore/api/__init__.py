"""The HTTP API of the core, an ASGI application that any server can mount.

`docs/api.md` describes how to call it, and its settings. It needs the extra `api` of the package.
"""

from importlib.util import find_spec
from typing import Final

from digitcore.errors import MissingExtraError

REQUIRED_PACKAGES: Final = (
    *("asgi_correlation_id", "fastapi", "loky", "prometheus_client", "psutil", "pydantic_settings", "python_multipart", "starlette"),
    *("structlog", "throttled", "uvicorn"),
)
"""The packages of the extra `api` that this package imports, some of them only with the first request."""

if not all(map(find_spec, REQUIRED_PACKAGES)):
    raise MissingExtraError.for_extra("api")

from digitcore.api.gauges import Gauge  # noqa: E402  after the check, which names the remedy
from digitcore.api.service import LazyApi  # noqa: E402
from digitcore.api.settings import ApiSettings  # noqa: E402

__all__ = ["ApiSettings", "Gauge", "LazyApi"]
