import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from digitcore.api import Gauge
from digitcore.api.metrics import CONTENT_TYPE, READ_TIME_BUCKETS_S, Metrics
from digitcore.results import Status
from digitcore.workers.reader import EncodedReading


def families(metrics):
    """Return the families of the metrics in Prometheus's text format, by name."""
    return {family.name: family for family in text_string_to_metric_families(metrics.to_text().decode())}


def samples(metrics):
    """Return the values of the project's own metrics, by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for name, family in families(metrics).items()
        for sample in family.samples
        if name.startswith("digits_") and not sample.name.endswith("_created")
    }


def reading(status, accepted, rejected, separators=0):
    return EncodedReading(b"{}", status, accepted, separators, rejected)


def test_the_media_type_is_that_of_prometheus_text_format():
    assert CONTENT_TYPE == "text/plain; version=0.0.4; charset=utf-8"


def test_each_metric_is_described():
    described = families(Metrics({"digits_streams": Gauge("Live videos.", lambda: 2)})).values()
    own = [each for each in described if each.name.startswith("digits_") and not each.name.endswith("_created")]
    assert {each.name: (each.type, each.documentation) for each in own} == {
        "digits_readings": ("counter", "Pictures read over HTTP, by the status of the reading."),
        "digits_marks": ("counter", "Marks in these pictures: accepted, separators or refused."),
        "digits_http_errors": ("counter", "Failed requests, by HTTP status."),
        "digits_read_seconds": ("histogram", "Time from a request for a reading to its response."),
        "digits_streams": ("gauge", "Live videos."),
    }


def test_the_server_process_is_measured():
    assert families(Metrics({}))["process_resident_memory_bytes"].samples[0].value > 1e6


def test_metrics_of_other_packages_are_neither_shown_nor_joined():
    metrics = Metrics({"digits_streams": Gauge("Live videos.", lambda: 2)})
    assert "python_info" not in families(metrics)
    assert not [family.name for family in REGISTRY.collect() if family.name.startswith("digits_")]


def test_two_applications_count_apart():
    first, second = Metrics({}), Metrics({})
    first.record_reading(reading(Status.OK, 1, 0))
    assert ("digits_readings_total", "ok") not in samples(second)


def test_a_gauge_is_read_with_each_request():
    values = iter([2, 3.5])
    metrics = Metrics({"digits_streams": Gauge("Live videos.", lambda: next(values)), "digits_one": Gauge("One.", lambda: 1)})
    assert samples(metrics)["digits_streams",] == 2
    assert samples(metrics)["digits_streams",] == 3.5


def test_readings_are_counted_by_status_with_their_marks():
    metrics = Metrics({})
    for each in (reading(Status.OK, 3, 1, 2), reading(Status.OK, 2, 0), reading(Status.NO_DIGIT, 0, 4), reading(Status.BLANK, 0, 0)):
        metrics.record_reading(each)
    counted = samples(metrics)
    assert {key: value for key, value in counted.items() if key[0] in ("digits_readings_total", "digits_marks_total")} == {
        ("digits_readings_total", "ok"): 2,
        ("digits_readings_total", "no_digit"): 1,
        ("digits_readings_total", "blank"): 1,
        ("digits_marks_total", "accepted"): 5,
        ("digits_marks_total", "separator"): 2,
        ("digits_marks_total", "refused"): 5,
    }


@pytest.mark.parametrize(("status", "count"), [(200, None), (399, None), (400, 1), (499, 1), (503, 1)])
@pytest.mark.parametrize("is_reading", [True, False])
def test_a_request_has_failed_from_status_400_on(status, count, is_reading):
    metrics = Metrics({})
    metrics.record_response(status, 0.5, is_reading=is_reading)
    assert samples(metrics).get(("digits_http_errors_total", str(status))) == count


def test_failed_requests_are_counted_by_status():
    metrics = Metrics({})
    for status in (404, 503, 404):
        metrics.record_response(status, 0.5, is_reading=False)
    assert {key: value for key, value in samples(metrics).items() if "errors" in key[0]} == {
        ("digits_http_errors_total", "404"): 2,
        ("digits_http_errors_total", "503"): 1,
    }


def test_only_readings_that_succeed_are_timed():
    metrics = Metrics({})
    metrics.record_response(200, 0.03, is_reading=True)
    metrics.record_response(200, 0.5, is_reading=True)
    metrics.record_response(200, 7, is_reading=False)
    metrics.record_response(503, 7, is_reading=True)
    timed = samples(metrics)
    assert timed["digits_read_seconds_count",] == 2
    assert timed["digits_read_seconds_sum",] == pytest.approx(0.53)
    assert (timed["digits_read_seconds_bucket", "0.025"], timed["digits_read_seconds_bucket", "0.05"]) == (0, 1)
    assert (timed["digits_read_seconds_bucket", "0.4"], timed["digits_read_seconds_bucket", "0.8"]) == (1, 2)


def test_the_times_are_sorted_into_buckets_up_to_a_full_queue():
    bounds = [key[1] for key in samples(Metrics({})) if key[0] == "digits_read_seconds_bucket"]
    assert bounds == [*map(str, READ_TIME_BUCKETS_S), "+Inf"]
