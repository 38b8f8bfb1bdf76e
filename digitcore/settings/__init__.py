"""The settings of the reading pipeline: which there are, which values they may have, and how they are stored.

`schema` describes and checks single values, `settings` holds the frozen dataclass, `recipe` its JSON form and `query` its form in a URL.
"""

from digitcore.settings.query import from_query, to_query
from digitcore.settings.recipe import RECIPE_VERSION
from digitcore.settings.schema import Allowed, Choices, Interval, NumberList, Range, parse_interval
from digitcore.settings.settings import (
    ANSWER,
    DEFAULT_MIN_STROKE_SHARE,
    DEFAULT_UNSURE_BELOW,
    MAX_ALLOWED_NUMBERS,
    MAX_NUMBER_DIGITS,
    Settings,
    allowed_values,
    setting_names,
    settings_of_stage,
)

__all__ = [
    "ANSWER",
    "DEFAULT_MIN_STROKE_SHARE",
    "DEFAULT_UNSURE_BELOW",
    "MAX_ALLOWED_NUMBERS",
    "MAX_NUMBER_DIGITS",
    "RECIPE_VERSION",
    "Allowed",
    "Choices",
    "Interval",
    "NumberList",
    "Range",
    "Settings",
    "allowed_values",
    "from_query",
    "parse_interval",
    "setting_names",
    "settings_of_stage",
    "to_query",
]
