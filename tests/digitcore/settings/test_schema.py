import numpy as np
import pytest

from digitcore import SettingsError
from digitcore.settings import Choices, Range, Settings, allowed_values, setting_names
from digitcore.settings.schema import check, is_allowed


def test_every_setting_has_allowed_values_and_a_default_among_them():
    for name in setting_names():
        allowed, default = allowed_values(name), getattr(Settings(), name)
        assert isinstance(allowed, Choices | Range)
        assert default in allowed.names if isinstance(allowed, Choices) else allowed.low <= default <= allowed.high


@pytest.mark.parametrize(
    ("value", "allowed"),
    [
        (1, Range(1, 32, is_integer=True)),
        (32, Range(1, 32, is_integer=True)),
        (1, Range(0.0, 1.0, is_integer=False)),
        (0.0, Range(0.0, 1.0, is_integer=False)),
        ("a", Choices(("a", "b"))),
    ],
)
def test_values_within_the_bounds_are_allowed(value, allowed):
    assert is_allowed(value, allowed)
    check("any", value, allowed)


@pytest.mark.parametrize(
    ("value", "allowed", "message"),
    [
        (0, Range(1, 32, is_integer=True), "The setting 'any' must be an integer from 1 to 32, not 0."),
        (2.0, Range(1, 32, is_integer=True), "The setting 'any' must be an integer from 1 to 32, not 2.0."),
        (True, Range(1, 32, is_integer=True), "The setting 'any' must be an integer from 1 to 32, not True."),
        (np.nan, Range(0.0, 1.0, is_integer=False), "The setting 'any' must be a number from 0.0 to 1.0, not nan."),
        (None, Range(0.0, 1.0, is_integer=False), "The setting 'any' must be a number from 0.0 to 1.0, not None."),
        ("c", Choices(("a", "b")), "The setting 'any' can't be 'c'. Allowed: a, b."),
        (["a"], Choices(("a", "b")), r"The setting 'any' can't be \['a'\]. Allowed: a, b."),
        ("c" * 50, Choices(("a",)), "The setting 'any' can't be 'c{39}…. Allowed: a."),
    ],
)
def test_any_other_value_is_rejected_with_what_is_allowed(value, allowed, message):
    assert not is_allowed(value, allowed)
    with pytest.raises(SettingsError, match=f"^{message}$"):
        check("any", value, allowed)
