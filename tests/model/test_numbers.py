import pytest

from digitcore import default_classifier
from model import numbers
from model.numbers import SeparatorCounts, count_separators, summary

pytestmark = pytest.mark.slow

WRITERS = range(2_000, 2_040)


@pytest.mark.parametrize(
    ("written", "read", "counts"),
    [
        ("12.50", "12.50", (1, 1, 0, 0)),
        ("12.50", "1250", (1, 0, 0, 0)),
        ("12.50", "12,50", (1, 0, 0, 0)),
        ("12.50", "12.60", (1, 1, 0, 0)),
        ("1/2/3", "1/213", (2, 1, 0, 0)),
        ("123", "12.3", (0, 0, 1, 1)),
        ("123", "12?", (0, 0, 1, 0)),
    ],
)
def test_separators_are_counted_in_aligned_texts(written, read, counts):
    assert count_separators(written, read) == SeparatorCounts(*counts)


def test_the_summary_is_in_percent():
    found = summary([("1.2", "1.2"), ("1.2", "12"), ("12", "12"), ("12", "1-2")])
    assert found == {"count": 4, "separators": 2, "found_pct": 50.0, "invented_pct": 50.0, "whole_pct": 50.0}


def test_separators_of_drawings_are_found():
    pairs = [(text, numbers.written_text(reading)) for text, reading in numbers.read_drawings(default_classifier(), WRITERS)]
    assert summary(pairs)["found_pct"] >= 92
    assert summary(pairs)["invented_pct"] == 0


def test_separators_of_pages_are_found():
    pairs = [pair for page in numbers.read_pages(default_classifier(), WRITERS[:12]) for pair in page]
    assert summary(pairs)["found_pct"] >= 85


def test_drawings_and_pages_are_measured(monkeypatch):
    monkeypatch.setattr(numbers, "DRAWINGS", 3)
    monkeypatch.setattr(numbers, "PAGES", 2)
    measured = numbers.measure_numbers(default_classifier())
    assert measured["drawings"]["count"] == 3
    assert set(measured["pages"]) == {"count", "separators", "found_pct", "invented_pct", "whole_pct"}
