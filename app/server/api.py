"""Create the HTTP API that is served together with the pages."""

import sys

from starlette.routing import BaseRoute, Mount
from streamlit import config

from app.webcam.slots import stream_slots
from digitcore import SettingsError
from digitcore.api import ApiSettings, Gauge, LazyApi


def create_api() -> LazyApi:
    """Create the API from the settings in the environment.

    Returns:
        The API, not yet loaded: FastAPI is imported at the first request, or by `digitcore.api.LazyApi.load`.

    Raises:
        SystemExit: A setting in the environment is invalid; its message names the setting.
    """
    try:
        settings = ApiSettings.from_environment()
    except SettingsError as error:
        sys.exit(f"digitcore: {error}")
    return LazyApi(settings, {"digits_streams": Gauge("Live videos being read.", lambda: stream_slots().in_use)})


def api_routes(api: LazyApi) -> list[BaseRoute]:
    """Return the routes of the API, at the root of the server, and below the base path of the pages, where they look for it.

    Args:
        api: the API.
    """
    base = config.get_option("server.baseUrlPath").strip("/")
    return [*api.routes, Mount(f"/{base}", routes=api.routes)] if base else api.routes
