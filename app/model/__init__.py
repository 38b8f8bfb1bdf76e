"""The parts of the Model page: the model card as charts and tables, and a speed measurement on this server."""

from collections.abc import Mapping
from typing import Any

Card = Mapping[str, Any]
"""A model card, or one of its objects, as `json.load` returns it."""
