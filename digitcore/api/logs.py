"""A line of JSON for each request: never what a picture shows, nor what its file is called, nor who sent it."""

import sys
from typing import Any, Final, Protocol

import structlog

LONGEST_PATH: Final = 200
"""Characters of an address that are repeated."""


class Log(Protocol):
    """What takes lines."""

    def info(self, event: str, **fields: Any) -> Any:
        """For what is as it should be."""

    def error(self, event: str, **fields: Any) -> Any:
        """For a fault of ours."""


def make_log(*, on: bool) -> Log:
    """What writes to standard output: each request where that is switched on, and faults of ours in any case."""
    log: Log = structlog.wrap_logger(
        structlog.WriteLogger(sys.stdout),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info" if on else "error"),
    )
    return log
