import time

import pytest

from digitcore.analysis import engine_benchmark as speed
from digitcore.analysis.engine_benchmark import Comparison, Speed, compare, measure, start_comparison
from digitcore.errors import MeasuringError

WAIT_S = 60


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Makes a package that measuring processes find in place of the real one."""

    def write(name, source):
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return write


MISSING = "raise ModuleNotFoundError(\"No module named 'tensorflow'\", name='tensorflow')"


def test_litert_is_measured_in_a_process_of_its_own():
    measured = measure(speed.LITERT)
    assert 0 < measured.median_ms < 50
    assert 0 < measured.startup_s < 30
    assert measured.memory_mib is None or 20 < measured.memory_mib < 400


def test_without_tensorflow_the_comparison_says_so_and_litert_is_measured_all_the_same(stand_in):
    stand_in("keras", MISSING)
    comparison = compare()
    assert comparison.litert.median_ms > 0
    assert comparison.tensorflow is None
    assert comparison.ratio is None
    assert "isn't installed" in comparison.why_not


def test_what_takes_too_long_is_stopped(stand_in):
    stand_in("keras", "import time; time.sleep(60)")
    start = time.monotonic()
    with pytest.raises(MeasuringError, match="TensorFlow took longer than 1 seconds and was stopped"):
        measure(speed.TENSORFLOW, time_limit_s=1.4)
    assert time.monotonic() - start < 10


def test_what_fails_is_one_sentence(stand_in, caplog):
    stand_in("keras", "raise RuntimeError('no such instruction')")
    with pytest.raises(MeasuringError, match="could not be measured"):
        measure(speed.TENSORFLOW)
    assert "no such instruction" in caplog.text


def test_only_one_comparison_at_a_time_and_the_next_may_follow(stand_in):
    stand_in("keras", MISSING)
    first = start_comparison()
    with pytest.raises(MeasuringError, match="Somebody else is measuring"):
        start_comparison()
    assert first.result(WAIT_S).litert.median_ms > 0
    assert start_comparison().result(WAIT_S).tensorflow is None


def test_a_comparison_that_fails_tells_and_lets_the_next_one_in(monkeypatch):
    monkeypatch.setattr(speed.sys, "executable", "/nowhere/python")
    for _ in range(2):
        with pytest.raises(MeasuringError, match="LiteRT could not be measured"):
            start_comparison().result(WAIT_S)


def test_the_ratio_is_of_times_for_one_digit():
    assert Comparison(Speed(0.3, 0.5, 70), Speed(6, 60, 740)).ratio == 120
