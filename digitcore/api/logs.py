"""Log each request as one line of JSON, without the picture's content, its file name, the recipe, or the client's address."""

import sys
from typing import Any, Final, Protocol

import structlog

MAX_LOGGED_PATH_LENGTH: Final = 200
"""The characters of a request's path that are logged; an attacker chooses how long it is."""


class Logger(Protocol):
    """The part of a structlog logger that the API uses."""

    def info(self, event: str, **fields: Any) -> Any:
        """Log a request."""

    def error(self, event: str, **fields: Any) -> Any:
        """Log a fault of the server."""


def create_logger(*, log_requests: bool) -> Logger:
    """Create a logger that writes lines of JSON to standard output.

    Args:
        log_requests: whether requests are logged; faults of the server always are.

    Returns:
        The logger.
    """
    logger: Logger = structlog.wrap_logger(
        structlog.WriteLogger(sys.stdout),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info" if log_requests else "error"),
    )
    return logger
