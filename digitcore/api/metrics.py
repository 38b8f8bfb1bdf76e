"""Count requests and readings for Prometheus, in a registry of its own so that no other package's metrics are exposed."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from digitcore.api.gauges import Gauge
from digitcore.workers.reader import EncodedReading

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
"""The media type of Prometheus's text format."""

READ_TIME_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
"""The upper bounds of the histogram: from an image of 28×28 pixels on an idle server to the largest photo at the end of a full queue."""


class Metrics:
    """The metrics of one application. Safe for use from many threads."""

    def __init__(self, gauges: Mapping[str, Gauge]) -> None:
        """Register all metrics.

        Args:
            gauges: further metrics by name.
        """
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._registry: Final = registry
        self._readings = Counter("digits_readings", "Pictures read over HTTP, by the status of the reading.", ["status"], registry=registry)
        self._marks = Counter("digits_marks", "Marks in these pictures: accepted, separators or refused.", ["verdict"], registry=registry)
        self._errors = Counter("digits_http_errors", "Failed requests, by HTTP status.", ["status"], registry=registry)
        self._read_time_s = Histogram(
            "digits_read_seconds", "Time from a request for a reading to its response.", buckets=READ_TIME_BUCKETS_S, registry=registry
        )
        for name, gauge in gauges.items():
            prometheus_client.Gauge(name, gauge.description, registry=registry).set_function(gauge.read)

    def record_reading(self, reading: EncodedReading) -> None:
        """Count a reading and its marks.

        Args:
            reading: as a worker process returns it.
        """
        self._readings.labels(reading.status).inc()
        self._marks.labels("accepted").inc(reading.accepted_count)
        self._marks.labels("separator").inc(reading.separator_count)
        self._marks.labels("refused").inc(reading.rejected_count)

    def record_response(self, status: int, elapsed_s: float, *, is_reading: bool) -> None:
        """Count a failed request, or record how long a reading took.

        Args:
            status: the HTTP status of the response.
            elapsed_s: the seconds from request to response.
            is_reading: whether it was a request for a reading.
        """
        if status >= HTTPStatus.BAD_REQUEST:
            self._errors.labels(status).inc()
        elif is_reading:
            self._read_time_s.observe(elapsed_s)

    def to_text(self) -> bytes:
        """Return all metrics in Prometheus's text format."""
        return generate_latest(self._registry)
