"""The HTTP face of the core, an ASGI application: knows nothing of the pages beside which it is served.

`docs/api.md` says how to call it, and what its host can set.
"""

from digitcore.api.service import Api
from digitcore.api.settings import ApiSettings

__all__ = ["Api", "ApiSettings"]
