"""Describe gauges for `/api/v1/metrics` without importing the Prometheus client, which only the first request needs."""

from collections.abc import Callable
from typing import NamedTuple


class Gauge(NamedTuple):
    """A number that is read at the moment in which the metrics are requested."""

    description: str
    """The help text of the metric."""

    read: Callable[[], float]
    """Return the current value; called on any thread."""
