"""Check the container's health: exit code 0 once the app can read pictures. Standard library only, and no file is written."""

import http.client
import json
import os
import sys
from typing import Final

HEALTH_PATH: Final = "/api/v1/health"

TIMEOUT_S: Final = 4
"""Below the timeout of five seconds in the Dockerfile, so that the reason of a failure is printed."""

ALL_INTERFACES: Final = ("", "0.0.0.0", "::")  # noqa: S104  compared, not bound
"""The values of `STREAMLIT_SERVER_ADDRESS` for which the app listens on the loopback interface, too."""


def main() -> int:
    """Request the app's health and print the answer in one line.

    Returns:
        The exit code: 0 if the app is ready, otherwise 1.
    """
    address = os.environ.get("STREAMLIT_SERVER_ADDRESS", "")
    host = "127.0.0.1" if address in ALL_INTERFACES else address
    connection = http.client.HTTPConnection(host, int(os.environ.get("STREAMLIT_SERVER_PORT", "8501")), timeout=TIMEOUT_S)
    try:
        connection.request("GET", HEALTH_PATH)
        response = connection.getresponse()
        health = json.load(response)
    except (OSError, http.client.HTTPException, ValueError) as error:
        print(f"no answer: {error}")
        return 1
    print(response.status, health)
    is_ready = response.status == http.HTTPStatus.OK and isinstance(health, dict) and health.get("status") == "ok"
    return int(not is_ready)


if __name__ == "__main__":
    sys.exit(main())
