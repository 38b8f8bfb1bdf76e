import sys

import psutil
import pytest

from digitcore.analysis.engine_benchmark import LITERT, TENSORFLOW, Comparison, Speed, compare, litert_command, measure, start_comparison
from digitcore.errors import MeasuringError

WAIT_S = 600


def command(source):
    """Return a command that runs some Python, in place of TensorFlow."""
    return [sys.executable, "-c", source]


MISSING = command('print(\'{"missing": "tensorflow"}\')')


def test_litert_is_measured_in_a_process_of_its_own():
    measured = measure(LITERT, litert_command())
    assert measured.median_ms > 0
    assert measured.startup_s > 0
    assert measured.memory_mib is None or 20 < measured.memory_mib < 400


def test_without_tensorflow_litert_is_still_measured_and_the_reason_is_given():
    comparison = compare({LITERT: litert_command(), TENSORFLOW: MISSING})
    assert comparison.litert.median_ms > 0
    assert comparison.tensorflow is None
    assert comparison.ratio is None
    assert "isn't installed" in comparison.why_not


@pytest.mark.slow
def test_a_process_that_takes_too_long_is_stopped():
    before = set(psutil.Process().children())
    with pytest.raises(MeasuringError, match="TensorFlow took longer than 1 seconds and was stopped"):
        measure(TENSORFLOW, command(f"import time; time.sleep({WAIT_S})"), time_limit_s=1.4)
    assert set(psutil.Process().children()) <= before


def test_a_process_that_fails_is_one_sentence_and_its_output_is_logged(caplog):
    with pytest.raises(MeasuringError, match="could not be measured"):
        measure(TENSORFLOW, command("raise RuntimeError('no such instruction')"))
    assert "no such instruction" in caplog.text


@pytest.mark.slow
def test_only_one_comparison_runs_at_a_time_and_the_next_may_follow():
    commands = {LITERT: litert_command(), TENSORFLOW: MISSING}
    first = start_comparison(commands)
    with pytest.raises(MeasuringError, match="Somebody else is measuring"):
        start_comparison(commands)
    assert first.result(WAIT_S).litert.median_ms > 0
    assert start_comparison(commands).result(WAIT_S).tensorflow is None


def test_a_comparison_that_fails_raises_and_the_next_may_follow():
    commands = {LITERT: ["/nowhere/python"], TENSORFLOW: MISSING}
    for _ in range(2):
        with pytest.raises(MeasuringError, match="LiteRT could not be measured"):
            start_comparison(commands).result(WAIT_S)


def test_the_ratio_is_of_times_for_one_digit():
    assert Comparison(Speed(0.3, 0.5, 70), Speed(6, 60, 740)).ratio == 120


def test_a_process_that_prints_no_json_is_one_sentence():
    with pytest.raises(MeasuringError, match="TensorFlow could not be measured"):
        measure(TENSORFLOW, command("print('ready')"))


def test_commands_run_in_the_folder_that_is_given(tmp_path):
    printed = '{"startup_s": 1, "median_ms": 2, "memory_mib": 3}'
    (tmp_path / "probe.py").write_text(f"print({printed!r})", encoding="utf-8")
    assert measure(TENSORFLOW, [sys.executable, "-m", "probe"], cwd=tmp_path) == Speed(1, 2, 3)
