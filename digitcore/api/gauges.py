"""Describe gauges for `/api/v1/metrics` without importing the Prometheus client, which only the first request needs."""

from collections.abc import Callable
from typing import NamedTuple


class Gauge(NamedTuple):
    """A number that is read when the metrics are requested.

    Examples:
        >>> Gauge("Pictures waiting to be read.", lambda: 3).read()
        3
    """

    description: str
    """The help text of the metric."""

    read: Callable[[], float]
    """Return the current value; called on any thread."""
