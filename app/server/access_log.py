"""Keep drawings out of uvicorn's access log: a link to a drawing contains it in its query."""

import logging
from typing import Final

ACCESS_LOGGER: Final = "uvicorn.access"

_PATH_INDEX: Final = 2
"""The position of the path among the arguments of a record: client, method, path with query, HTTP version, status."""


class HideQueries(logging.Filter):
    """A filter that removes the query from the path in each record of uvicorn's access log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a record; all are logged."""
        if isinstance(record.args, tuple):
            record.args = tuple(_without_query(each) if index == _PATH_INDEX else each for index, each in enumerate(record.args))
        return True


def hide_queries() -> None:
    """Remove queries from the access log of this process, whether it is configured already or only later."""
    logger = logging.getLogger(ACCESS_LOGGER)
    if not any(isinstance(each, HideQueries) for each in logger.filters):
        logger.addFilter(HideQueries())


def _without_query(path: object) -> object:
    return path.partition("?")[0] if isinstance(path, str) else path
