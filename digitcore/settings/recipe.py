"""Recipes: settings as a JSON object with a version.

The functions take the allowed values as a parameter, so that this module doesn't depend on the dataclass that uses it.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from digitcore.errors import SettingsError
from digitcore.messages import Message
from digitcore.settings.schema import Schema, is_allowed, shown_name, shown_value

RECIPE_VERSION: Final = 3
"""The version of the recipes that are written and read: it increases whenever a setting is added, removed or changes its meaning.

Recipes without a version are older than versions, and are read.
"""

_VERSION_KEY: Final = "version"


def write_recipe(values: Mapping[str, Any]) -> str:
    """Write a recipe.

    Args:
        values: The value of every setting by its name.

    Returns:
        A JSON object with the version and the values.
    """
    return json.dumps({_VERSION_KEY: RECIPE_VERSION, **values}, indent=2)


def parse_recipe(recipe: str | bytes, schema: Schema) -> dict[str, Any]:
    """Parse a recipe and check its version and names; the values are for the caller to check.

    Args:
        recipe: The JSON text, or its encoded bytes.
        schema: The allowed values of each setting.

    Returns:
        The values by name; settings that the recipe leaves out are missing.

    Raises:
        SettingsError: It isn't a JSON object, has a name that is unknown, or another version; the last with what differs.
    """
    try:
        values = json.loads(recipe)
    except (ValueError, RecursionError) as error:  # bad JSON, undecodable bytes, integers of thousands of digits, endless nesting
        raise SettingsError(Message("The recipe isn't JSON. Create one with `Settings().to_json()`.")) from error
    if not isinstance(values, dict):
        raise SettingsError(Message("A recipe must be a JSON object; received: {kind}.", kind=type(values).__name__))
    version = values.pop(_VERSION_KEY, RECIPE_VERSION)
    if version != RECIPE_VERSION:
        raise SettingsError(_other_version_message(version, values, schema))
    for name in values:
        if name not in schema:
            raise SettingsError(_unknown_name_message(name, schema))
    return values


def _unknown_name_message(name: str, schema: Schema) -> Message:
    return Message("There is no setting '{name}'. Allowed: {allowed}.", name=shown_name(name), allowed=", ".join(schema))


def _other_version_message(version: object, values: Mapping[str, Any], schema: Schema) -> Message:
    return Message(
        "This recipe has version {version}; only version {expected} can be read. {differences}",
        version=shown_value(version),
        expected=RECIPE_VERSION,
        differences=_differences_message(values, schema),
    )


def _differences_message(values: Mapping[str, Any], schema: Schema) -> Message:
    """List what in a recipe of another version doesn't fit the settings of this one."""
    unknown = [shown_name(name) for name in values if name not in schema]
    missing = [name for name in schema if name not in values]
    forbidden = [name for name, allowed in schema.items() if name in values and not is_allowed(values[name], allowed)]
    if not (unknown or missing or forbidden):
        return Message("Its settings have the same names, but their meaning may differ.")
    listed = {"unknown": ", ".join(unknown) or "–", "missing": ", ".join(missing) or "–", "forbidden": ", ".join(forbidden) or "–"}
    return Message("Unknown settings: {unknown}. Missing: {missing}. No longer allowed: {forbidden}.", **listed)
