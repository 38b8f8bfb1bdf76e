"""What there is to watch, as Prometheus takes it. The registry is our own, so that nothing else in the process slips in."""

from collections.abc import Callable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from digitcore.workers.reader import EncodedReading

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4

BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
"""From a digit of 28×28 pixels on an idle server to the largest photo at the end of a queue."""


class Metrics:
    """Counters and gauges of one API. Safe for many threads."""

    def __init__(self, gauges: Mapping[str, tuple[str, Callable[[], float]]]) -> None:
        """Args: gauges: by name, what they tell and who knows it."""
        self._registry: Final = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._readings = Counter("digits_readings", "Pictures read over HTTP, by what they said.", ["status"], registry=self._registry)
        self._marks = Counter("digits_marks", "Marks in them, accepted as digits or refused.", ["verdict"], registry=self._registry)
        self._errors = Counter("digits_http_errors", "Requests that failed, by HTTP status.", ["status"], registry=self._registry)
        self._seconds = Histogram(
            "digits_read_seconds", "From a request for a reading to its answer.", buckets=BUCKETS_S, registry=self._registry
        )
        for name, (what, ask) in gauges.items():
            Gauge(name, what, registry=self._registry).set_function(ask)

    def count_reading(self, reading: EncodedReading) -> None:
        """One more picture is read."""
        self._readings.labels(reading.status).inc()
        self._marks.labels("accepted").inc(reading.accepted_count)
        self._marks.labels("refused").inc(reading.rejected_count)

    def count_answer(self, status: int, elapsed_s: float, *, is_reading: bool) -> None:
        """One more request is answered."""
        if status >= 400:  # HTTP's own border
            self._errors.labels(status).inc()
        elif is_reading:
            self._seconds.observe(elapsed_s)

    def text(self) -> bytes:
        """All of it in Prometheus's text format."""
        return generate_latest(self._registry)
