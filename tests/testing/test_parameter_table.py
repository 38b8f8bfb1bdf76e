from dataclasses import dataclass
from pathlib import Path

import pytest

from digitcore.parameters import ParameterGroup, iterate_parameters, parameter
from digitcore.pipeline_params import PipelineParams
from testing.parameter_table import document, read_meanings

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlantParams(ParameterGroup):
    """Parameters of the slant."""

    max_slope: float = parameter(1 / 3, 0.0, 2.0, unit="pixels per pixel", reason="measured | guessed")
    """Greatest slope,
    in either direction."""

    point_count: int = parameter(50_000, 1, 10**6, unit="count", reason="time")
    """Number of points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BareParams(ParameterGroup):
    known: int = parameter(1, 0, 2, unit="count", reason="one")
    """Known."""

    bare: int = parameter(1, 0, 2, unit="count", reason="one")

    slant: SlantParams = SlantParams()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllParams(ParameterGroup):
    slant_of_words: SlantParams = SlantParams()


def test_the_committed_table_is_that_of_the_pipeline():
    committed = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert committed == document(PipelineParams()), "write it anew: python -m testing.parameter_table docs/parameters.md"


def test_every_number_of_the_pipeline_has_a_row():
    rows = [line.split("`")[1].split(".")[-1] for line in document(PipelineParams()).splitlines() if line.startswith("| `")]
    assert rows == [name.split(".")[-1] for name, _, _ in iterate_parameters(PipelineParams())]


def test_a_group_is_a_section_with_a_row_for_each_number():
    assert document(AllParams()).split("\n## ")[1].splitlines() == [
        "slant of words",
        "",
        "`slant_of_words`. Parameters of the slant.",
        "",
        "| name | value | range | unit | meaning | reason |",
        "|---|---|---|---|---|---|",
        "| `max_slope` | 0.333333 | 0 to 2 | pixels per pixel | Greatest slope, in either direction | measured \\| guessed |",
        "| `point_count` | 50,000 | 1 to 1,000,000 | count | Number of points | time |",
    ]


def test_meanings_are_the_docstrings_below_the_fields():
    assert read_meanings(SlantParams) == {"max_slope": "Greatest slope, in either direction.", "point_count": "Number of points."}
    assert read_meanings(BareParams) == {"known": "Known."}


def test_a_number_without_a_meaning_is_refused():
    with pytest.raises(ValueError, match=r"expected a docstring below BareParams\.bare"):
        document(BareParams())
