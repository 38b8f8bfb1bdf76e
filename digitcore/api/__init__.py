"""The HTTP API of the core, an ASGI application that any server can mount.

`docs/api.md` describes how to call it, and its settings.
"""

from digitcore.api.gauges import Gauge
from digitcore.api.service import LazyApi
from digitcore.api.settings import ApiSettings

__all__ = ["ApiSettings", "Gauge", "LazyApi"]
