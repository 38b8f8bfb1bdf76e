import sys

import pytest

from testing.fuzz import bounds
from testing.fuzz.bounds import MAX_PEAK_MIB, bounded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the peak of the memory is read from /proc")


def take(content):
    """Take as many MiB as the input says, and release them again."""
    bytearray(int(content) * 2**20)


def test_an_input_within_the_bounds_is_fine():
    bounded(take)(b"1")


def test_an_input_that_takes_much_memory_for_a_moment_is_a_finding():
    with pytest.raises(AssertionError, match="MiB"):
        bounded(take)(str(MAX_PEAK_MIB + 50).encode())


def test_an_earlier_peak_does_not_count():
    take(str(MAX_PEAK_MIB + 50).encode())
    bounded(take)(b"1")


def test_an_input_that_takes_long_is_a_finding(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_PROCESSOR_S", 0.0)
    with pytest.raises(AssertionError, match=r"s$"):
        bounded(take)(b"1")


def test_an_error_of_the_target_is_a_finding():
    with pytest.raises(ValueError, match="invalid literal"):
        bounded(take)(b"x")
