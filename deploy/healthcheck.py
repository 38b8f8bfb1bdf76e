"""The container's health check: exit code 0 once the app answers that it is ready. No curl, no package, no file written."""

import http.client
import json
import os
import sys
from typing import Final

PATH: Final = "/api/v1/health"
TIMEOUT_S: Final = 4
"""Less than the five seconds that the Dockerfile gives."""

EVERYWHERE: Final = ("", "0.0.0.0", "::")  # noqa: S104  compared, not bound


def main() -> int:
    """Ask the app where it listens; 0 if it is ready, else 1, and what it said in one line."""
    address = os.environ.get("STREAMLIT_SERVER_ADDRESS", "")
    host = "127.0.0.1" if address in EVERYWHERE else address
    connection = http.client.HTTPConnection(host, int(os.environ.get("STREAMLIT_SERVER_PORT", "8501")), timeout=TIMEOUT_S)
    try:
        connection.request("GET", PATH)
        answer = connection.getresponse()
        health = json.load(answer)
    except (OSError, http.client.HTTPException, ValueError) as error:
        print(f"no answer: {error}")
        return 1
    print(answer.status, health)
    ready = answer.status == http.HTTPStatus.OK and isinstance(health, dict) and health.get("status") == "ok"
    return int(not ready)


if __name__ == "__main__":
    sys.exit(main())
