from dataclasses import dataclass

import pytest

from digitcore.parameters import ParameterGroup, iterate_parameters, parameter, replace_parameter
from digitcore.pipeline_params import PipelineParams


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerParams(ParameterGroup):
    count: int = parameter(3, 1, 9, unit="count", reason="three of three")


@dataclass(frozen=True, slots=True, kw_only=True)
class OuterParams(ParameterGroup):
    share: float = parameter(0.5, 0.0, 1.0, unit="share", reason="a half")
    inner: InnerParams = InnerParams()


def test_numbers_of_groups_in_groups_are_iterated_in_order():
    assert [(name, value, known.unit) for name, value, known in iterate_parameters(OuterParams())] == [
        ("share", 0.5, "share"),
        ("inner.count", 3, "count"),
    ]


def test_one_number_is_replaced_and_the_group_stays_as_it_is():
    outer = OuterParams()
    changed = replace_parameter(outer, "inner.count", 4)
    assert (changed.inner.count, changed.share, outer.inner.count) == (4, 0.5, 3)
    assert replace_parameter(outer, "share", 0.25) == OuterParams(share=0.25)


@pytest.mark.parametrize(("name", "value"), [("share", 1.01), ("share", -0.01), ("share", float("nan")), ("inner.count", 0)])
def test_a_number_out_of_its_range_is_refused(name, value):
    with pytest.raises(ValueError, match=f"expected {name.split('.')[-1]} from"):
        replace_parameter(OuterParams(), name, value)


def test_a_count_is_an_integer():
    with pytest.raises(ValueError, match="expected count as an integer, received"):
        InnerParams(count=2.5)


@pytest.mark.parametrize("name", ["size", "inner.size", "size.count"])
def test_an_unknown_number_is_refused(name):
    with pytest.raises((AttributeError, TypeError), match="size"):
        replace_parameter(OuterParams(), name, 1)


def test_each_number_of_the_pipeline_has_a_unit_a_reason_and_a_range_around_its_value():
    for name, value, known in iterate_parameters(PipelineParams()):
        assert all((known.unit, known.reason)), name
        assert known.low < known.high, name
        assert known.low <= value <= known.high, name
